import JSONReader
import PerpCore

/// Bitget USDT-FUTURES.
///
/// Source: https://www.bitget.com/api-doc/contract/intro
/// `holdingAmount` is in coins and kept as sent: its sides are not documented. `sizeMultiplier` is the order step, not a
/// contract size.
enum Bitget {
    static let host = "https://api.bitget.com"
    static let product = "productType=USDT-FUTURES"
    private static let mostPages = 20
    private static let pageLength = 100

    static let adapter = Adapter(
        exchange: .bitget,
        limits: [
            RateLimit("requests", limit: 20, windowSeconds: 1, spacingSeconds: 0.05),
            RateLimit("ratios", limit: 1, windowSeconds: 1, spacingSeconds: 1),
            RateLimit("liquidations", limit: 5, windowSeconds: 1, spacingSeconds: 0.2),
        ],
        refusals: Refusals(
            rateLimited: ["429", "30007"], unavailable: ["40010", "40015", "40725", "45001"]),
        liquidations: ("liquidations", .sampled),
        errorText: { envelopeError($0, code: "code", success: "00000", message: "msg") },
        parts: parts, perpetual: { $0 + "USDT" },
        endpoints: [
            Endpoint(
                "contracts", host, phase: .instruments, essential: true, limit: "requests",
                repetition: .exceptTime("requestTime"),
                calls: { _ in [EndpointCall("/api/v2/mix/market/contracts?\(product)")] }, read: readContracts),
            Endpoint(
                "tickers", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/api/v2/mix/market/tickers?\(product)")] }, read: readTickers),
            Endpoint(
                "current_fund_rate", host, phase: .market, limit: "requests",
                calls: { _ in [EndpointCall("/api/v2/mix/market/current-fund-rate?\(product)")] },
                read: readFundingRates),
            Endpoint(
                "long_short_accounts", host, phase: .details, limit: "ratios",
                calls: {
                    $0.focusPerpetuals.map {
                        EndpointCall("/api/v2/mix/market/account-long-short?symbol=\($0)&period=1h")
                    }
                },
                read: readAccountRatios),
            Endpoint(
                "history_fund_rate", host, phase: .details, limit: "requests",
                calls: { plan in
                    plan.focusPerpetuals.map {
                        EndpointCall("/api/v2/mix/market/history-fund-rate?symbol=\($0)&\(product)&pageSize=3")
                    }
                },
                read: readFundingHistory),
            Endpoint(
                "liquidations", host, phase: .details, typicalCalls: 20, limit: "liquidations",
                calls: { _ in [EndpointCall(liquidationsPath)] }, more: olderPage, read: readLiquidations),
            Endpoint(
                "spot_ticker", host, phase: .details, limit: "requests",
                calls: { $0.focusCoins.map { EndpointCall("/api/v2/spot/market/tickers?symbol=\($0)USDT") } },
                read: readSpot),
        ])

    static let liquidationsPath = "/api/v3/market/liquidations?category=USDT-FUTURES&limit=\(pageLength)"

    /// `BTCUSDT`, `BTCPERP` (USDC), `BTCUSD` (inverse); `ETHUSD_231229` is dated.
    static func parts(_ symbol: String) -> SymbolParts? {
        let pair = symbol.prefix { $0 != "_" }
        for (suffix, quote) in [("USDT", "USDT"), ("USDC", "USDC"), ("PERP", "USDC"), ("USD", "USD")]
        where pair.hasSuffix(suffix) && pair.utf8.count > suffix.utf8.count {
            let base = String(pair.dropLast(suffix.utf8.count))
            let isInverse = quote == "USD"
            return SymbolParts(
                base: base, quote: quote, settle: isInverse ? base : quote, kind: isInverse ? .inverse : .linear,
                contract: pair.endIndex == symbol.endIndex ? .perpetual : .dated)
        }
        return nil
    }

    /// The call for the next older page, until a page reaches back before the closed hour.
    private static func olderPage(_ response: Response, _ plan: Plan) -> [EndpointCall] {
        var members = response.body.object
        var data = members?.value("data")?.object
        guard let rows = data?.value("list")?.array.map(Array.init), rows.count == pageLength,
            plan.batch.rowCount("liquidations") < mostPages * pageLength,
            let cursor = data?.value("cursor")?.summary, !cursor.isEmpty, cursor != "null"
        else { return [] }
        let oldest = rows.compactMap { row -> Int64? in
            var row = row.object
            return row?.value("ts")?.integer
        }
        .min()
        guard let oldest, oldest >= plan.flowWindow.from.milliseconds else { return [] }
        return [EndpointCall(liquidationsPath + "&cursor=" + percentEncoded(cursor))]
    }

    static func data(_ response: Response) throws(AdapterError) -> JSONArray {
        try list(response.body, in: "data")
    }

    /// Shape: `data[]`. Intervals are hours, as text; the launch time may be blank.
    static func readContracts(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                let base = try row.string("baseCoin")
                let quote = try row.string("quoteCoin")
                let margin = row.value("supportMarginCoins")?.array?.first?.string
                let step = try row.optionalPositive("sizeMultiplier")
                let type = try row.string("symbolType")
                let status = try row.string("symbolStatus")
                let listedAt = try row.optionalMilliseconds("launchTime")
                draft.market.fundingIntervalHours = try row.optionalPositive("fundInterval")
                let isRWA = try row.optionalString("isRwa")
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(
                        base: base, quote: quote, settle: margin ?? quote,
                        kind: margin == base ? .inverse : .linear,
                        contract: type == "delivery" ? .dated : .perpetual),
                    assetClass: AssetClasses.bitget(base: base, isRWA: isRWA), status: instrumentStatus(status),
                    contractMultiplier: 1, listedAt: listedAt, sizeStep: step)
            }
        }
    }

    private static func instrumentStatus(_ status: String) -> InstrumentStatus {
        switch status {
        case "normal": .trading
        case "listed": .prelaunch
        case "off": .delisted
        default: .suspended
        }
    }

    /// Shape: `data[]`. `baseVolume` and `holdingAmount` are coins, `change24h` a fraction.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.lastPrice = try row.price("lastPr")
                draft.market.askPrice = try row.price("askPr")
                draft.market.bidPrice = try row.price("bidPr")
                draft.market.observedAt = try row.optionalMilliseconds("ts")
                draft.market.priceChange = try row.optionalNumber("change24h")
                draft.market.volumeBase = try row.optionalNonNegative("baseVolume")
                let turnover = try row.optionalNonNegative("quoteVolume")
                draft.market.volumeQuote = try row.optionalNonNegative("usdtVolume") ?? turnover
                draft.market.indexPrice = try row.price("indexPrice")
                draft.market.fundingRate = try row.optionalNumber("fundingRate")
                draft.market.openInterestContracts = try row.optionalNonNegative("holdingAmount")
                draft.market.openInterestBase = draft.market.openInterestContracts
                draft.market.markPrice = try row.price("markPrice")
            }
        }
    }

    static func readFundingRates(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.fallback.fundingRate = try row.optionalNumber("fundingRate")
                draft.fallback.fundingIntervalHours = try row.optionalPositive("fundingRateInterval")
                draft.market.nextFundingAt = try row.optionalMilliseconds("nextUpdate")
            }
        }
    }

    /// Shape: `data[]`; only the request names the symbol. `longShortAccountRatio` is unusable.
    static func readAccountRatios(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        batch.addRatios(
            try data(response), in: response, of: .accounts, symbol: nil, long: "longAccountRatio",
            short: "shortAccountRatio", time: "ts")
    }

    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        batch.addSettlements(try data(response))
    }

    /// Shape: `data.list[]`, newest first. A `buy` is a liquidated long. Sources disagree whether `amount` counts coins or
    /// dollars.
    static func readLiquidations(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data", "list") {
            readLiquidation(row, unit: .baseOrQuote, into: &batch)
        }
    }

    /// A row of REST or of the stream; `unit` is what its `amount` counts.
    static func readLiquidation(_ row: JSONValue, unit: LiquidationDraft.Unit, into batch: inout Batch) {
        batch.addLiquidation(row) { (row) throws(FieldError) in
            let symbol = try row.string("symbol")
            let side = try row.string("side").lowercased()
            guard side == "buy" || side == "sell" else { throw .unknown(field: "side", value: side) }
            return LiquidationDraft(
                symbol: symbol, side: side == "buy" ? .long : .short, price: try row.positive("price"),
                size: try row.positive("amount"), unit: unit, occurredAt: try row.milliseconds("ts"))
        }
    }

    static func readSpot(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.addSpot(row) { (row) throws(FieldError) in
                let symbol = try row.string("symbol")
                let turnover = try row.optionalNonNegative("quoteVolume")
                return SpotDraft(
                    symbol: symbol, lastPrice: try row.price("lastPr"), bidPrice: try row.price("bidPr"),
                    askPrice: try row.price("askPr"),
                    volumeQuote: try row.optionalNonNegative("usdtVolume") ?? turnover,
                    observedAt: try row.optionalMilliseconds("ts") ?? response.receivedAt)
            }
        }
    }
}
