import JSONReader
import PerpCore

/// Hyperliquid perpetuals: its own, and those that others run on it (HIP-3), whose symbols begin with the name of their
/// list, `xyz:AAPL`.
///
/// Source: https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint/perpetuals
/// Sizes are coins. Sources disagree whether `openInterest` counts one side; it is kept as sent.
enum Hyperliquid {
    static let host = "https://api.hyperliquid.xyz"

    static let adapter = Adapter(
        exchange: .hyperliquid, limits: [RateLimit("weight", limit: 1200, windowSeconds: 60)],
        errorText: { $0.isNull ? "null" : nil },
        parts: parts, perpetual: { $0 },
        endpoints: [
            Endpoint(
                "meta_and_asset_ctxs", host, phase: .instruments, essential: true, weight: 20, limit: "weight",
                calls: { _ in [EndpointCall("/info", body: #"{"type":"metaAndAssetCtxs"}"#)] }, read: readMarkets),
            fact("perp_dexs", "perpDexs", readLists),
            fact("spot_meta", "spotMeta", readTokens),
            fact("perp_annotations", "perpConciseAnnotations", readAnnotations),
            Endpoint(
                "builder_markets", host, phase: .market, typicalCalls: 10, weight: 20, limit: "weight",
                calls: {
                    $0.batch.builders.lists.map {
                        EndpointCall("/info", body: #"{"type":"metaAndAssetCtxs","dex":"\#($0)"}"#)
                    }
                },
                read: readMarkets),
            Endpoint(
                "funding_history", host, phase: .details, weight: 20, limit: "weight",
                calls: { plan in
                    let start = plan.flowWindow.from.milliseconds
                    return plan.focusPerpetuals.map {
                        EndpointCall("/info", body: #"{"type":"fundingHistory","coin":"\#($0)","startTime":\#(start)}"#)
                    }
                },
                read: readFundingHistory),
        ])

    /// Responses that name what builder markets need.
    private static func fact(
        _ id: String, _ type: String,
        _ read: @escaping @Sendable (Response, inout Batch) throws(AdapterError) -> Void
    ) -> Endpoint {
        Endpoint(
            id, host, phase: .instruments, weight: 20, limit: "weight",
            calls: { _ in [EndpointCall("/info", body: #"{"type":"\#(type)"}"#)] },
            read: { (response, batch) throws(AdapterError) in
                try read(response, &batch)
                batch.describeBuilderMarkets()
            })
    }

    /// `BTC`, and `xyz:AAPL`, whose quote no symbol tells.
    static func parts(_ symbol: String) -> SymbolParts? {
        guard BuilderMarkets.list(of: symbol) == nil else {
            return InstrumentDraft(builderMarket: symbol, status: .trading).parts
        }
        return SymbolParts(base: symbol, quote: "USDC", settle: "USDC")
    }

    /// Shape: `[{universe: […], collateralToken}, […]]`, joined by index. There is no last, bid or ask price, and no time.
    static func readMarkets(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let pair = Array(try list(response.body))
        guard pair.count == 2 else { throw .unexpectedShape(expected: "pair of universe and contexts") }
        let universe = Array(try list(pair[0], in: "universe"))
        let contexts = Array(try list(pair[1]))
        guard universe.count == contexts.count else {
            throw .unexpectedShape(
                expected: "context for each of its \(universe.count) markets: there are \(contexts.count)")
        }
        let asked = response.requestBody.map { listName(in: $0) }
        let token = pair[0].member("collateralToken")?.integer
        for (market, context) in zip(universe, contexts) {
            batch.add(market, symbol: "name") { (row, draft) throws(FieldError) in
                let isDelisted = try row.optionalBool("isDelisted") ?? false
                guard let members = context.object else { throw .missing(field: "context") }
                var context = ResponseRow(members)
                let symbol = draft.symbol
                let named = BuilderMarkets.list(of: symbol)
                // A response about another list than was asked is not believed.
                if let asked, named != asked { throw .unknown(field: "name", value: symbol) }
                let status: InstrumentStatus = isDelisted ? .delisted : .trading
                draft.listing =
                    named == nil
                    ? InstrumentDraft(
                        parts: SymbolParts(base: symbol, quote: "USDC", settle: "USDC"), status: status,
                        contractMultiplier: 1, fundingIntervalHours: 1)
                    : InstrumentDraft(builderMarket: symbol, status: status)
                draft.market = try marketDraft(&context, receivedAt: response.receivedAt)
            }
            // A list says of itself alone what it is priced in.
            let named = market.text("name").flatMap(BuilderMarkets.list)
            if let token, let named, asked.map({ $0 == named }) ?? true {
                batch.builders.addCollateral(token, of: named)
            }
        }
        batch.describeBuilderMarkets()
    }

    /// The list that a request names: `xyz`; `nil` for Hyperliquid's own.
    private static func listName(in requestBody: String) -> String? {
        let name = requestBody.firstRange(of: #""dex":""#).map { requestBody[$0.upperBound...].prefix { $0 != "\"" } }
        return name.flatMap { $0.isEmpty ? nil : String($0) }
    }

    /// The market of one context. `funding` is a fraction per hour; `dayNtlVlm` is in dollars.
    private static func marketDraft(_ row: inout ResponseRow, receivedAt: Timestamp) throws(FieldError) -> MarketDraft {
        var market = MarketDraft()
        market.observedAt = receivedAt
        market.fundingRate = try row.optionalNumber("funding")
        market.nextFundingAt = receivedAt.nextFullHour
        market.openInterestContracts = try row.optionalNonNegative("openInterest")
        market.openInterestBase = market.openInterestContracts
        let previous = try row.price("prevDayPx")
        market.volumeQuote = try row.optionalNonNegative("dayNtlVlm")
        market.indexPrice = try row.price("oraclePx")
        let mark = try row.price("markPx")
        market.markPrice = mark
        market.volumeBase = try row.optionalNonNegative("dayBaseVlm")
        if let mark, let previous { market.priceChange = mark / previous - 1 }
        return market
    }

    /// Shape: `[null, {name, …}, …]`; the first stands for Hyperliquid itself.
    static func readLists(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.addFact(row) { (row, builders) throws(FieldError) in
                if row.isNull { return }
                var fields = try ResponseRow(fact: row)
                try builders.addList(try fields.string("name"))
            }
        }
    }

    /// Shape: `{tokens: [{name, index, …}]}`. The index is not the position.
    static func readTokens(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "tokens") {
            batch.addFact(row) { (row, builders) throws(FieldError) in
                var fields = try ResponseRow(fact: row)
                let name = try fields.string("name")
                guard let index = try fields.optionalCount("index") else { throw .missing(field: "index") }
                builders.addToken(name, index: index)
            }
        }
    }

    /// Shape: `[[symbol, {category, …}], …]`.
    static func readAnnotations(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.addFact(row) { (row, builders) throws(FieldError) in
                guard let symbol = row.array?[0]?.string, let annotation = row.array?[1] else {
                    throw .notText(field: "row", value: row.summary)
                }
                var fields = try ResponseRow(fact: annotation)
                if let category = try fields.optionalString("category") { builders.addCategory(category, of: symbol) }
            }
        }
    }

    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        batch.addSettlements(try list(response.body), symbol: "coin", time: "time", hours: 1)
    }
}
