import JSONReader
import PerpCore

/// OKX swaps, linear and inverse.
///
/// Source: https://www.okx.com/docs-v5/en/
/// The documentation does not say which sides open interest counts; it is read as one. There is no turnover of swaps.
enum OKX {
    static let host = "https://www.okx.com"

    static let adapter = Adapter(
        exchange: .okx,
        limits: [
            RateLimit("public20", limit: 20, windowSeconds: 2, spacingSeconds: 0.11),
            RateLimit("public10", limit: 10, windowSeconds: 2, spacingSeconds: 0.11),
            RateLimit("statistics", limit: 5, windowSeconds: 2, spacingSeconds: 0.11),
            RateLimit("liquidations", limit: 40, windowSeconds: 2, spacingSeconds: 0.11),
        ],
        refusals: Refusals(
            rateLimited: ["50011", "50061"], unavailable: ["50001", "50004", "50013", "50026"], leastWait: 2000),
        liquidations: ("liquidation_orders", .sampled),
        errorText: { envelopeError($0, code: "code", success: "0", message: "msg") },
        parts: parts, perpetual: { $0 + "-USDT-SWAP" },
        endpoints: [
            Endpoint(
                "instruments", host, phase: .instruments, essential: true, limit: "public20", repetition: .whole,
                calls: { _ in [EndpointCall("/api/v5/public/instruments?instType=SWAP")] }, read: readInstruments),
            Endpoint(
                "tickers", host, phase: .market, essential: true, limit: "public20",
                calls: { _ in [EndpointCall("/api/v5/market/tickers?instType=SWAP")] }, read: readTickers),
            Endpoint(
                "open_interest", host, phase: .market, limit: "public20",
                calls: { _ in [EndpointCall("/api/v5/public/open-interest?instType=SWAP")] }, read: readOpenInterest),
            Endpoint(
                "funding_rate", host, phase: .market, limit: "public10",
                calls: { _ in [EndpointCall("/api/v5/public/funding-rate?instId=ANY")] }, read: readFundingRates),
            Endpoint(
                "mark_price", host, phase: .market, limit: "public10",
                calls: { _ in [EndpointCall("/api/v5/public/mark-price?instType=SWAP")] }, read: readMarkPrices),
            Endpoint(
                "index_tickers", host, phase: .market, limit: "public20",
                calls: { _ in
                    ["USDT", "USD", "USDC"].map { EndpointCall("/api/v5/market/index-tickers?quoteCcy=\($0)") }
                },
                read: readIndexTickers),
            Endpoint(
                "funding_rate_history", host, phase: .details, limit: "public10",
                calls: {
                    $0.focusPerpetuals.map { EndpointCall("/api/v5/public/funding-rate-history?instId=\($0)&limit=3") }
                },
                read: readFundingHistory),
            ratio("long_short_accounts", "long-short-account-ratio-contract", .accounts),
            ratio("long_short_top_accounts", "long-short-account-ratio-contract-top-trader", .topAccounts),
            ratio("long_short_top_positions", "long-short-position-ratio-contract-top-trader", .topPositions),
            Endpoint(
                "taker_volume", host, phase: .details, limit: "statistics",
                calls: { ratioCalls("taker-volume-contract", "&unit=1", $0) }, read: readTakerVolume),
            Endpoint(
                "liquidation_orders", host, phase: .details, typicalCalls: 53, neededShare: 0.95, limit: "liquidations",
                calls: { plan in
                    families(plan).map {
                        EndpointCall(
                            "/api/v5/public/liquidation-orders?instType=SWAP&state=filled&instFamily=\($0)&limit=100")
                    }
                },
                read: readLiquidations),
            Endpoint(
                "spot_ticker", host, phase: .details, limit: "public20",
                calls: { $0.focusCoins.map { EndpointCall("/api/v5/market/ticker?instId=\($0)-USDT") } }, read: readSpot
            ),
        ])

    /// The suffix of the quote in the name of a family that is margined in dollars; it is not part of the currency.
    private static let dollarMargined = "_UM"

    /// `BTC-USDT-SWAP`, `BTC-USD-SWAP` (inverse), `BTC-USD_UM-SWAP` (margined in dollars), `BTC-USDT` (spot),
    /// `BTC-USD-250627` (dated).
    static func parts(_ symbol: String) -> SymbolParts? {
        var words = words(symbol, at: "-")
        guard words.count == 2 || words.count == 3 else { return nil }
        let isInverse = words[1] == "USD" && words.count == 3
        words[1] = words[1].removing(dollarMargined)
        return SymbolParts(
            base: words[0], quote: words[1], settle: isInverse ? words[0] : words[1],
            kind: isInverse ? .inverse : .linear,
            contract: words.count == 3 && words[2] != "SWAP" ? .dated : .perpetual)
    }

    // MARK: - Calls

