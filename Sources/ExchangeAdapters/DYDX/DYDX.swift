import JSONReader
import PerpCore

/// dYdX v4 perpetuals, from the indexer.
///
/// Source: https://docs.dydx.xyz/indexer-client/http
/// `openInterest` is the indexer's sum of open long positions: one side, in coins.
enum DYDX {
    static let host = "https://indexer.dydx.trade"

    static let adapter = Adapter(
        exchange: .dydx, limits: [RateLimit("requests", limit: 100, windowSeconds: 10)],
        liquidations: ("trades", .sampled), errorText: errorText, parts: parts, perpetual: { $0 + "-USD" },
        endpoints: [
            Endpoint(
                "perpetual_markets", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/v4/perpetualMarkets")] }, read: readMarkets),
            Endpoint(
                "historical_funding", host, phase: .details, limit: "requests",
                calls: { $0.focusPerpetuals.map { EndpointCall("/v4/historicalFunding/\($0)?limit=3") } },
                read: readFundingHistory),
            Endpoint(
                "trades", host, phase: .details, limit: "requests",
                calls: { plan in
                    guard plan.includesOptional else { return [] }
                    return plan.focusPerpetuals.map { EndpointCall("/v4/trades/perpetualMarket/\($0)?limit=1000") }
                },
                read: readTrades),
        ])

    /// Shape of an error: `{"errors": [{"msg": "…"}]}`.
    static func errorText(_ body: JSONValue) -> String? {
        guard var members = body.object, let errors = members.value("errors")?.array else { return nil }
        var first = errors.first?.object
        return first?.value("msg")?.string ?? "unknown error"
    }

    /// `BTC-USD`; the base may hold commas and dashes of its own.
    static func parts(_ symbol: String) -> SymbolParts? {
        guard let dash = symbol.lastIndex(of: "-"), dash > symbol.startIndex else { return nil }
        let quote = symbol[symbol.index(after: dash)...]
        return quote.isEmpty ? nil : SymbolParts(base: String(symbol[..<dash]), quote: String(quote), settle: "USDC")
    }

    /// Shape: `markets`, an object keyed by ticker. Positions are margined on the oracle price, so it is read as
    /// the mark price, and not as the index price too, which would give a basis of 0. `priceChange24H` is in dollars.
    static func readMarkets(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        var body = response.body.object
        guard let markets = body?.value("markets")?.object else { throw .unexpectedShape(expected: "object 'markets'") }
        for market in markets {
            batch.add(market.value, symbol: "ticker") { (row, draft) throws(FieldError) in
                let symbol = draft.symbol
                let status = try row.string("status")
                let price = try row.price("oraclePrice")
                let change = try row.optionalNumber("priceChange24H")
                guard let parts = parts(symbol) else { throw .unknown(field: "ticker", value: symbol) }
                draft.listing = InstrumentDraft(
                    parts: parts, status: instrumentStatus(status), contractMultiplier: 1, fundingIntervalHours: 1)
                draft.market.observedAt = response.receivedAt
                draft.market.markPrice = price
                draft.market.volumeQuote = try row.optionalNonNegative("volume24H")
                draft.market.trades = try row.optionalCount("trades24H")
                draft.market.fundingRate = try row.optionalNumber("nextFundingRate")
                draft.market.nextFundingAt = response.receivedAt.nextFullHour
                draft.market.openInterestContracts = try row.optionalNonNegative("openInterest")
                draft.market.openInterestBase = draft.market.openInterestContracts
                if let price, let change, price - change > 0 { draft.market.priceChange = change / (price - change) }
            }
        }
    }

    private static func instrumentStatus(_ status: String) -> InstrumentStatus {
        switch status {
        case "ACTIVE": .trading
        case "INITIALIZING": .prelaunch
        case "FINAL_SETTLEMENT": .delisted
        default: .suspended
        }
    }

    /// Shape: `historicalFunding[]`; `rate` is a fraction per hour.
    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "historicalFunding") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                SettlementDraft(
                    symbol: try row.string("ticker"),
                    settledAt: try row.iso8601("effectiveAt"),
                    fundingRate: try row.number("rate"), fundingIntervalHours: 1)
            }
        }
    }

    /// Shape: `trades[]`; only the request names the market. A liquidation is a trade of that type.
    static func readTrades(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "trades") {
            readTrade(row, of: response.lastPathComponent, into: &batch)
        }
    }

    static func readTrade(_ row: JSONValue, of symbol: String?, into batch: inout Batch) {
        batch.addLiquidation(row) { (row) throws(FieldError) in
            guard let symbol else { throw .missing(field: "market") }
            let id = try row.optionalString("id")
            let side = try row.string("side")
            let size = try row.positive("size")
            let price = try row.positive("price")
            guard try row.string("type") == "LIQUIDATED" else { return nil }
            guard side == "BUY" || side == "SELL" else { throw .unknown(field: "side", value: side) }
            return LiquidationDraft(
                symbol: symbol, side: side == "SELL" ? .long : .short, price: price, size: size, unit: .base,
                occurredAt: try row.iso8601("createdAt"), id: id)
        }
    }
}
