import JSONReader
import PerpCore

/// Bybit v5, linear contracts.
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
                calls: { _ in [EndpointCall(instrumentsPath)] }, more: nextPage, endsList: { cursor(of: $0) == nil },
                read: readInstruments),
            Endpoint(
                "instruments_prelaunch", host, phase: .instruments, limit: "requests",
                calls: { _ in [EndpointCall(instrumentsPath + "&status=PreLaunch")] }, read: readInstruments),
            Endpoint(
                "tickers", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/v5/market/tickers?category=linear")] }, read: readTickers),
            Endpoint(
                "long_short_accounts", host, phase: .details, limit: "requests",
                calls: { plan in
                    plan.focusPerpetuals.map {
                        EndpointCall("/v5/market/account-ratio?category=linear&symbol=\($0)&period=1h&limit=1")
                    }
                },
                read: readAccountRatio),
            Endpoint(
                "funding_history", host, phase: .details, limit: "requests",
                calls: { plan in
                    plan.focusPerpetuals.map {
                        EndpointCall("/v5/market/funding/history?category=linear&symbol=\($0)&limit=3")
                    }
                },
                read: readFundingHistory),
            Endpoint(
                "spot_ticker", host, phase: .details, limit: "requests",
                calls: { $0.focusCoins.map { EndpointCall("/v5/market/tickers?category=spot&symbol=\($0)USDT") } },
                read: readSpot),
        ])

    private static let instrumentsPath = "/v5/market/instruments-info?category=linear&limit=1000"

    /// `BTCUSDT`, `BTCPERP` (quoted in USDC), `BTC-25AUG23` (USDC) and `BTCUSDT-25AUG23` (dated).
    static func parts(_ symbol: String) -> SymbolParts? {
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

    private static func nextPage(_ response: Response, _ plan: Plan) -> [EndpointCall] {
        cursor(of: response).map { [EndpointCall(instrumentsPath + "&cursor=" + percentEncoded($0))] } ?? []
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

    /// Shape: `result.list[]`. `fundingInterval` is in minutes; a value below 60 is in another unit and ignored.
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
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(
                        base: base, quote: quote, settle: settle,
                        kind: type.hasPrefix("Inverse") ? .inverse : .linear,
                        contract: type.hasSuffix("Futures") ? .dated : .perpetual),
                    assetClass: AssetClasses.bybit(try row.word("symbolType")),
                    status: instrumentStatus(status), contractMultiplier: 1,
                    fundingIntervalHours: minutes.flatMap { $0 < 60 ? nil : $0 / 60 }, listedAt: listedAt)
            }
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
        let responseTime = time(of: response.body)
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

    private static func time(of body: JSONValue) -> Timestamp? {
        var members = body.object
        return members?.value("time")?.integer.map(Timestamp.init(milliseconds:))
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
        let observedAt = time(of: response.body) ?? response.receivedAt
        for row in try rows(response) {
            batch.addSpot(row) { (row) throws(FieldError) in
                try SpotDraft(
                    &row, symbol: "symbol", last: "lastPrice", bid: "bid1Price", ask: "ask1Price",
                    turnover: "turnover24h", fallback: observedAt)
            }
        }
    }
}
