import JSONReader
import PerpCore

/// Backpack perpetuals, settled in USDC.
///
/// Source: https://docs.backpack.exchange
/// Sizes are base units. The lists of all markets mix in spot pairs and predictions.
enum Backpack {
    static let host = "https://api.backpack.exchange"
    static let base = "/api/v1"

    static let adapter = Adapter(
        exchange: .backpack,
        limits: [
            RateLimit("requests", limit: 2000, windowSeconds: 60), RateLimit("history", limit: 30, windowSeconds: 60),
        ],
        errorText: errorText, parts: parts, perpetual: { $0 + "_USDC_PERP" },
        // Every perpetual settles each hour since 2025-08-20.
        unstatedFundingInterval: { _ in 1 },
        endpoints: [
            Endpoint(
                "markets", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/markets")] }, read: readMarkets),
            Endpoint(
                "mark_prices", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/markPrices")] }, read: readMarkPrices),
            Endpoint(
                "open_interest", host, phase: .market, limit: "requests",
                calls: { _ in [EndpointCall(base + "/openInterest")] }, read: readOpenInterest),
            Endpoint(
                "tickers", host, phase: .market, limit: "requests",
                calls: { _ in [EndpointCall(base + "/tickers")] }, read: readTickers),
            Endpoint(
                "funding_rates", host, phase: .details, limit: "history",
                calls: { $0.focusPerpetuals.map { EndpointCall(base + "/fundingRates?symbol=\($0)&limit=4") } },
                read: readFundingRates),
        ])

    /// Shape of an error: `{"code": "INVALID_CLIENT_REQUEST", "message": "…"}`; every other response is a list.
    static func errorText(_ body: JSONValue) -> String? {
        guard var members = body.object else { return nil }
        return "\(members.value("code")?.summary ?? "") \(members.value("message")?.string ?? "")"
    }

    /// `BTC_USDC_PERP`; without the third part it is a spot pair, with another one a prediction.
    static func parts(_ symbol: String) -> SymbolParts? {
        let words = words(symbol, at: "_")
        guard words.count == 3, words[2] == "PERP" else { return nil }
        return SymbolParts(base: words[0], quote: words[1], settle: words[1])
    }

    /// Shape: a list. `createdAt` is UTC without a zone; `fundingInterval` is in milliseconds.
    static func readMarkets(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.add(row) { (row, draft) throws(FieldError) in
                let type = try row.string("marketType")
                draft.isOtherProduct = ["SPOT", "PREDICTION", "RFQ"].contains(type)
                if draft.isOtherProduct { return }
                guard type == "PERP" else { throw .unknown(field: "marketType", value: type) }
                draft.listing = try instrument(&row)
            }
        }
    }

    private static func instrument(_ row: inout ResponseRow) throws(FieldError) -> InstrumentDraft {
        let name = try row.string("baseSymbol")
        let quote = try row.string("quoteSymbol")
        let listedAt = try row.optionalZonelessTime("createdAt")
        let interval = try row.optionalPositive("fundingInterval")
        let state = try row.string("orderBookState")
        let isStated = row.has("rwaMarketType")
        let kind = try row.optionalString("rwaMarketType")
        return InstrumentDraft(
            parts: SymbolParts(base: ticker(of: name), quote: quote, settle: quote),
            assetClass: AssetClasses.backpack(kind, isStated: isStated, base: name),
            status: instrumentStatus(state), contractMultiplier: 1,
            fundingIntervalHours: interval.map { $0 / Double(Hour.milliseconds) }, listedAt: listedAt)
    }

    /// The ticker of a share without the ending that marks it: `AMZN` for `AMZN.US`.
    private static func ticker(of name: String) -> String { name.hasSuffix(".US") ? String(name.dropLast(3)) : name }

    private static func instrumentStatus(_ state: String) -> InstrumentStatus {
        switch state {
        case "Open": .trading
        case "Closed": .delisted
        default: .suspended
        }
    }

    /// Reads the rows of perpetuals in a list of all markets; other rows are counted and left out.
    private static func addPerpetuals(
        of response: Response, to batch: inout Batch,
        _ read: (inout ResponseRow, inout MarketDraft) throws(FieldError) -> Void
    ) throws(AdapterError) {
        for row in try list(response.body) {
            batch.add(row) { (row, draft) throws(FieldError) in
                guard draft.symbol.hasSuffix("_PERP") else { return draft.isOtherProduct = true }
                try read(&row, &draft.market)
            }
        }
    }

    /// Shape: a list without a time. `fundingRate` is a fraction for one interval, the coming one.
    static func readMarkPrices(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        try addPerpetuals(of: response, to: &batch) { (row, market) throws(FieldError) in
            market.observedAt = response.receivedAt
            market.fundingRate = try row.optionalNumber("fundingRate")
            market.indexPrice = try row.price("indexPrice")
            market.markPrice = try row.price("markPrice")
            market.nextFundingAt = try row.optionalMilliseconds("nextFundingTimestamp")
        }
    }

    static func readOpenInterest(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        try addPerpetuals(of: response, to: &batch) { (row, market) throws(FieldError) in
            market.openInterestContracts = try row.optionalNonNegative("openInterest")
            market.openInterestBase = market.openInterestContracts
        }
    }

    /// Shape: a list without a time. `priceChangePercent` is a fraction.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        try addPerpetuals(of: response, to: &batch) { (row, market) throws(FieldError) in
            market.lastPrice = try row.price("lastPrice")
            market.priceChange = try row.optionalNumber("priceChangePercent")
            market.volumeQuote = try row.optionalNonNegative("quoteVolume")
            market.trades = try row.optionalCount("trades")
            market.volumeBase = try row.optionalNonNegative("volume")
        }
    }

    /// Shape: a list, newest first. The first row may be that of the interval that is still running: its end is to come.
    static func readFundingRates(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.addSettlement(row) { (row) throws(FieldError) in
                let rate = try row.number("fundingRate")
                let end = try row.zonelessTime("intervalEndTimestamp")
                let symbol = try row.string("symbol")
                guard end <= response.receivedAt else { return nil }
                return SettlementDraft(symbol: symbol, settledAt: end, fundingRate: rate)
            }
        }
    }
}
