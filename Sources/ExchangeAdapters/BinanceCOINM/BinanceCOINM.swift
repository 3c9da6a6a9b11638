import JSONReader
import PerpCore

/// Binance COIN-M futures: inverse contracts, margined and settled in their coin.
///
/// Source: https://developers.binance.com/docs/derivatives/coin-margined-futures/general-info
/// Shapes are those of USDT-M, but `volume` and `openInterest` count contracts of 100 or 10 dollars. The documentation does
/// not say which sides open interest counts; it is read as one. 24 h volume counts each trade once.
enum BinanceCOINM {
    static let host = "https://dapi.binance.com"

    static let adapter = Adapter(
        exchange: .binanceCOINM,
        limits: [
            RateLimit("weight", limit: 2400, windowSeconds: 60, spacingSeconds: 0.1),
            RateLimit("funding", limit: 500, windowSeconds: 300),
            RateLimit("data", limit: 1000, windowSeconds: 300),
        ],
        refusals: BinanceShape.refusals,
        errorText: BinanceShape.errorText, parts: parts, perpetual: { $0 + "USD" + perpetualEnd },
        // Only contracts whose interval was changed are listed; the others settle every eight hours.
        unstatedFundingInterval: { $0.rowCount("funding_info") > 0 ? 8 : nil },
        endpoints: [
            Endpoint(
                "exchange_info", host, phase: .instruments, essential: true, limit: "weight",
                calls: { _ in [EndpointCall("/dapi/v1/exchangeInfo")] }, read: readExchangeInfo),
            Endpoint(
                "ticker_24hr", host, phase: .market, essential: true, weight: 40, limit: "weight",
                calls: { _ in [EndpointCall("/dapi/v1/ticker/24hr")] }, read: readTickers),
            Endpoint(
                "premium_index", host, phase: .market, essential: true, weight: 10, limit: "weight",
                calls: { _ in [EndpointCall("/dapi/v1/premiumIndex")] }, read: BinanceShape.readPremiumIndex),
            Endpoint(
                "book_ticker", host, phase: .market, weight: 5, limit: "weight",
                calls: { _ in [EndpointCall("/dapi/v1/ticker/bookTicker")] }, read: BinanceShape.readBookTickers),
            Endpoint(
                "funding_info", host, phase: .market, limit: "funding",
                calls: { _ in [EndpointCall("/dapi/v1/fundingInfo")] }, read: BinanceShape.readFundingInfo),
            Endpoint(
                "open_interest", host, phase: .market, typicalCalls: 50, neededShare: 0.95, limit: "weight",
                calls: {
                    $0.tradingPerpetuals.map { EndpointCall("/dapi/v1/openInterest?symbol=\(percentEncoded($0))") }
                },
                read: readOpenInterest),
            Endpoint(
                "funding_rate", host, phase: .details, limit: "funding",
                calls: {
                    $0.focusPerpetuals.map {
                        EndpointCall("/dapi/v1/fundingRate?symbol=\(percentEncoded($0))&limit=3")
                    }
                },
                read: BinanceShape.readFundingRates),
            ratio("long_short_accounts", "globalLongShortAccountRatio", .accounts),
            ratio("long_short_top_accounts", "topLongShortAccountRatio", .topAccounts),
            ratio(
                "long_short_top_positions", "topLongShortPositionRatio", .topPositions, long: "longPosition",
                short: "shortPosition"),
            Endpoint(
                "taker_volume", host, phase: .details, limit: "data",
                calls: { dataCalls("takerBuySellVol", "&contractType=PERPETUAL", $0) }, read: readTakerVolume),
        ])

    /// What ends the symbol of a perpetual, behind its pair.
    static let perpetualEnd = "_PERP"

    /// `BTCUSD_PERP`, and `BTCUSD_250627` for a dated one.
    static func parts(_ symbol: String) -> SymbolParts? {
        let words = words(symbol, at: "_")
        guard words.count == 2, words[0].hasSuffix("USD"), words[0].utf8.count > 3 else { return nil }
        let base = String(words[0].dropLast(3))
        return SymbolParts(
            base: base, quote: "USD", settle: base, kind: .inverse,
            contract: "_" + words[1] == perpetualEnd ? .perpetual : .dated)
    }

    // MARK: - Calls

    private static func dataCalls(_ path: String, _ more: String, _ plan: Plan) -> [EndpointCall] {
        plan.focusPerpetuals.map {
            EndpointCall(
                "/futures/data/\(path)?pair=\(percentEncoded(String($0.prefix { $0 != "_" })))\(more)&period=1h&limit=1"
            )
        }
    }