    /// The families of the focus assets, then the fifty largest others by open interest.
    private static func families(_ plan: Plan) -> [String] {
        let focus = plan.focusPerpetuals.map { $0.removing("-SWAP") }
        let largest = plan.batch.drafts.filter(\.isTradingPerpetual)
            .map { (family: $0.symbol.removing("-SWAP"), size: $0.market.openInterestQuote ?? 0) }
            .filter { !focus.contains($0.family) }
            .sorted { ($1.size, $0.family) < ($0.size, $1.family) }
        return focus + largest.prefix(50).map(\.family)
    }

    private static func ratioCalls(_ path: String, _ more: String, _ plan: Plan) -> [EndpointCall] {
        plan.focusPerpetuals.map {
            EndpointCall("/api/v5/rubik/stat/\(prefix(path))\(path)?instId=\($0)&period=1H\(more)")
        }
    }

    private static func prefix(_ path: String) -> String { path.hasPrefix("taker") ? "" : "contracts/" }

    private static func ratio(_ id: String, _ path: String, _ population: LongShortRatio.Population) -> Endpoint {
        Endpoint(
            id, host, phase: .details, limit: "statistics", calls: { ratioCalls(path, "&limit=1", $0) },
            read: { (response, batch) throws(AdapterError) in
                try readRatios(response, population, into: &batch)
            })
    }

    // MARK: - Readers

    static func data(_ response: Response) throws(AdapterError) -> JSONArray {
        try list(response.body, in: "data")
    }

