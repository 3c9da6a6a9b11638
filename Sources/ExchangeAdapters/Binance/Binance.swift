import JSONReader
import PerpCore

/// Binance USDT-margined futures.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info
/// The documentation does not say which sides `openInterest` counts; it is read as one; 24 h volume counts each trade once.
enum Binance {
    static let host = "https://fapi.binance.com"
    static let spotHost = "https://api.binance.com"

    static let adapter = Adapter(
        exchange: .binance,
        limits: [
            RateLimit("weight", limit: 2400, windowSeconds: 60, spacingSeconds: 0.1),
            RateLimit("funding", limit: 500, windowSeconds: 300),
            RateLimit("data", limit: 1000, windowSeconds: 300),
            RateLimit("spot", limit: 6000, windowSeconds: 60),
        ],
        refusals: BinanceShape.refusals,
        errorText: BinanceShape.errorText, parts: BinanceShape.parts, perpetual: { $0 + "USDT" },
        // Only contracts whose interval was changed are listed; the others settle every eight hours.
        unstatedFundingInterval: { $0.rowCount("funding_info") > 0 ? 8 : nil },
        endpoints: [
            Endpoint(
                "exchange_info", host, phase: .instruments, essential: true, limit: "weight",
                repetition: .exceptTime("serverTime"),
                calls: { _ in [EndpointCall("/fapi/v1/exchangeInfo")] }, read: readExchangeInfo),
            Endpoint(
                "ticker_24hr", host, phase: .market, essential: true, weight: 40, limit: "weight",
                calls: { _ in [EndpointCall("/fapi/v1/ticker/24hr")] }, read: BinanceShape.readTickers),
            Endpoint(
                "premium_index", host, phase: .market, essential: true, weight: 10, limit: "weight",
                calls: { _ in [EndpointCall("/fapi/v1/premiumIndex")] }, read: BinanceShape.readPremiumIndex),
            Endpoint(
                "book_ticker", host, phase: .market, weight: 5, limit: "weight",
                calls: { _ in [EndpointCall("/fapi/v1/ticker/bookTicker")] }, read: BinanceShape.readBookTickers),
            Endpoint(
                "funding_info", host, phase: .market, limit: "funding",
                calls: { _ in [EndpointCall("/fapi/v1/fundingInfo")] }, read: BinanceShape.readFundingInfo),
            Endpoint(
                "open_interest", host, phase: .market, typicalCalls: 560, neededShare: 0.95, limit: "weight",
                calls: {
                    $0.tradingPerpetuals.map { EndpointCall("/fapi/v1/openInterest?symbol=\(percentEncoded($0))") }
                },
                read: BinanceShape.readOpenInterest),
            Endpoint(
                "funding_rate", host, phase: .details, limit: "funding",
                calls: {
                    [EndpointCall("/fapi/v1/fundingRate?startTime=\($0.flowWindow.from.milliseconds)&limit=1000")]
                },
                read: BinanceShape.readFundingRates),
            ratio("long_short_accounts", "globalLongShortAccountRatio", .accounts),
            ratio("long_short_top_accounts", "topLongShortAccountRatio", .topAccounts),
            ratio("long_short_top_positions", "topLongShortPositionRatio", .topPositions),
            Endpoint(
                "taker_volume", host, phase: .details, limit: "data",
                calls: { ratioCalls("takerlongshortRatio", $0) }, read: readTakerVolume),
            Endpoint(
                "spot_ticker", spotHost, phase: .details, weight: 2, limit: "spot",
                calls: { plan in
                    let symbols = plan.focusCoins.map { "%22\(spotBase($0))USDT%22" }.joined(separator: ",")
                    return plan.focusCoins.isEmpty ? [] : [EndpointCall("/api/v3/ticker/24hr?symbols=%5B\(symbols)%5D")]
                },
                read: BinanceShape.readSpotTickers),
        ])

    /// The base in the spot market, which counts these coins in thousands.
    private static func spotBase(_ coin: String) -> String {
        ["SATS", "CAT", "CHEEMS"].contains(coin) ? "1000" + coin : coin
    }

    static func readExchangeInfo(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        try BinanceShape.readExchangeInfo(response, into: &batch) { (row, type) throws(FieldError) in
            (
                AssetClasses.binance(contractType: type, underlyingType: try row.optionalString("underlyingType")),
                type.hasPrefix("TRADIFI")
            )
        }
    }

    private static func ratioCalls(_ path: String, _ plan: Plan) -> [EndpointCall] {
        plan.focusPerpetuals.map {
            EndpointCall("/futures/data/\(path)?symbol=\(percentEncoded($0))&period=1h&limit=1")
        }
    }

    private static func ratio(_ id: String, _ path: String, _ population: LongShortRatio.Population) -> Endpoint {
        Endpoint(
            id, host, phase: .details, limit: "data", calls: { ratioCalls(path, $0) },
            read: { (response, batch) throws(AdapterError) in
                // The ratio and the fractions disagree in published samples; the fractions count.
                batch.addRatios(
                    try list(response.body), in: response, of: population, symbol: "symbol", ratio: "longShortRatio",
                    long: "longAccount", short: "shortAccount", time: "timestamp")
            })
    }

    /// Shape: `[{buySellRatio, sellVol, buyVol, timestamp}]`; only the request names the symbol.
    static func readTakerVolume(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let asked = response.parameter("symbol")
        let period = response.parameter("period") ?? "1h"
        for row in try list(response.body) {
            batch.addRatios(row) { (row) throws(FieldError) in
                let buys = try row.nonNegative("buyVol")
                let sells = try row.nonNegative("sellVol")
                guard let symbol = asked else { throw .missing(field: "symbol") }
                return [
                    try RatioDraft(
                        symbol: symbol, period: period, ratio: try row.optionalNonNegative("buySellRatio"),
                        buys: buys, sells: sells, observedAt: try row.milliseconds("timestamp"))
                ]
            }
        }
    }
}
