import JSONReader
import PerpCore

/// Kraken Futures: linear (`PF_`) and inverse (`PI_`) perpetuals, and dated futures (`FF_`, `FI_`).
///
/// Source: https://docs.kraken.com/api/docs/futures-api/trading/get-tickers
/// Funding rates are absolute, per contract and hour: quote units for a linear contract, coins for an inverse one. Sizes of
/// inverse contracts are dollars, those of linear ones coins.
enum KrakenFutures {
    static let host = "https://futures.kraken.com"
    static let api = "/derivatives/api/"
    private static let mostPages = 20
    private static let pageLength = 100
    /// How many of the newest settlements are kept of the history, which comes whole.
    private static let settlementsKept = 3

    static let adapter = Adapter(
        exchange: .krakenFutures,
        limits: [RateLimit("requests", limit: 50, windowSeconds: 10, spacingSeconds: 0.2)],
        refusals: Refusals(
            rateLimited: ["apiLimitExceeded"], unavailable: ["Server", "Unavailable", "marketUnavailable"],
            leastWait: 2000),
        liquidations: ("history", .sampled), errorText: errorText, parts: parts,
        perpetual: { "PF_\($0 == "BTC" ? "XBT" : $0)USD" },
        endpoints: [
            Endpoint(
                "instruments", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(api + "v3/instruments")] }, read: readInstruments),
            Endpoint(
                "tickers", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(api + "v3/tickers")] }, read: readTickers),
            Endpoint(
                "historical_funding_rates", host, phase: .details, limit: "requests",
                calls: { plan in
                    guard plan.includesOptional else { return [] }
                    return plan.focusPerpetuals.map { EndpointCall(api + "v4/historicalfundingrates?symbol=\($0)") }
                },
                read: readFundingHistory),
            Endpoint(
                "history", host, phase: .details, limit: "requests",
                calls: { plan in
                    guard plan.includesOptional else { return [] }
                    return plan.focusPerpetuals.map { historyCall($0, before: "\(plan.hour.startTime)") }
                },
                more: olderPage, read: readHistory),
        ])

    /// Shape of an error: `{"result": "error", "error": "apiLimitExceeded"}`. Charts have no `result` beside their candles.
    static func errorText(_ body: JSONValue) -> String? {
        guard body.object != nil, body.member("candles") == nil else { return nil }
        guard let result = body.text("result") else { return "the envelope has no 'result'" }
        return result == "success" ? nil : body.text("error") ?? result
    }

    /// `PF_XBTUSD`, `PI_XBTUSD` (inverse), `FF_XBTUSD_251226`, `FI_XBTUSD_251226` (dated), and `PV_XRPXBT` of 2019. Older
    /// bodies write them in lower case.
    static func parts(_ symbol: String) -> SymbolParts? {
        let parts = words(symbol.uppercased(), at: "_")
        guard parts.count == 2 || parts.count == 3, ["PF", "PI", "PV", "FF", "FI", "FV"].contains(parts[0]) else {
            return nil
        }
        let isInverse = parts[0].hasSuffix("I")
        for quote in ["USDT", "USDC", "USD", "EUR", "GBP", "XBT"]
        where parts[1].hasSuffix(quote) && parts[1].utf8.count > quote.utf8.count {
            let base = String(parts[1].dropLast(quote.utf8.count))
            return SymbolParts(
                base: base, quote: quote, settle: isInverse ? base : quote, kind: isInverse ? .inverse : .linear,
                contract: parts[0].hasPrefix("P") ? .perpetual : .dated)
        }
        return nil
    }

    // MARK: - Calls

    private static func historyCall(_ symbol: String, before time: String) -> EndpointCall {
        EndpointCall(api + "v3/history?symbol=\(symbol)&lastTime=\(percentEncoded(time))")
    }

    /// The call for the next older page, until a page reaches back before the closed hour.
    private static func olderPage(_ response: Response, _ plan: Plan) -> [EndpointCall] {
        guard let rows = response.body.member("history")?.array.map(Array.init), rows.count >= pageLength,
            plan.batch.rowCount("history") < mostPages * pageLength, let symbol = response.parameter("symbol"),
            let oldest = rows.compactMap({ $0.text("time").flatMap { Timestamp(iso8601: $0) } }).min(),
            oldest >= plan.flowWindow.from
        else { return [] }
        return [historyCall(symbol, before: "\(oldest)")]
    }

    // MARK: - Readers

    /// Shape: `instruments[]`, spot indices among them. A contract is `contractSize` dollars if inverse, coins if linear.
    static func readInstruments(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "instruments") {
            batch.add(row) { (row, draft) throws(FieldError) in
                let type = try row.string("type")
                draft.isOtherProduct = type.hasSuffix("index")
                if draft.isOtherProduct { return }
                guard var parts = parts(draft.symbol) else { throw .unknown(field: "symbol", value: draft.symbol) }
                parts.kind = try contractKind(type)
                if try row.optionalString("lastTradingTime") != nil { parts.contract = .dated }
                let size = try row.optionalPositive("contractSize")
                let isTradeable = try row.optionalBool("tradeable") ?? true
                let listedAt = row.value("openingDate") == nil ? nil : try row.iso8601("openingDate")
                let isPostOnly = try row.optionalBool("postOnly") ?? false
                let isTraditional = try row.optionalBool("tradfi")
                parts.base = try row.optionalString("base") ?? parts.base
                parts.quote = try row.optionalString("quote") ?? parts.quote
                parts.settle = parts.kind == .inverse ? parts.base : parts.quote
                draft.listing = InstrumentDraft(
                    parts: parts,
                    assetClass: AssetClasses.krakenFutures(base: parts.base, isTraditional: isTraditional),
                    status: isTradeable && !isPostOnly ? .trading : .suspended, contractMultiplier: size,
                    fundingIntervalHours: 1, listedAt: listedAt)
            }
        }
    }

    private static func contractKind(_ type: String) throws(FieldError) -> ContractKind {
        switch type {
        case "futures_inverse": .inverse
        case "flexible_futures", "futures_vanilla": .linear
        default: throw .unknown(field: "type", value: type)
        }
    }

    /// Shape: `tickers[]`, indices among them, which have a last price only; `serverTime` beside it. `vol24h` and
    /// `openInterest` are coins of a linear contract and dollars of an inverse one, whose `volumeQuote` is not used.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let time = response.body.text("serverTime").flatMap { Timestamp(iso8601: $0) } ?? response.receivedAt
        for row in try list(response.body, in: "tickers") {
            batch.add(row) { (row, draft) throws(FieldError) in
                let parts = draft.listing?.parts ?? parts(draft.symbol)
                let mark = try row.price("markPrice")
                draft.isHalted = try isHalted(&row)
                if parts == nil, mark == nil { draft.isOtherProduct = true }
                draft.market.observedAt = time
                draft.market.markPrice = mark
                draft.market.bidPrice = try row.price("bid")
                draft.market.askPrice = try row.price("ask")
                draft.market.indexPrice = try row.price("indexPrice")
                let volume = try row.optionalNonNegative("vol24h")
                let turnover = try row.optionalNonNegative("volumeQuote")
                let openInterest = try row.optionalNonNegative("openInterest")
                let open = try row.price("open24h")
                let last = try row.price("last")
                let percent = try row.optionalNumber("change24h")
                draft.market.lastPrice = last
                draft.market.priceChange = percent.map { $0 / 100 } ?? change(from: open, to: last)
                draft.market.openInterestContracts = openInterest
                let rate = try row.optionalNumber("fundingRate")
                if parts?.kind == .inverse {
                    draft.market.volumeQuote = volume
                    draft.market.openInterestQuote = openInterest
                    draft.market.fundingRate = relative(rate, mark) { $0 * $1 }
                } else {
                    draft.market.volumeBase = volume
                    draft.market.volumeQuote = turnover
                    draft.market.openInterestBase = openInterest
                    draft.market.fundingRate = relative(rate, mark) { $0 / $1 }
                }
                draft.market.fundingIntervalHours = 1
                draft.market.nextFundingAt = time.nextFullHour
            }
        }
    }

    private static func isHalted(_ row: inout ResponseRow) throws(FieldError) -> Bool {
        let isSuspended = try row.optionalBool("suspended") ?? false
        return try row.optionalBool("postOnly") ?? false || isSuspended
    }

    private static func change(from open: Double?, to last: Double?) -> Double? {
        guard let open, let last else { return nil }
        return last / open - 1
    }

    /// An absolute rate as a fraction of notional; `nil` without a mark price.
    private static func relative(_ rate: Double?, _ mark: Double?, _ scale: (Double, Double) -> Double) -> Double? {
        guard let rate, let mark else { return nil }
        return scale(rate, mark)
    }

    /// Shape: `rates[]`, a year of hours in either order; only the request names the symbol. The newest few are kept.
    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let asked = response.parameter("symbol")
        let rows = Array(try list(response.body, in: "rates"))
        let times = rows.map { $0.text("timestamp").flatMap { Timestamp(iso8601: $0) } }
        let oldest = times.compactMap(\.self).sorted(by: >).prefix(settlementsKept).last
        for (row, time) in zip(rows, times) {
            // A time that cannot be read is rejected below.
            if let time, let oldest, time < oldest { continue }
            batch.addSettlement(row) { (row) throws(FieldError) in
                guard let symbol = asked else { throw .missing(field: "symbol") }
                return SettlementDraft(
                    symbol: symbol, settledAt: try row.iso8601("timestamp"),
                    fundingRate: try row.number("relativeFundingRate"))
            }
        }
    }

    /// Shape: `history[]`, newest first; only the request names the symbol.
    static func readHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let asked = response.parameter("symbol")
        for row in try list(response.body, in: "history") {
            batch.addLiquidation(row) { (row) throws(FieldError) in
                guard isForced(try row.optionalString("type")) else { return nil }
                guard let symbol = asked else { throw .missing(field: "symbol") }
                return LiquidationDraft(
                    symbol: symbol, side: try side(&row), price: try row.positive("price"),
                    size: try row.positive("size"), unit: .base, occurredAt: try row.iso8601("time"),
                    id: try row.optionalString("uid"))
            }
        }
    }

    /// Whether a trade of this type closed a position by force. REST and the stream spell the partial ones differently.
    static func isForced(_ type: String?) -> Bool {
        type == "liquidation" || type == "partial liquidation" || type == "partialLiquidation"
    }

    /// Who was liquidated, from the side of the order: a sale closed a long.
    static func side(_ row: inout ResponseRow) throws(FieldError) -> LiquidationSide {
        let side = try row.string("side")
        guard side == "buy" || side == "sell" else { throw .unknown(field: "side", value: side) }
        return side == "sell" ? .long : .short
    }
}