    /// Shape: `data[]`. A contract is `ctVal * ctMult` of `ctValCcy`: coins if linear, dollars if inverse.
    /// `baseCcy` and `quoteCcy` are blank for swaps; the underlying names the pair and its index, and so does the family
    /// except for `_UM`. Test instruments are left out.
    static func readInstruments(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row, symbol: "instId") { (row, draft) throws(FieldError) in
                let state = try row.string("state")
                draft.isOtherProduct = state == "test"
                if draft.isOtherProduct { return }
                let underlying = try row.optionalString("uly")
                let family = try row.optionalString("instFamily")
                guard let pair = underlying ?? family?.removing(dollarMargined) else {
                    throw .missing(field: "instFamily")
                }
                let words = words(pair, at: "-")
                guard words.count == 2 else { throw .unknown(field: "instFamily", value: pair) }
                let type = try row.string("ctType")
                guard let kind = ContractKind(rawValue: type) else { throw .unknown(field: "ctType", value: type) }
                let value = try row.optionalPositive("ctVal")
                let multiple = try row.optionalPositive("ctMult") ?? 1
                let category = try row.optionalString("instCategory")
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(
                        base: words[0], quote: words[1], settle: try row.string("settleCcy"), kind: kind),
                    assetClass: AssetClasses.okx(category), status: status(state),
                    contractMultiplier: value.map { $0 * multiple }, listedAt: try row.optionalMilliseconds("listTime"),
                    indexedAs: family == nil || family == pair ? nil : pair + "-SWAP")
            }
        }
    }

    private static func status(_ state: String) -> InstrumentStatus {
        switch state {
        case "live": .trading
        case "preopen": .prelaunch
        case "settling", "rebase": .settling
        case "expired": .delisted
        default: .suspended
        }
    }

    /// Shape: `data[]`. `vol24h` counts contracts, `volCcy24h` coins.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row, symbol: "instId") { (row, draft) throws(FieldError) in
                let last = try row.price("last")
                draft.market.lastPrice = last
                draft.market.askPrice = try row.price("askPx")
                draft.market.bidPrice = try row.price("bidPx")
                let open = try row.price("open24h")
                draft.market.volumeBase = try row.optionalNonNegative("volCcy24h")
                draft.market.volumeContracts = try row.optionalNonNegative("vol24h")
                draft.market.observedAt = try row.optionalMilliseconds("ts")
                if let last, let open { draft.market.priceChange = last / open - 1 }
            }
        }
    }

    /// Shape: `data[]`. `oi` counts contracts, `oiCcy` coins, `oiUsd` dollars (absent in old bodies).
    static func readOpenInterest(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row, symbol: "instId") { (row, draft) throws(FieldError) in
                draft.market.openInterestContracts = try row.nonNegative("oi")
                draft.market.openInterestBase = try row.optionalNonNegative("oiCcy")
                draft.market.openInterestQuote = try row.optionalNonNegative("oiUsd")
            }
        }
    }

    /// Shape: `data[]`. The rate settles at `fundingTime` and covers the period since `prevFundingTime`. Bodies from
    /// before 2026 name only the settlement after it, which ends a period that may have another length.
    static func readFundingRates(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row, symbol: "instId") { (row, draft) throws(FieldError) in
                draft.market.fundingRate = try row.optionalNumber("fundingRate")
                let settlement = try row.optionalMilliseconds("fundingTime")
                draft.market.nextFundingAt = settlement
                let following = try row.optionalMilliseconds("nextFundingTime")
                let previous = try row.optionalMilliseconds("prevFundingTime")
                draft.market.fundingIntervalHours =
                    hours(from: previous, to: settlement) ?? hours(from: settlement, to: following)
            }
        }
    }

    private static func hours(from earlier: Timestamp?, to later: Timestamp?) -> Double? {
        guard let earlier, let later, later > earlier else { return nil }
        return Double(later.milliseconds - earlier.milliseconds) / Double(Hour.milliseconds)
    }

    static func readMarkPrices(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.add(row, symbol: "instId") { (row, draft) throws(FieldError) in
                draft.market.markPrice = try row.price("markPx")
            }
        }
    }

    /// Shape: `data[]`, one per pair; the swap of that family is priced by it.
    static func readIndexTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.addIndex(row) { (row) throws(FieldError) in
                (try row.string("instId") + "-SWAP", try row.price("idxPx"))
            }
        }
    }

    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.addSettlement(row) { (row) throws(FieldError) in
                let estimate = try row.optionalNumber("fundingRate")
                guard let rate = try row.optionalNumber("realizedRate") ?? estimate else {
                    throw .missing(field: "fundingRate")
                }
                return SettlementDraft(
                    symbol: try row.string("instId"),
                    settledAt: try row.milliseconds("fundingTime"), fundingRate: rate)
            }
        }
    }

    /// Shape: `data[]` of `[time, ratio]`, newest first.
    static func readRatios(
        _ response: Response, _ population: LongShortRatio.Population, into batch: inout Batch
    ) throws(AdapterError) {
        let asked = instrument(response)
        let period = response.parameter("period") ?? "1H"
        for row in try data(response) {
            batch.addArrayRatio(row) { (row) throws(FieldError) in
                guard let symbol = asked else { throw .missing(field: "instId") }
                let ratio = try element(row, 1, "ratio")
                let (long, short) = fractions(of: ratio)
                return RatioDraft(
                    symbol: symbol, population: population, period: period, ratio: ratio,
                    longFraction: long, shortFraction: short, observedAt: try time(row))
            }
        }
    }

    /// Shape: `data[]` of `[start of the bucket, sells, buys]`, newest first: the first bucket is still filling.
    static func readTakerVolume(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let asked = instrument(response)
        let period = response.parameter("period") ?? "1H"
        for row in try data(response) {
            batch.addArrayRatio(row) { (row) throws(FieldError) in
                guard let symbol = asked else { throw .missing(field: "instId") }
                let sells = try element(row, 1, "sellVol")
                let buys = try element(row, 2, "buyVol")
                let start = try time(row)
                guard start.advanced(byMilliseconds: length(of: period)) <= response.receivedAt else { return nil }
                return try RatioDraft(symbol: symbol, period: period, buys: buys, sells: sells, observedAt: start)
            }
        }
    }

    /// The instrument of a statistic, which only the request names; an older form of the request names the coin.
    private static func instrument(_ response: Response) -> String? {
        response.parameter("instId") ?? response.parameter("ccy").map { $0 + "-USDT-SWAP" }
    }

    private static func element(_ row: JSONArray, _ index: Int, _ name: String) throws(FieldError) -> Double {
        guard let value = row[index] else { throw .missing(field: name) }
        guard let number = value.number else { throw .notANumber(field: name, value: value.summary) }
        guard number >= 0 else { throw .negative(field: name, value: value.summary) }
        return number
    }

    private static func time(_ row: JSONArray) throws(FieldError) -> Timestamp {
        guard let value = row[0]?.integer, value > 0 else {
            throw .notATime(field: "ts", value: row[0]?.summary ?? "")
        }
        return Timestamp(milliseconds: value)
    }

    /// Shape: `data[].details[]`. In net mode the side of the order decides: a sale closed a long.
    static func readLiquidations(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for group in try data(response) {
            guard var members = group.object, let symbol = members.value("instId")?.string,
                let details = members.value("details")?.array
            else { throw .unexpectedShape(expected: "list 'data[].details'") }
            for row in details {
                batch.addLiquidation(row) { (row) throws(FieldError) in
                    LiquidationDraft(
                        symbol: symbol, side: try side(&row), price: try row.positive("bkPx"),
                        size: try row.positive("sz"), unit: .contracts, occurredAt: try row.milliseconds("ts"))
                }
            }
        }
    }

    private static func side(_ row: inout ResponseRow) throws(FieldError) -> LiquidationSide {
        let position = try row.optionalString("posSide") ?? "net"
        let order = try row.optionalString("side") ?? ""
        switch (position, order) {
        case ("long", _), ("net", "sell"): return .long
        case ("short", _), ("net", "buy"): return .short
        default: throw .unknown(field: "posSide", value: "\(position) \(order)")
        }
    }

    /// Shape: `data[]` with one row. `volCcy24h` of a spot market is in quote units.
    static func readSpot(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try data(response) {
            batch.addSpot(row) { (row) throws(FieldError) in
                try SpotDraft(
                    &row, symbol: "instId", last: "last", bid: "bidPx", ask: "askPx", turnover: "volCcy24h", time: "ts",
                    fallback: response.receivedAt)
            }
        }
    }
}

extension String {
    /// The text without `suffix` at its end.
    fileprivate func removing(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
