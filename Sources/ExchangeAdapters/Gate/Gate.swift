import JSONReader
import PerpCore

/// Gate.io perpetuals settled in USDT.
///
/// Source: https://www.gate.io/docs/developers/apiv4/en/
/// `contracts.position_size` counts one side; `tickers.total_size` and `contract_stats` count both.
enum Gate {
    static let host = "https://api.gateio.ws"
    static let base = "/api/v4/futures/usdt"
    /// The most rows on a page of liquidations: a page of this length may be incomplete.
    static let fullPage = 1000

    static let adapter = Adapter(
        exchange: .gate,
        limits: [RateLimit("requests", limit: 200, windowSeconds: 10, spacingSeconds: 0.05)],
        // Sizes may be fractions of a contract; without this header they are cut to whole numbers.
        headers: ["X-Gate-Size-Decimal": "1"],
        refusals: Refusals(
            rateLimited: ["TOO_MANY_REQUESTS"], unavailable: ["SERVER_ERROR", "INTERNAL", "TOO_BUSY"]),
        liquidations: ("liq_orders", .complete), errorText: errorText, parts: parts, perpetual: { $0 + "_USDT" },
        endpoints: [
            Endpoint(
                "contracts", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/contracts")] }, read: readContracts),
            Endpoint(
                "tickers", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/tickers")] }, read: readTickers),
            Endpoint(
                "contract_stats", host, phase: .details, limit: "requests",
                calls: { plan in
                    let from = plan.flowWindow.from.milliseconds / 1000
                    return plan.focusPerpetuals.map {
                        EndpointCall(base + "/contract_stats?contract=\($0)&interval=1h&from=\(from)&limit=2")
                    }
                },
                read: readStatistics),
            Endpoint(
                "liq_orders", host, phase: .details, limit: "requests",
                calls: { plan in
                    let to = plan.hour.start - 1
                    return [liquidationCall(from: plan.hour.start - Hour.seconds, to: to)]
                },
                more: halves, read: readLiquidations),
            Endpoint(
                "funding_rate", host, phase: .details, limit: "requests",
                calls: { $0.focusPerpetuals.map { EndpointCall(base + "/funding_rate?contract=\($0)&limit=3") } },
                read: readFundingHistory),
            Endpoint(
                "spot_ticker", host, phase: .details, limit: "requests",
                calls: { $0.focusCoins.map { EndpointCall("/api/v4/spot/tickers?currency_pair=\($0)_USDT") } },
                read: readSpot),
        ])

    /// Shape of an error: `{"label": "INVALID_PARAM_VALUE", "message": "…"}`, at any HTTP status.
    static func errorText(_ body: JSONValue) -> String? {
        guard var members = body.object, let label = members.value("label")?.string else { return nil }
        return "\(label) \(members.value("message")?.string ?? "")"
    }

    /// `BTC_USDT`; `BTC_USD` is inverse; `BTC_USDT_20250627` is dated.
    static func parts(_ symbol: String) -> SymbolParts? {
        let words = words(symbol, at: "_")
        guard words.count == 2 || words.count == 3 else { return nil }
        let isInverse = words[1] == "USD"
        return SymbolParts(
            base: words[0], quote: words[1], settle: isInverse ? words[0] : words[1],
            kind: isInverse ? .inverse : .linear, contract: words.count == 3 ? .dated : .perpetual)
    }

    // MARK: - Calls

    static func liquidationCall(from: Int64, to: Int64) -> EndpointCall {
        EndpointCall(base + "/liq_orders?from=\(from)&to=\(to)&limit=\(fullPage)")
    }

    /// After a full page, which may be incomplete, the calls for the two halves of its span.
    private static func halves(_ response: Response, _ plan: Plan) -> [EndpointCall] {
        guard let rows = response.body.array, Array(rows).count >= fullPage,
            let from = response.parameter("from").flatMap(Int64.init),
            let to = response.parameter("to").flatMap(Int64.init), from < to
        else { return [] }
        let middle = from + (to - from) / 2
        return [liquidationCall(from: from, to: middle), liquidationCall(from: middle + 1, to: to)]
    }

    // MARK: - Readers

    /// Shape: a list, or one object. `quanto_multiplier` is coins per contract, 0 for an inverse one, whose
    /// contract is one dollar. Prices are per coin, however large the contract.
    static func readContracts(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try listOrOne(response.body) {
            batch.add(row, symbol: "name") { (row, draft) throws(FieldError) in
                let symbol = draft.symbol
                guard var parts = parts(symbol) else { throw .unknown(field: "name", value: symbol) }
                if try row.optionalString("type") == "inverse" { parts.kind = .inverse }
                let multiplier = try row.optionalPositive("quanto_multiplier")
                draft.fallback.lastPrice = try row.price("last_price")
                draft.fallback.markPrice = try row.price("mark_price")
                draft.fallback.indexPrice = try row.price("index_price")
                draft.fallback.observedAt = response.receivedAt
                draft.market.fundingRate = try row.optionalNumber("funding_rate")
                draft.market.fundingIntervalHours = try row.optionalPositive("funding_interval").map { $0 / 3600 }
                draft.market.nextFundingAt = try row.optionalSeconds("funding_next_apply")
                draft.market.openInterestContracts = try row.optionalNonNegative("position_size")
                let launched = try row.optionalSeconds("launch_time")
                let created = try row.optionalSeconds("create_time")
                let assetClass = AssetClasses.gate(try row.word("contract_type"))
                draft.listing = InstrumentDraft(
                    parts: parts, assetClass: assetClass, status: try status(&row),
                    contractMultiplier: multiplier ?? (parts.kind == .inverse ? 1 : nil),
                    listedAt: launched ?? created)
            }
        }
    }

    /// The status of a contract. `status` exists since 2025; a contract without it is trading unless it is being delisted.
    private static func status(_ row: inout ResponseRow) throws(FieldError) -> InstrumentStatus {
        if try row.optionalBool("in_delisting") == true { return .settling }
        switch try row.optionalString("status") {
        case nil, "trading": return .trading
        case "prelaunch": return .prelaunch
        case "delisting": return .settling
        case "delisted": return .delisted
        default: return .suspended
        }
    }

    /// Shape: a list. `volume_24h` counts contracts; `volume_24h_base` is cut to whole coins and not used.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.add(row, symbol: "contract") { (row, draft) throws(FieldError) in
                draft.market.observedAt = response.receivedAt
                draft.market.lastPrice = try row.price("last")
                draft.market.priceChange = try row.optionalNumber("change_percentage").map { $0 / 100 }
                draft.fallback.openInterestContracts = try row.optionalNonNegative("total_size").map { $0 / 2 }
                draft.market.volumeContracts = try row.optionalNonNegative("volume_24h")
                let quote = try row.optionalNonNegative("volume_24h_quote")
                draft.market.volumeQuote = try row.optionalNonNegative("volume_24h_settle") ?? quote
                draft.market.markPrice = try row.price("mark_price")
                draft.fallback.fundingRate = try row.optionalNumber("funding_rate")
                draft.market.indexPrice = try row.price("index_price")
                draft.market.bidPrice = try row.price("highest_bid")
                draft.market.askPrice = try row.price("lowest_ask")
                draft.tickerMultiplier = try row.optionalPositive("quanto_multiplier")
            }
        }
    }

    /// Shape: a list of buckets, each named by its start. Only the bucket of the closed hour is read.
    static func readStatistics(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let contract = response.parameter("contract")
        let asked = response.parameter("from").flatMap(Int64.init)
        let period = response.parameter("interval") ?? "1h"
        for row in try list(response.body) {
            batch.addRatios(row) { (row) throws(FieldError) in
                guard let symbol = contract else { throw .missing(field: "contract") }
                let start = try row.seconds("time")
                if let asked, start != Timestamp(seconds: asked) { return [] }
                let end = start.advanced(byMilliseconds: length(of: period))
                return try ratios(&row, of: symbol, at: end, period: period)
            }
        }
    }

    /// The ratios in a bucket that ends at `end`.
    static func ratios(
        _ row: inout ResponseRow, of symbol: String, at end: Timestamp, period: String
    ) throws(FieldError) -> [RatioDraft] {
        var ratios: [RatioDraft] = []
        func add(_ population: LongShortRatio.Population, _ ratio: Double?) {
            guard let ratio else { return }
            let (long, short) = fractions(of: ratio)
            ratios.append(
                RatioDraft(
                    symbol: symbol, population: population, period: period, ratio: ratio, longFraction: long,
                    shortFraction: short, observedAt: end))
        }
        add(.taker, try row.optionalNonNegative("lsr_taker"))
        add(.accounts, try row.optionalNonNegative("lsr_account"))
        add(.topAccounts, try row.optionalNonNegative("top_lsr_account"))
        add(.topPositions, try row.optionalNonNegative("top_lsr_size"))
        return ratios
    }

    /// Shape: a list. `size` is the position, repeated in the row of each step of its closing: a step closed the
    /// order less what is left of it. A positive position was long.
    static func readLiquidations(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.addLiquidation(row) { (row) throws(FieldError) in
                let seconds = try row.seconds("time")
                let time = try row.optionalMilliseconds("time_ms") ?? seconds
                let symbol = try row.string("contract")
                let position = try row.number("size")
                guard position != 0 else { throw .notPositive(field: "size", value: "0") }
                let left = try row.optionalNumber("left") ?? 0
                let order = try row.optionalNumber("order_size")
                let closed = order.map { abs($0) - abs(left) } ?? abs(position - left)
                guard closed > 0 else { return nil }
                return LiquidationDraft(
                    symbol: symbol, side: position > 0 ? .long : .short, price: try row.positive("fill_price"),
                    size: closed, unit: .contracts, occurredAt: time)
            }
        }
    }

    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let contract = response.parameter("contract")
        for row in try list(response.body) {
            batch.addSettlement(row) { (row) throws(FieldError) in
                guard let symbol = contract else { throw .missing(field: "contract") }
                return SettlementDraft(
                    symbol: symbol, settledAt: try row.seconds("t"),
                    fundingRate: try row.number("r"))
            }
        }
    }

    static func readSpot(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.addSpot(row) { (row) throws(FieldError) in
                try SpotDraft(
                    &row, symbol: "currency_pair", last: "last", bid: "highest_bid", ask: "lowest_ask",
                    turnover: "quote_volume", fallback: response.receivedAt)
            }
        }
    }
}
