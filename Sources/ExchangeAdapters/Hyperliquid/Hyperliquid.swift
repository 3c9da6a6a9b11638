import JSONReader
import PerpCore

/// Hyperliquid perpetuals.
///
/// Source: https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint/perpetuals
/// Sizes are coins. Sources disagree whether `openInterest` counts one side; it is kept as sent.
enum Hyperliquid {
    static let host = "https://api.hyperliquid.xyz"

    static let adapter = Adapter(
        exchange: .hyperliquid, limits: [RateLimit("weight", limit: 1200, windowSeconds: 60)],
        errorText: { $0.isNull ? "null" : nil },
        parts: { SymbolParts(base: $0, quote: "USDC", settle: "USDC") }, perpetual: { $0 },
        endpoints: [
            Endpoint(
                "meta_and_asset_ctxs", host, phase: .instruments, essential: true, weight: 20, limit: "weight",
                calls: { _ in [EndpointCall("/info", body: #"{"type":"metaAndAssetCtxs"}"#)] }, read: readMarkets),
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

    /// Shape: `[{universe: […]}, […]]`, joined by index. There is no last, bid or ask price, and no time.
    static func readMarkets(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let pair = Array(try list(response.body))
        guard pair.count == 2 else { throw .unexpectedShape(expected: "pair of universe and contexts") }
        let universe = Array(try list(pair[0], in: "universe"))
        let contexts = Array(try list(pair[1]))
        guard universe.count == contexts.count else {
            throw .unexpectedShape(
                expected: "context for each of its \(universe.count) markets: there are \(contexts.count)")
        }
        for (market, context) in zip(universe, contexts) {
            batch.add(market, symbol: "name") { (row, draft) throws(FieldError) in
                let isDelisted = try row.optionalBool("isDelisted") ?? false
                guard let members = context.object else { throw .missing(field: "context") }
                var context = ResponseRow(members)
                let symbol = draft.symbol
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(base: symbol, quote: "USDC", settle: "USDC"),
                    status: isDelisted ? .delisted : .trading, contractMultiplier: 1, fundingIntervalHours: 1)
                draft.market = try marketDraft(&context, receivedAt: response.receivedAt)
            }
        }
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

    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        batch.addSettlements(try list(response.body), symbol: "coin", time: "time", hours: 1)
    }
}
