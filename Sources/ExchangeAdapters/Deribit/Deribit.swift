import JSONReader
import PerpCore

/// Deribit: perpetuals and dated futures, inverse and linear.
///
/// Source: https://docs.deribit.com
/// Sizes of inverse contracts are dollars, those of linear ones coins. The documentation does not say which sides open
/// interest counts; it is read as one.
enum Deribit {
    static let host = "https://www.deribit.com"
    static let api = "/api/v2/public/"
    /// The settlement currencies whose contracts are asked for.
    private static let currencies = ["BTC", "ETH", "USDC", "USDT"]
    private static let mostPages = 20
    private static let pageLength = 1000

    static let adapter = Adapter(
        exchange: .deribit,
        // 50,000 credits, refilled at 10,000 per second.
        limits: [RateLimit("credits", limit: 50_000, windowSeconds: 5, spacingSeconds: 0.05)],
        refusals: Refusals(
            rateLimited: ["10028"], unavailable: ["10040", "10041", "11051", "13028"], leastWait: 1000),
        liquidations: ("trades", .sampled), errorText: errorText, parts: parts, perpetual: { $0 + "-PERPETUAL" },
        endpoints: [
            Endpoint(
                "instruments", host, phase: .instruments, essential: true, weight: 10_000, limit: "credits",
                calls: { _ in [EndpointCall(api + "get_instruments?currency=any&kind=future")] }, read: readInstruments),
            Endpoint(
                "book_summary", host, phase: .market, essential: true, weight: 500, limit: "credits",
                calls: { _ in
                    currencies.map { EndpointCall(api + "get_book_summary_by_currency?currency=\($0)&kind=future") }
                },
                read: readSummaries),
            Endpoint(
                "ticker", host, phase: .market, typicalCalls: 30, neededShare: 0.95, weight: 500, limit: "credits",
                calls: { plan in
                    plan.tradingPerpetuals.map { EndpointCall(api + "ticker?instrument_name=\(percentEncoded($0))") }
                },
                read: readTicker),
            Endpoint(
                "funding_rate_history", host, phase: .details, weight: 500, limit: "credits",
                calls: { plan in
                    let to = plan.hour.startTime.milliseconds
                    let from = to - 2 * Hour.milliseconds
                    return plan.focusPerpetuals.map {
                        EndpointCall(
                            api + "get_funding_rate_history?instrument_name=\($0)&start_timestamp=\(from)"
                                + "&end_timestamp=\(to)")
                    }
                },
                read: readFundingHistory),
            Endpoint(
                "trades", host, phase: .details, weight: 500, limit: "credits",
                calls: { plan in
                    guard plan.includesOptional else { return [] }
                    return plan.focusPerpetuals.map {
                        tradesCall($0, from: plan.flowWindow.from.milliseconds, to: plan.flowWindow.to.milliseconds - 1)
                    }
                },
                more: newerPage, read: readTrades),
        ])

    /// Shape of an error: `{"error": {"code": 10028, "message": "…"}}` in place of `result`.
    static func errorText(_ body: JSONValue) -> String? {
        guard let error = body.member("error"), !error.isNull else { return nil }
        return "\(error.member("code")?.summary ?? "") \(error.text("message") ?? "")"
    }

    /// `BTC-PERPETUAL` and `BTC-26DEC25` are inverse; `BTC_USDC-PERPETUAL` is linear. Options and combinations of contracts
    /// have more parts.
    static func parts(_ symbol: String) -> SymbolParts? {
        let halves = words(symbol, at: "-")
        guard halves.count == 2 else { return nil }
        let pair = words(halves[0], at: "_")
        let term: ContractTerm = halves[1] == "PERPETUAL" ? .perpetual : .dated
        switch pair.count {
        case 1: return SymbolParts(base: pair[0], quote: "USD", settle: pair[0], kind: .inverse, contract: term)
        case 2: return SymbolParts(base: pair[0], quote: pair[1], settle: pair[1], contract: term)
        default: return nil
        }
    }

    // MARK: - Calls

    private static func tradesCall(_ symbol: String, from: Int64, to: Int64) -> EndpointCall {
        EndpointCall(
            api + "get_last_trades_by_instrument_and_time?instrument_name=\(symbol)&start_timestamp=\(from)"
                + "&end_timestamp=\(to)&count=\(pageLength)&sorting=asc")
    }

    /// The call for the trades from the last one of a page on, which that page repeats.
    private static func newerPage(_ response: Response, _ plan: Plan) -> [EndpointCall] {
        guard response.body.member("result")?.member("has_more")?.bool == true,
            plan.batch.rowCount("trades") < mostPages * pageLength,
            let symbol = response.parameter("instrument_name"),
            let from = response.parameter("start_timestamp").flatMap(Int64.init),
            let to = response.parameter("end_timestamp").flatMap(Int64.init),
            let trades = response.body.member("result")?.member("trades")?.array,
            let last = trades.compactMap({ $0.member("timestamp")?.integer }).max(), last <= to
        else { return [] }
        // A page of one millisecond would be asked for again and again.
        return [tradesCall(symbol, from: max(last, from + 1), to: to)]
    }

    // MARK: - Readers

    private static func rows(_ response: Response) throws(AdapterError) -> JSONArray {
        try list(response.body, in: "result")
    }

