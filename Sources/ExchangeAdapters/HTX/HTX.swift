import JSONReader
import PerpCore

/// HTX contracts margined in USDT.
///
/// Source: https://www.htx.com/en-us/opend/newApiPages/?type=2
/// Open interest counts one side, the volume of a day both sides: it is halved. No response states mark prices of all
/// markets, nor the change of 24 hours: `open` is the price at midnight in UTC+8.
enum HTX {
    static let host = "https://api.hbdm.com"
    static let base = "/linear-swap-api/v1"

    static let adapter = Adapter(
        exchange: .htx, limits: [RateLimit("requests", limit: 240, windowSeconds: 3, spacingSeconds: 0.05)],
        refusals: Refusals(rateLimited: ["1032"], unavailable: ["1000", "1001", "1003", "1004"]),
        liquidations: ("liquidation_orders", .sampled), errorText: errorText, parts: parts, perpetual: { $0 + "-USDT" },
        endpoints: [
            Endpoint(
                "contracts", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/swap_contract_info")] }, read: readContracts),
            Endpoint(
                "tickers", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/v2/linear-swap-ex/market/detail/batch_merged")] }, read: readTickers),
            Endpoint(
                "open_interest", host, phase: .market, limit: "requests",
                calls: { _ in [EndpointCall(base + "/swap_open_interest")] }, read: readOpenInterest),
            Endpoint(
                "funding_rates", host, phase: .market, limit: "requests",
                calls: { _ in [EndpointCall(base + "/swap_batch_funding_rate")] }, read: readFundingRates),
            Endpoint(
                "index_prices", host, phase: .market, limit: "requests",
                calls: { _ in [EndpointCall(base + "/swap_index")] }, read: readIndexPrices),
            Endpoint(
                "funding_history", host, phase: .details, limit: "requests",
                calls: { plan in
                    plan.focusPerpetuals.map {
                        EndpointCall(
                            base + "/swap_historical_funding_rate?contract_code=\($0)&page_index=1&page_size=3")
                    }
                },
                read: readFundingHistory),
            ratio("long_short_top_accounts", "swap_elite_account_ratio", .topAccounts),
            ratio("long_short_top_positions", "swap_elite_position_ratio", .topPositions),
            Endpoint(
                "liquidation_orders", host, phase: .details, limit: "requests",
                calls: { plan in
                    plan.focusPerpetuals.map {
                        EndpointCall("/linear-swap-api/v3/swap_liquidation_orders?contract=\($0)&trade_type=0")
                    }
                },
                read: readLiquidations),
        ])

    private static func ratio(_ id: String, _ path: String, _ population: LongShortRatio.Population) -> Endpoint {
        Endpoint(
            id, host, phase: .details, limit: "requests",
            calls: { plan in
                plan.focusPerpetuals.map { EndpointCall(base + "/\(path)?contract_code=\($0)&period=60min") }
            },
            read: { (response, batch) throws(AdapterError) in try readRatios(response, population, into: &batch) })
    }

    /// Shapes of an error: `{"status": "error", "err_code": 1030, "err_msg": "…"}`, and of newer paths
    /// `{"code": 1030, "msg": "…"}` with another code than 200.
    static func errorText(_ body: JSONValue) -> String? {
        guard let status = body.text("status") else {
            return envelopeError(body, code: "code", success: "200", message: "msg")
        }
        if status == "ok" { return nil }
        let code = body.member("err_code") ?? body.member("err-code")
        return "\(code?.summary ?? status) \(body.text("err_msg") ?? body.text("err-msg") ?? "")"
    }

    /// `BTC-USDT`; `BTC-USDT-261225` is dated.
    static func parts(_ symbol: String) -> SymbolParts? {
        let words = words(symbol, at: "-")
        guard words.count == 2 || words.count == 3, words[1] != "USD" else { return nil }
        return SymbolParts(
            base: words[0], quote: words[1], settle: words[1], contract: words.count == 3 ? .dated : .perpetual)
    }

    // MARK: - Readers

    private static func data(_ response: Response) throws(AdapterError) -> JSONArray {
        try list(response.body, in: "data")
    }

    /// Shape: `data[]`. A contract is `contract_size` coins, however large: prices are per coin.
    static func readContracts(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row, symbol: "contract_code") { (row, draft) throws(FieldError) in
                let code = draft.symbol
                guard var parts = parts(code) else { throw .unknown(field: "contract_code", value: code) }
                let size = try row.optionalPositive("contract_size")
                let status = try row.number("contract_status")
                let hours = try row.optionalPositive("settlement_period")
                parts.contract = try contractTerm(&row) ?? parts.contract
                parts.settle = try row.optionalString("trade_partition") ?? parts.settle
                let labels = try row.optionalTexts("labels")
                let tradfi = try row.optionalTexts("tradfi_labels")
                draft.listing = InstrumentDraft(
                    parts: parts, assetClass: AssetClasses.htx(base: parts.base, tradfi: tradfi, labels: labels),
                    status: instrumentStatus(status), contractMultiplier: size, fundingIntervalHours: hours)
            }
        }
    }

    /// `nil` in bodies that are older than dated contracts.
    private static func contractTerm(_ row: inout ResponseRow) throws(FieldError) -> ContractTerm? {
        switch try row.optionalString("business_type") {
        case nil: return nil
        case "swap": return .perpetual
        case "futures": return .dated
        case let type?: throw .unknown(field: "business_type", value: type)
        }
    }

