import PerpCore

/// AsterDEX perpetuals: Binance's shapes with another list of endpoints.
///
/// Source: https://github.com/asterdex/api-docs
/// `openInterest` is undocumented, in Binance's shape; its sides are unstated and read as one.
enum Aster {
    static let host = "https://fapi.asterdex.com"
    static let spotHost = "https://sapi.asterdex.com"

    static let adapter = Adapter(
        exchange: .aster,
        limits: [
            RateLimit("weight", limit: 2400, windowSeconds: 60, spacingSeconds: 0.1),
            RateLimit("spot", limit: 6000, windowSeconds: 60),
        ],
        refusals: BinanceShape.refusals,
        errorText: BinanceShape.errorText, parts: BinanceShape.parts, perpetual: { $0 + "USDT" },
        endpoints: [
            Endpoint(
                "exchange_info", host, phase: .instruments, essential: true, limit: "weight",
                repetition: .exceptTime("serverTime"),
                calls: { _ in [EndpointCall("/fapi/v1/exchangeInfo")] }, read: readExchangeInfo),
            Endpoint(
                "ticker_24hr", host, phase: .market, essential: true, weight: 40, limit: "weight",
                calls: { _ in [EndpointCall("/fapi/v1/ticker/24hr")] }, read: BinanceShape.readTickers),
            Endpoint(
                "premium_index", host, phase: .market, essential: true, limit: "weight",
                calls: { _ in [EndpointCall("/fapi/v1/premiumIndex")] }, read: BinanceShape.readPremiumIndex),
            Endpoint(
                "book_ticker", host, phase: .market, weight: 2, limit: "weight",
                calls: { _ in [EndpointCall("/fapi/v1/ticker/bookTicker")] }, read: BinanceShape.readBookTickers),
            // Complete here: a symbol that is absent has no known interval.
            Endpoint(
                "funding_info", host, phase: .market, limit: "weight",
                calls: { _ in [EndpointCall("/fapi/v1/fundingInfo")] }, read: BinanceShape.readFundingInfo),
            Endpoint(
                "open_interest", host, phase: .market, typicalCalls: 190, neededShare: 0.95, limit: "weight",
                calls: {
                    $0.tradingPerpetuals.map { EndpointCall("/fapi/v1/openInterest?symbol=\(percentEncoded($0))") }
                },
                read: BinanceShape.readOpenInterest),
            Endpoint(
                "funding_rate", host, phase: .details, limit: "weight",
                calls: {
                    [EndpointCall("/fapi/v1/fundingRate?startTime=\($0.flowWindow.from.milliseconds)&limit=1000")]
                },
                read: BinanceShape.readFundingRates),
            Endpoint(
                "spot_ticker", spotHost, phase: .details, limit: "spot",
                calls: { $0.focusCoins.map { EndpointCall("/api/v1/ticker/24hr?symbol=\($0)USDT") } },
                read: BinanceShape.readSpotTickers),
        ])

    static func readExchangeInfo(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        try BinanceShape.readExchangeInfo(response, into: &batch) { (row, _) throws(FieldError) in
            let subTypes = row.value("underlyingSubType")?.array.map { $0.compactMap(\.string) } ?? []
            let type = try row.optionalNumber("symbolType")
            return (AssetClasses.aster(symbolType: type, subTypes: subTypes), (type ?? 0) != 0)
        }
    }
}