    /// Shape: `result[]`. `contract_size` is dollars per contract of an inverse contract; of a linear one it is the step
    /// of order sizes, and sizes are coins. Bodies before 2022 have neither `future_type` nor `settlement_currency`.
    static func readInstruments(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row, symbol: "instrument_name") { (row, draft) throws(FieldError) in
                let kind = try row.string("kind")
                guard kind == "future" else { throw .unknown(field: "kind", value: kind) }
                guard let named = parts(draft.symbol) else {
                    throw .unknown(field: "instrument_name", value: draft.symbol)
                }
                var parts = SymbolParts(
                    base: try row.string("base_currency"), quote: try row.string("quote_currency"),
                    settle: named.settle,
                    kind: try contractKind(&row) ?? named.kind, contract: try term(&row) ?? named.contract)
                parts.settle =
                    try row.optionalString("settlement_currency") ?? (parts.kind == .inverse ? parts.base : parts.quote)
                let size = try row.optionalPositive("contract_size")
                let isActive = try row.optionalBool("is_active") ?? true
                draft.listing = InstrumentDraft(
                    parts: parts, status: isActive ? .trading : .suspended,
                    contractMultiplier: parts.kind == .inverse ? size : 1, fundingIntervalHours: fundingHours,
                    listedAt: try row.optionalMilliseconds("creation_timestamp"))
            }
        }
    }

    /// The period of `funding_8h`, in hours. Funding is paid continuously, so there is no next settlement.
    private static let fundingHours = 8.0

    private static func contractKind(_ row: inout ResponseRow) throws(FieldError) -> ContractKind? {
        let type = try row.optionalString("instrument_type")
        switch try row.optionalString("future_type") ?? type {
        case nil: return nil
        case "reversed": return .inverse
        case "linear": return .linear
        case let other?: throw .unknown(field: "future_type", value: other)
        }
    }

    private static func term(_ row: inout ResponseRow) throws(FieldError) -> ContractTerm? {
        switch try row.optionalString("settlement_period") {
        case nil: return nil
        case "perpetual": return .perpetual
        case "day", "week", "month": return .dated
        case let other?: throw .unknown(field: "settlement_period", value: other)
        }
    }

    /// Shape: `result[]`. `volume` is coins, `volume_usd` dollars; `open_interest` is dollars of an inverse contract and
    /// coins of a linear one. `price_change` is percent.
    static func readSummaries(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row, symbol: "instrument_name") { (row, draft) throws(FieldError) in
                draft.market.observedAt = try row.optionalMilliseconds("creation_timestamp")
                draft.market.lastPrice = try row.price("last")
                draft.market.markPrice = try row.price("mark_price")
                draft.market.bidPrice = try row.price("bid_price")
                draft.market.askPrice = try row.price("ask_price")
                draft.market.priceChange = try row.optionalNumber("price_change").map { $0 / 100 }
                draft.market.volumeBase = try row.optionalNonNegative("volume")
                draft.market.volumeQuote = try row.optionalNonNegative("volume_usd")
                draft.market.fundingRate = try row.optionalNumber("funding_8h")
                draft.market.fundingIntervalHours = fundingHours
                let size = try row.optionalNonNegative("open_interest")
                if (draft.listing?.parts ?? parts(draft.symbol))?.kind == .inverse {
                    draft.market.openInterestQuote = size
                } else {
                    draft.market.openInterestContracts = size
                    draft.market.openInterestBase = size
                }
            }
        }
    }

    /// Shape: `result`, one object: the only response with the index price.
    static func readTicker(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        guard let ticker = response.body.member("result"), ticker.object != nil else {
            throw .unexpectedShape(expected: "object 'result'")
        }
        batch.addIndex(ticker) { (row) throws(FieldError) in
            (try row.string("instrument_name"), try row.price("index_price"))
        }
    }

    /// Shape: `result[]`, one row per hour; only the request names the instrument. `interest_1h` is what the hour cost.
    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let asked = response.symbol ?? response.parameter("instrument_name")
        for row in try rows(response) {
            batch.addSettlement(row) { (row) throws(FieldError) in
                guard let symbol = asked else { throw .missing(field: "instrument_name") }
                return SettlementDraft(
                    symbol: symbol, settledAt: try row.milliseconds("timestamp"),
                    fundingRate: try row.number("interest_1h"), fundingIntervalHours: 1)
            }
        }
    }

    /// Shape: `result.trades[]`, oldest first.
    static func readTrades(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "result", "trades") { readTrade(row, into: &batch) }
    }

    /// A trade of REST or of the stream. `liquidation` says which side of it was forced: `T` the taker, `M` the maker, `MT`
    /// both. `direction` is the taker's.
    static func readTrade(_ row: JSONValue, into batch: inout Batch) {
        batch.addLiquidations(row) { (row) throws(FieldError) in
            guard let forced = try row.optionalString("liquidation") else { return [] }
            guard ["T", "M", "MT"].contains(forced) else { throw .unknown(field: "liquidation", value: forced) }
            let direction = try row.string("direction")
            guard direction == "buy" || direction == "sell" else {
                throw .unknown(field: "direction", value: direction)
            }
            let taker: LiquidationSide = direction == "sell" ? .long : .short
            let maker: LiquidationSide = direction == "sell" ? .short : .long
            let event = LiquidationDraft(
                symbol: try row.string("instrument_name"), side: taker, price: try row.positive("price"),
                size: try row.positive("amount"), unit: .base, occurredAt: try row.milliseconds("timestamp"),
                id: try row.optionalString("trade_id"))
            var other = event
            other.side = maker
            return forced == "MT" ? [event, other] : forced == "T" ? [event] : [other]
        }
    }
}