    private static func instrumentStatus(_ status: Double) -> InstrumentStatus {
        switch status {
        case 1: .trading
        case 2: .prelaunch
        case 5, 6, 7: .settling
        case 0, 8: .delisted
        default: .suspended
        }
    }

    /// Shape: `ticks[]`. `amount` counts coins and `trade_turnover` quote units of both sides; `ask` and `bid` are pairs of
    /// price and size, and `null` without a book. `count` is odd at times, so it counts trades once.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "ticks") {
            batch.add(row, symbol: "contract_code") { (row, draft) throws(FieldError) in
                draft.market.observedAt = try row.optionalMilliseconds("ts")
                draft.market.askPrice = try bestPrice(&row, "ask")
                draft.market.bidPrice = try bestPrice(&row, "bid")
                draft.market.lastPrice = try row.price("close")
                draft.market.volumeBase = try row.optionalNonNegative("amount").map { $0 / 2 }
                draft.market.trades = try row.optionalCount("count")
                draft.market.volumeQuote = try row.optionalNonNegative("trade_turnover").map { $0 / 2 }
            }
        }
    }

    private static func bestPrice(_ row: inout ResponseRow, _ field: StaticString) throws(FieldError) -> Double? {
        guard let value = row.value(field) else { return nil }
        guard let first = value.array?.first else { return nil }
        guard let price = first.number, price.isFinite else {
            throw .notANumber(field: "\(field)", value: first.summary)
        }
        guard price >= 0 else { throw .negative(field: "\(field)", value: "\(price)") }
        return price > 0 ? price : nil
    }

    /// Shape: `data[]`. `volume` counts contracts, `amount` coins and `value` quote units, all of one side.
    static func readOpenInterest(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row, symbol: "contract_code") { (row, draft) throws(FieldError) in
                draft.market.openInterestContracts = try row.nonNegative("volume")
                draft.market.openInterestBase = try row.optionalNonNegative("amount")
                draft.market.openInterestQuote = try row.optionalNonNegative("value")
            }
        }
    }

    /// A rate whose settlement is longer ago than so many milliseconds belongs to a dead contract.
    private static let latestSettlement = Hour.milliseconds

    /// Shape: `data[]`. The rate is that of the settlement at `funding_time`; both are `null` where there is none.
    static func readFundingRates(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let stated = response.body.statedTime("ts")
        let now = stated ?? response.receivedAt
        for row in try data(response) {
            batch.add(row, symbol: "contract_code") { (row, draft) throws(FieldError) in
                let rate = try row.optionalNumber("funding_rate")
                let next = try row.optionalMilliseconds("funding_time")
                guard let next, next.advanced(byMilliseconds: latestSettlement) > now else { return }
                draft.market.fundingRate = rate
                draft.market.nextFundingAt = next
            }
        }
    }

    static func readIndexPrices(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.addIndex(row) { (row) throws(FieldError) in
                let price = try row.price("index_price")
                return (try row.string("contract_code"), price)
            }
        }
    }

    /// Shape: `data.data[]`, newest first.
    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data", "data") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                try SettlementDraft(&row, symbol: "contract_code", time: "funding_time", rate: "funding_rate")
            }
        }
    }

    /// Shape: `data.list[]`, beside the contract's code. A bucket that may still be filling is passed over.
    static func readRatios(
        _ response: Response, _ population: LongShortRatio.Population, into batch: inout Batch
    ) throws(AdapterError) {
        let symbol = response.body.member("data")?.text("contract_code") ?? response.parameter("contract_code")
        for row in try list(response.body, in: "data", "list") {
            batch.addRatios(row) { (row) throws(FieldError) in
                guard let symbol else { throw .missing(field: "contract_code") }
                let ratio = try RatioDraft(
                    &row, symbol: symbol, population: population, period: "1h", long: "buy_ratio", short: "sell_ratio",
                    time: "ts")
                let end = ratio.observedAt.advanced(byMilliseconds: Hour.milliseconds)
                return end <= response.receivedAt ? [ratio] : []
            }
        }
    }

    /// Shape: `data[]`, newest first.
    static func readLiquidations(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) { readLiquidation(row, into: &batch) }
    }

    /// One liquidation of a response or a message: an order to sell closes a long position. `amount` counts coins,
    /// `volume` contracts.
    static func readLiquidation(_ row: JSONValue, into batch: inout Batch) {
        batch.addLiquidation(row) { (row) throws(FieldError) in
            let id = row.value("query_id")?.summary
            let symbol = try row.string("contract_code")
            let direction = try row.string("direction")
            let offset = try row.string("offset")
            let contracts = try row.optionalPositive("volume")
            let price = try row.positive("price")
            let time = try row.milliseconds("created_at")
            guard offset == "close" else { throw .unknown(field: "offset", value: offset) }
            guard direction == "sell" || direction == "buy" else {
                throw .unknown(field: "direction", value: direction)
            }
            return LiquidationDraft(
                symbol: symbol, side: direction == "sell" ? .long : .short, price: price,
                size: try row.positive("amount"), unit: .base, contracts: contracts, occurredAt: time, id: id)
        }
    }
}
