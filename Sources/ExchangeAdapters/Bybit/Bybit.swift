import JSONReader
import PerpCore

/// Bybit v5, linear and inverse contracts.
///
/// Source: https://bybit-exchange.github.io/docs/v5/intro
enum Bybit {
    static let host = "https://api.bybit.com"
    /// The day from which the documentation calls `openInterest` the sum of both sides. What older bodies count is not
    /// known; they are kept as sent.
    static let bothSidesSince = Timestamp(seconds: 1_699_920_000)  // 2023-11-14

    static let adapter = Adapter(
        exchange: .bybit, limits: [RateLimit("requests", limit: 600, windowSeconds: 5)],
        refusals: Refusals(
            rateLimited: ["10006", "10018"], unavailable: ["10000", "10016", "10019"],
            // Source: https://bybit-exchange.github.io/docs/v5/rate-limit
            forbiddenBan: .init(words: "access too frequent", length: 600_000)),
        errorText: { envelopeError($0, code: "retCode", success: "0", message: "retMsg") },
        parts: parts, perpetual: { $0 + "USDT" },
        endpoints: [
            Endpoint(
                "instruments", host, phase: .instruments, typicalCalls: 2, essential: true, limit: "requests",
                repetition: .exceptTime("time"),
                calls: { _ in [EndpointCall(instrumentsPath(.linear))] },
                more: { response, _ in nextPage(response, .linear) },
                endsList: { cursor(of: $0) == nil }, read: readInstruments),
            Endpoint(
                "instruments_inverse", host, phase: .instruments, isList: true, limit: "requests",
                repetition: .exceptTime("time"),
                calls: { _ in [EndpointCall(instrumentsPath(.inverse))] },
                more: { response, _ in nextPage(response, .inverse) },
                endsList: { cursor(of: $0) == nil }, read: readInstruments),
            Endpoint(
                "instruments_prelaunch", host, phase: .instruments, limit: "requests", repetition: .exceptTime("time"),
                calls: { _ in [EndpointCall(instrumentsPath(.linear) + "&status=PreLaunch")] }, read: readInstruments),
            Endpoint(
                "tickers", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/v5/market/tickers?category=linear")] }, read: readTickers),
            Endpoint(
                "tickers_inverse", host, phase: .market, listedBy: "instruments_inverse", limit: "requests",
                calls: { _ in [EndpointCall("/v5/market/tickers?category=inverse")] }, read: readTickers),
            Endpoint(
                "long_short_accounts", host, phase: .details, limit: "requests",
                calls: { plan in
                    plan.focusPerpetuals.map {
                        EndpointCall("/v5/market/account-ratio?\(contract($0, plan))&period=1h&limit=1")
                    }
                },
                read: readAccountRatio),
            Endpoint(
                "funding_history", host, phase: .details, limit: "requests",
                calls: { plan in
                    plan.focusPerpetuals.map {
                        EndpointCall("/v5/market/funding/history?\(contract($0, plan))&limit=3")
                    }
                },
                read: readFundingHistory),
            Endpoint(
                "spot_ticker", host, phase: .details, limit: "requests",
                calls: { $0.focusCoins.map { EndpointCall("/v5/market/tickers?category=spot&symbol=\($0)USDT") } },
                read: readSpot),
        ])

    /// The list of one category, whose name is that of the contract kind.
    private static func instrumentsPath(_ kind: ContractKind) -> String {
        "/v5/market/instruments-info?category=\(kind.rawValue)&limit=1000"
    }

    /// The parameters that name a contract.
    private static func contract(_ symbol: String, _ plan: Plan) -> String {
        "category=\((plan.batch.parts(of: symbol)?.kind ?? .linear).rawValue)&symbol=\(symbol)"
    }

    /// `BTCUSDT`, `BTCPERP` (quoted in USDC), `BTC-25AUG23` (USDC) and `BTCUSDT-25AUG23` (dated); inverse are `BTCUSD` and
    /// `BTCUSDU23` (dated).
    static func parts(_ symbol: String) -> SymbolParts? {
        if let base = baseOfInverseFuture(symbol) {
            return SymbolParts(base: base, quote: "USD", settle: base, kind: .inverse, contract: .dated)
        }
        let pair = symbol.prefix { $0 != "-" }
        let term: ContractTerm = pair.endIndex == symbol.endIndex ? .perpetual : .dated
        for (suffix, quote) in [("USDT", "USDT"), ("PERP", "USDC"), ("USDC", "USDC"), ("USD", "USD")]
        where pair.hasSuffix(suffix) && pair.utf8.count > suffix.utf8.count {
            let base = String(pair.dropLast(suffix.utf8.count))
            let isInverse = quote == "USD"
            return SymbolParts(
                base: base, quote: quote, settle: isInverse ? base : quote, kind: isInverse ? .inverse : .linear,
                contract: term)
        }
        guard term == .dated, !pair.isEmpty else { return nil }
        return SymbolParts(base: String(pair), quote: "USDC", settle: "USDC", contract: .dated)
    }

    /// The base of an inverse contract that ends, `BTC` of `BTCUSDU23`: a letter is the month, and two digits are the year.
    private static func baseOfInverseFuture(_ symbol: String) -> String? {
        let end = Array(symbol.utf8.suffix(6))
        guard symbol.utf8.count > 6, end.starts(with: "USD".utf8), "FGHJKMNQUVXZ".utf8.contains(end[3]),
            end[4...].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return String(symbol.dropLast(6))
    }

    private static func nextPage(_ response: Response, _ kind: ContractKind) -> [EndpointCall] {
        cursor(of: response).map { [EndpointCall(instrumentsPath(kind) + "&cursor=" + percentEncoded($0))] } ?? []
    }

    /// The cursor of the next page; `nil` on the last page.
    private static func cursor(of response: Response) -> String? {
        var members = response.body.object
        var result = members?.value("result")?.object
        guard let cursor = result?.value("nextPageCursor")?.string, !cursor.isEmpty else { return nil }
        return cursor
    }

    private static func rows(_ response: Response) throws(AdapterError) -> JSONArray {
        try list(response.body, in: "result", "list")
    }

    /// Shape: `result.list[]`. A contract is a base unit, or a dollar if inverse. `fundingInterval` is in minutes; a value
    /// below 60 is in another unit and ignored.
    static func readInstruments(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                let type = try row.string("contractType")
                let status = try row.string("status")
                let base = try row.string("baseCoin")
                let quote = try row.string("quoteCoin")
                let listedAt = try row.optionalMilliseconds("launchTime")
                let minutes = try row.optionalPositive("fundingInterval")
                let settle = try row.string("settleCoin")
                let (kind, term) = try contractKind(type)
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(base: base, quote: quote, settle: settle, kind: kind, contract: term),
                    assetClass: AssetClasses.bybit(try row.word("symbolType")),
                    status: instrumentStatus(status), contractMultiplier: 1,
                    fundingIntervalHours: minutes.flatMap { $0 < 60 ? nil : $0 / 60 }, listedAt: listedAt)
            }
        }
    }

    private static func contractKind(_ type: String) throws(FieldError) -> (ContractKind, ContractTerm) {
        switch type {
        case "LinearPerpetual": (.linear, .perpetual)
        case "LinearFutures": (.linear, .dated)
        case "InversePerpetual": (.inverse, .perpetual)
        case "InverseFutures": (.inverse, .dated)
        default: throw .unknown(field: "contractType", value: type)
        }
    }

    private static func instrumentStatus(_ status: String) -> InstrumentStatus {
        switch status {
        case "Trading": .trading
        case "PreLaunch": .prelaunch
        case "Delivering": .settling
        case "Closed": .delisted
        default: .suspended
        }
    }

    /// Shape: `result.list[]`, one object per symbol, and `time` beside `result`. `openInterest` and
    /// `volume24h` are in base coins, `turnover24h` in quote, `price24hPcnt` a fraction;
    /// `fundingRate` is blank when dated. Of an inverse contract, sizes are dollars and turnover is coins.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let responseTime = response.body.statedTime("time")
        let isOneSide = responseTime.map { $0 < bothSidesSince } ?? false
        for row in try rows(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.observedAt = responseTime
                draft.market.lastPrice = try row.price("lastPrice")
                draft.market.indexPrice = try row.price("indexPrice")
                draft.market.markPrice = try row.price("markPrice")
                draft.market.priceChange = try row.optionalNumber("price24hPcnt")
                let contracts = try row.optionalNonNegative("openInterest")
                let value = try row.optionalNonNegative("openInterestValue")
                let turnover = try row.optionalNonNegative("turnover24h")
                let volume = try row.optionalNonNegative("volume24h")
                draft.market.fundingRate = try row.optionalNumber("fundingRate")
                draft.market.nextFundingAt = try row.optionalMilliseconds("nextFundingTime")
                draft.market.askPrice = try row.price("ask1Price")
                draft.market.bidPrice = try row.price("bid1Price")
                draft.market.fundingIntervalHours = try row.optionalPositive("fundingIntervalHour")
                let side = isOneSide ? 1.0 : 0.5
                let oneSideContracts = try row.optionalNonNegative("singleOpenInterest") ?? contracts.map { $0 * side }
                let oneSideValue = try row.optionalNonNegative("singleOpenInterestValue") ?? value.map { $0 * side }
                draft.market.openInterestContracts = oneSideContracts
                if (draft.listing?.parts ?? parts(draft.symbol))?.kind == .inverse {
                    draft.market.volumeBase = turnover
                    draft.market.volumeQuote = volume
                    draft.market.openInterestQuote = oneSideContracts
                } else {
                    draft.market.volumeBase = volume
                    draft.market.volumeQuote = turnover
                    draft.market.openInterestBase = oneSideContracts
                    draft.market.openInterestQuote = oneSideValue
                }
            }
        }
    }

    static func readAccountRatio(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        batch.addRatios(
            try rows(response), in: response, of: .accounts, symbol: "symbol", long: "buyRatio", short: "sellRatio",
            time: "timestamp")
    }

    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        batch.addSettlements(try rows(response), time: "fundingRateTimestamp")
    }

    static func readSpot(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let observedAt = response.body.statedTime("time") ?? response.receivedAt
        for row in try rows(response) {
            batch.addSpot(row) { (row) throws(FieldError) in
                try SpotDraft(
                    &row, symbol: "symbol", last: "lastPrice", bid: "bid1Price", ask: "ask1Price",
                    turnover: "turnover24h", fallback: observedAt)
            }
        }
    }
}