    private static func ratio(
        _ id: String, _ path: String, _ population: LongShortRatio.Population, long: StaticString = "longAccount",
        short: StaticString = "shortAccount"
    ) -> Endpoint {
        Endpoint(
            id, host, phase: .details, limit: "data", calls: { dataCalls(path, "", $0) },
            read: { (response, batch) throws(AdapterError) in
                try readRatios(response, population, long, short, into: &batch)
            })
    }

    // MARK: - Readers

    /// Shape: `symbols[]`. A contract is `contractSize` dollars; the status is in `contractStatus`.
    static func readExchangeInfo(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "symbols") {
            batch.add(row) { (row, draft) throws(FieldError) in
                let type = try row.string("contractType")
                let listedAt = try row.optionalMilliseconds("onboardDate")
                let status = try row.string("contractStatus")
                let size = try row.optionalPositive("contractSize")
                let settle = try row.string("marginAsset")
                let base = try row.string("baseAsset")
                let quote = try row.string("quoteAsset")
                guard settle == base else { throw .unknown(field: "marginAsset", value: settle) }
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(
                        base: base, quote: quote, settle: settle, kind: .inverse, contract: try term(type)),
                    assetClass: AssetClasses.binance(
                        contractType: type, underlyingType: try row.optionalString("underlyingType")),
                    status: BinanceShape.instrumentStatus(status), contractMultiplier: size, listedAt: listedAt)
            }
        }
    }

    /// Dated for `CURRENT_QUARTER`, `NEXT_QUARTER_DELIVERING` and the like; `PERPETUAL_DELIVERING` is a perpetual at its end.
    private static func term(_ contractType: String) throws(FieldError) -> ContractTerm {
        if contractType.hasPrefix("PERPETUAL") { return .perpetual }
        guard BinanceShape.isDated(contractType) else { throw .unknown(field: "contractType", value: contractType) }
        return .dated
    }

    /// Shape: a list, or one object when the request names a symbol. `volume` counts contracts, `baseVolume` coins; there is
    /// no turnover. The change is in percent.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try listOrOne(response.body) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.priceChange = try row.optionalNumber("priceChangePercent").map { $0 / 100 }
                draft.market.lastPrice = try row.price("lastPrice")
                draft.market.volumeContracts = try row.optionalNonNegative("volume")
                draft.market.volumeBase = try row.optionalNonNegative("baseVolume")
                draft.fallback.observedAt = try row.optionalMilliseconds("closeTime")
                draft.market.trades = try row.optionalCount("count")
            }
        }
    }

    /// Shape: one object, in contracts. Each call is for another symbol.
    static func readOpenInterest(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try listOrOne(response.body) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.openInterestContracts = try row.nonNegative("openInterest")
            }
        }
    }

    /// Shape: `[{pair, longShortRatio, long…, short…, timestamp}]`. It counts all contracts of the pair, and stands with the
    /// pair's perpetual. The ratio and the fractions disagree in published samples; the fractions count.
    static func readRatios(
        _ response: Response, _ population: LongShortRatio.Population, _ long: StaticString, _ short: StaticString,
        into batch: inout Batch
    ) throws(AdapterError) {
        let period = response.parameter("period") ?? "1h"
        for row in try list(response.body) {
            batch.addRatios(row) { (row) throws(FieldError) in
                [
                    try RatioDraft(
                        &row, symbol: try row.string("pair") + perpetualEnd, population: population, period: period,
                        ratio: try row.optionalNonNegative("longShortRatio"), long: long, short: short,
                        time: "timestamp")
                ]
            }
        }
    }

    /// Shape: `[{pair, contractType, takerBuyVol, takerSellVol, …, timestamp}]`, in contracts.
    static func readTakerVolume(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let period = response.parameter("period") ?? "1h"
        for row in try list(response.body) {
            batch.addRatios(row) { (row) throws(FieldError) in
                let pair = try row.string("pair")
                let type = try row.string("contractType")
                guard type == "PERPETUAL" else { throw .unknown(field: "contractType", value: type) }
                return [
                    try RatioDraft(
                        symbol: pair + perpetualEnd, period: period, buys: try row.nonNegative("takerBuyVol"),
                        sells: try row.nonNegative("takerSellVol"), observedAt: try row.milliseconds("timestamp"))
                ]
            }
        }
    }
}
