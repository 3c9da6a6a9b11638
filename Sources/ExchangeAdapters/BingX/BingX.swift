import JSONReader
import PerpCore

/// BingX perpetuals, margined in USDT or USDC.
///
/// Source: https://bingx-api.github.io/docs/#/en-us/swapV2/market-api.html
/// `openInterest` is the value in quote units; its sides are not documented, it is read as one. `volume` counts coins.
enum BingX {
    static let host = "https://open-api.bingx.com"
    private static let base = "/openApi/swap/v2/quote"
    /// How many markets are asked for their open interest, which has no list: the largest by turnover.
    private static let mostOpenInterests = 300

    static let adapter = Adapter(
        exchange: .bingx, limits: [RateLimit("requests", limit: 100, windowSeconds: 10, spacingSeconds: 0.1)],
        refusals: Refusals(rateLimited: ["100410"], unavailable: ["100500", "80012"]),
        errorText: errorText, parts: parts, perpetual: { $0 + "-USDT" },
        endpoints: [
            Endpoint(
                "contracts", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/contracts")] }, read: readContracts),
            Endpoint(
                "tickers", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/ticker")] }, read: readTickers),
            Endpoint(
                "premium_index", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/premiumIndex")] }, read: readPremiumIndex),
            Endpoint(
                "open_interest", host, phase: .details, typicalCalls: mostOpenInterests, neededShare: 0.95,
                limit: "requests",
                calls: { plan in
                    plan.largestPerpetuals(mostOpenInterests)
                        .map { EndpointCall(base + "/openInterest?symbol=\(percentEncoded($0))") }
                },
                read: readOpenInterest),
            Endpoint(
                "funding_rate", host, phase: .details, limit: "requests",
                calls: { $0.focusPerpetuals.map { EndpointCall(base + "/fundingRate?symbol=\($0)&limit=3") } },
                read: readFundingHistory),
        ])

    /// The code for a symbol that is paused: the response has no rows, and nothing is wrong.
    private static let paused = "109415"

    /// Shape of an error: `{"code": 100410, "msg": "…", "data": {}}`, with HTTP status 200.
    static func errorText(_ body: JSONValue) -> String? {
        isPaused(body) ? nil : envelopeError(body, code: "code", success: "0", message: "msg")
    }

    private static func isPaused(_ body: JSONValue) -> Bool { body.member("code")?.summary == paused }

    /// `BTC-USDT`; `NCSKTSLA2USD-USDT` is a share.
    static func parts(_ symbol: String) -> SymbolParts? {
        let words = words(symbol, at: "-")
        guard words.count == 2 else { return nil }
        return SymbolParts(base: underlying(words[0]).name, quote: words[1], settle: words[1])
    }

    /// What a base stands for. `NC`, two letters for the class, a ticker and `2USD` are no coin, and no coin's name begins so:
    /// `NCSKTSLA2USD` is the share TSLA. Of currencies the pair is kept where it is not against the dollar: `USDJPY`.
    static func underlying(_ base: String) -> (name: String, assetClass: AssetClass) {
        guard base.hasPrefix("NC"), base.utf8.count > 4 else { return (base, .crypto) }
        let code = base.dropFirst(2).prefix(2)
        let classes: [Substring: AssetClass] = ["SK": .stock, "SI": .index, "CO": .commodity, "FX": .fx]
        guard let assetClass = classes[code] else { return (base, .other) }
        let pair = base.dropFirst(4)
        guard let link = pair.lastIndex(of: "2"), link > pair.startIndex else { return (String(pair), assetClass) }
        let against = pair[pair.index(after: link)...]
        let name = String(pair[..<link])
        return (against == "USD" ? name : name + against, assetClass)
    }

    // MARK: - Readers

    static func rows(_ response: Response) throws(AdapterError) -> [JSONValue] {
        if isPaused(response.body) { return [] }
        guard let data = response.body.member("data") else { throw .unexpectedShape(expected: "member 'data'") }
        return try listOrOne(data)
    }

    /// Shape: `data[]`. `apiStateOpen` only stops orders.
    static func readContracts(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                let margin = try row.string("currency")
                let asset = try row.string("asset")
                let status = try row.number("status")
                let launched = try row.optionalMilliseconds("launchTime")
                let (name, assetClass) = underlying(asset)
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(base: name, quote: margin, settle: margin), assetClass: assetClass,
                    status: instrumentStatus(status), contractMultiplier: 1, listedAt: launched)
            }
        }
    }

    private static func instrumentStatus(_ status: Double) -> InstrumentStatus {
        switch status {
        case 1: .trading
        case 5: .prelaunch
        case 0: .delisted
        default: .suspended
        }
    }

    /// Shape: `data[]`, or one object. The change is in percent, with or without the sign.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.priceChange = try row.optionalPercent("priceChangePercent")
                draft.market.lastPrice = try row.price("lastPrice")
                draft.market.volumeBase = try row.optionalNonNegative("volume")
                draft.market.volumeQuote = try row.optionalNonNegative("quoteVolume")
                draft.market.observedAt = try row.optionalMilliseconds("closeTime")
                draft.market.askPrice = try row.price("askPrice")
                draft.market.bidPrice = try row.price("bidPrice")
            }
        }
    }

    /// Shape: `data[]`, or one object. `lastFundingRate` is that of the coming settlement.
    static func readPremiumIndex(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.markPrice = try row.price("markPrice")
                draft.market.indexPrice = try row.price("indexPrice")
                draft.market.fundingRate = try row.optionalNumber("lastFundingRate")
                draft.market.nextFundingAt = try row.optionalMilliseconds("nextFundingTime")
                draft.market.fundingIntervalHours = try row.optionalPositive("fundingIntervalHours")
            }
        }
    }

    /// Shape: `data`, one object.
    static func readOpenInterest(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.openInterestQuote = try row.nonNegative("openInterest")
            }
        }
    }

    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.addSettlement(row) { (row) throws(FieldError) in
                try SettlementDraft(&row, symbol: "symbol", time: "fundingTime")
            }
        }
    }
}
