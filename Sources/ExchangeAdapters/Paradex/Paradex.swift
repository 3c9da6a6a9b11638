import JSONReader
import PerpCore

/// Paradex perpetuals.
///
/// Source: https://docs.paradex.trade/api
/// Funding accrues every second: `funding_rate` covers `funding_period_hours`, and there is no next settlement. The lists mix
/// in options.
enum Paradex {
    static let host = "https://api.prod.paradex.trade"
    private static let pageLength = 1000
    /// The most pages of trades in an hour, of all focus markets.
    private static let mostPages = 60

    static let adapter = Adapter(
        exchange: .paradex, limits: [RateLimit("requests", limit: 1500, windowSeconds: 60)],
        refusals: Refusals(rateLimited: ["RATE_LIMIT_EXCEEDED"], unavailable: ["INTERNAL_ERROR"]),
        liquidations: ("trades", .sampled), errorText: errorText, parts: parts, perpetual: { $0 + "-USD-PERP" },
        endpoints: [
            Endpoint(
                "markets", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/v1/markets")] }, read: readMarkets),
            Endpoint(
                "markets_summary", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/v1/markets/summary?market=ALL")] }, read: readSummaries),
            Endpoint(
                "trades", host, phase: .details, limit: "requests",
                calls: { plan in
                    guard plan.includesOptional else { return [] }
                    return plan.focusPerpetuals.map { tradesCall(of: $0, plan) }
                },
                more: nextTrades, read: readTrades),
        ])

    /// Shape of an error: `{"error": "NOT_FOUND", "message": "…"}`.
    static func errorText(_ body: JSONValue) -> String? {
        guard let error = body.member("error"), !error.isNull else { return nil }
        return "\(error.summary) \(body.text("message") ?? "")"
    }

    /// `BTC-USD-PERP`; any other form is an option.
    static func parts(_ symbol: String) -> SymbolParts? {
        let words = words(symbol, at: "-")
        guard words.count == 3, words[2] == "PERP" else { return nil }
        return SymbolParts(base: words[0], quote: words[1], settle: "USDC")
    }

    // MARK: - Markets

    /// Shape: `results[]`. A market whose `open_at` is to come is announced.
    static func readMarkets(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "results") {
            batch.add(row) { (row, draft) throws(FieldError) in
                let kind = try row.string("asset_kind")
                draft.isOtherProduct = ["OPTION", "PERP_OPTION", "SPOT"].contains(kind)
                if draft.isOtherProduct { return }
                guard kind == "PERP" else { throw .unknown(field: "asset_kind", value: kind) }
                draft.listing = try instrument(&row, receivedAt: response.receivedAt)
            }
        }
    }

    private static func instrument(
        _ row: inout ResponseRow, receivedAt: Timestamp
    ) throws(FieldError) -> InstrumentDraft {
        let base = try row.string("base_currency")
        let quote = try row.string("quote_currency")
        let settle = try row.string("settlement_currency")
        let openAt = try row.optionalMilliseconds("open_at")
        let period = try row.optionalPositive("funding_period_hours")
        return InstrumentDraft(
            parts: SymbolParts(base: base, quote: quote, settle: settle),
            assetClass: AssetClasses.paradex(tags: try row.optionalTexts("tags"), base: base),
            status: openAt.map { $0 > receivedAt } == true ? .prelaunch : .trading, contractMultiplier: 1,
            fundingIntervalHours: period, listedAt: openAt)
    }

    /// Shape: `results[]`. `volume_24h` is in dollars; `total_volume` is that since the listing and not read;
    /// `price_change_rate_24h` is a fraction.
    static func readSummaries(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "results") {
            batch.add(row) { (row, draft) throws(FieldError) in
                guard draft.symbol.hasSuffix("-PERP") else { return draft.isOtherProduct = true }
                draft.market.markPrice = try row.price("mark_price")
                draft.market.lastPrice = try row.price("last_traded_price")
                draft.market.bidPrice = try row.price("bid")
                draft.market.askPrice = try row.price("ask")
                draft.market.volumeQuote = try row.optionalNonNegative("volume_24h")
                draft.market.observedAt = try row.optionalMilliseconds("created_at")
                draft.market.indexPrice = try row.price("underlying_price")
                draft.market.openInterestContracts = try row.optionalNonNegative("open_interest")
                draft.market.openInterestBase = draft.market.openInterestContracts
                draft.market.fundingRate = try row.optionalNumber("funding_rate")
                draft.market.priceChange = try row.optionalNumber("price_change_rate_24h")
            }
        }
    }

    // MARK: - Trades

    private static func tradesCall(of market: String, _ plan: Plan, cursor: String? = nil) -> EndpointCall {
        let (from, to) = plan.flowWindow
        let page = cursor.map { "&cursor=" + percentEncoded($0) } ?? ""
        return EndpointCall(
            "/v1/trades?market=\(market)&page_size=\(pageLength)&start_at=\(from.milliseconds)"
                + "&end_at=\(to.milliseconds - 1)\(page)")
    }

    private static func nextTrades(_ response: Response, _ plan: Plan) -> [EndpointCall] {
        guard let cursor = response.body.text("next"), !cursor.isEmpty, let market = response.parameter("market"),
            plan.batch.rowCount("trades") < mostPages * pageLength
        else { return [] }
        return [tradesCall(of: market, plan, cursor: cursor)]
    }

    /// Shape: `results[]`. A liquidation is a trade of that type; its side is the liquidated position's order.
    static func readTrades(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "results") {
            batch.addLiquidation(row) { (row) throws(FieldError) in
                guard try row.string("trade_type") == "LIQUIDATION" else { return nil }
                let symbol = try row.string("market")
                let side = try row.string("side")
                guard side == "BUY" || side == "SELL" else { throw .unknown(field: "side", value: side) }
                return LiquidationDraft(
                    symbol: symbol, side: side == "SELL" ? .long : .short, price: try row.positive("price"),
                    size: try row.positive("size"), unit: .base, occurredAt: try row.milliseconds("created_at"),
                    id: try row.optionalString("id"))
            }
        }
    }
}
