import JSONReader
import PerpCore

/// MEXC perpetuals, margined in USDT, USDC, USD1 or the coin.
///
/// Source: https://www.mexc.com/api-docs/futures/market-endpoints
/// `holdVol` and `volume24` count contracts. The documentation does not say which sides `holdVol` counts; it is read as
/// one.
enum MEXC {
    static let host = "https://api.mexc.com"
    static let base = "/api/v1/contract"

    static let adapter = Adapter(
        exchange: .mexc,
        limits: [
            RateLimit("requests", limit: 20, windowSeconds: 2, spacingSeconds: 0.1),
            RateLimit("detail", limit: 1, windowSeconds: 5),
        ],
        refusals: Refusals(rateLimited: ["510"], unavailable: ["500", "501", "9999"]),
        errorText: errorText, parts: parts, perpetual: { $0 + "_USDT" },
        endpoints: [
            Endpoint(
                "contracts", host, phase: .instruments, essential: true, limit: "detail",
                calls: { _ in [EndpointCall(base + "/detail")] }, read: readContracts),
            Endpoint(
                "tickers", host, phase: .market, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/ticker")] }, read: readTickers),
            Endpoint(
                "funding_rates", host, phase: .market, limit: "requests",
                calls: { _ in [EndpointCall(base + "/funding_rate")] }, read: readFundingRates),
            // Only where the list of all rates stays away: the largest markets, a call each.
            Endpoint(
                "funding_rate", host, phase: .details, neededShare: 0.95, limit: "requests",
                calls: { plan in unstatedRates(plan).map { EndpointCall(base + "/funding_rate/\(percentEncoded($0))") }
                },
                read: readFundingRates),
            Endpoint(
                "funding_history", host, phase: .details, limit: "requests",
                calls: { plan in
                    plan.focusPerpetuals.map {
                        EndpointCall(base + "/funding_rate/history?symbol=\($0)&page_num=1&page_size=3")
                    }
                },
                read: readFundingHistory),
        ])

    /// Shape of an error: `{"success": false, "code": 510, "message": "…"}`, at any HTTP status.
    static func errorText(_ body: JSONValue) -> String? {
        guard var members = body.object else { return nil }
        guard let success = members.value("success") else { return "the envelope has no 'success'" }
        if success.bool == true { return nil }
        return "\(members.value("code")?.summary ?? "") \(members.value("message")?.string ?? "")"
    }

    /// `BTC_USDT`; `BTC_USD` is margined in the coin.
    static func parts(_ symbol: String) -> SymbolParts? {
        let words = words(symbol, at: "_")
        guard words.count == 2 else { return nil }
        let isInverse = words[1] == "USD"
        return SymbolParts(
            base: words[0], quote: words[1], settle: isInverse ? words[0] : words[1],
            kind: isInverse ? .inverse : .linear)
    }

    /// How many markets are asked for their rate when the list of all rates stays away.
    private static let mostSingleRates = 200

    /// The trading perpetuals with the largest turnover, when no list of all rates has been read.
    private static func unstatedRates(_ plan: Plan) -> [String] {
        guard plan.batch.hasWholeList, plan.batch.rowCount("funding_rates") == 0 else { return [] }
        return plan.largestPerpetuals(mostSingleRates)
    }

    // MARK: - Readers

    private static func rows(_ response: Response) throws(AdapterError) -> [JSONValue] {
        guard let data = response.body.member("data") else { throw .unexpectedShape(expected: "member 'data'") }
        return try listOrOne(data)
    }

    /// Shape: `data[]`. `contractSize` is coins, or dollars where the coin is the margin. `baseCoinName` is the ticker of
    /// what is no coin, whose `baseCoin` may have more letters: `MUSTOCK` is `MU`.
    static func readContracts(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                let coin = try row.string("baseCoin")
                let shown = try row.optionalString("baseCoinName")
                let quote = try row.string("quoteCoin")
                let settle = try row.string("settleCoin")
                let size = try row.optionalPositive("contractSize")
                let state = try row.number("state")
                let term = try contractTerm(&row)
                let type = try row.optionalNumber("type")
                let assetClass = AssetClasses.mexc(
                    base: shown ?? coin, type: type, zones: try row.optionalTexts("conceptPlate"))
                let isCoin = assetClass ?? .crypto == .crypto
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(
                        base: isCoin ? coin : shown ?? coin, quote: quote, settle: settle,
                        kind: settle == coin ? .inverse : settle == quote ? .linear : .quanto, contract: term),
                    assetClass: assetClass, status: status(state), contractMultiplier: size)
            }
        }
    }

    /// 1 is a perpetual, and so is a row without the field, which is older than dated contracts.
    private static func contractTerm(_ row: inout ResponseRow) throws(FieldError) -> ContractTerm {
        let type = try row.optionalNumber("futureType")
        switch type {
        case nil, 1: return .perpetual
        case 2: return .dated
        default: throw .unknown(field: "futureType", value: "\(type ?? 0)")
        }
    }

    private static func status(_ state: Double) -> InstrumentStatus {
        switch state {
        case 0: .trading
        case 1: .settling
        case 2, 3: .delisted
        default: .suspended
        }
    }

    /// Shape: `data[]`. `fairPrice` is the mark price, `amount24` the turnover in the margin coin: quote units, or coins of
    /// an inverse contract. A price of 0 is none.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.lastPrice = try row.price("lastPrice")
                draft.market.bidPrice = try row.price("bid1")
                draft.market.askPrice = try row.price("ask1")
                draft.market.volumeContracts = try row.optionalNonNegative("volume24")
                let turnover = try row.optionalNonNegative("amount24")
                draft.market.openInterestContracts = try row.optionalNonNegative("holdVol")
                draft.market.priceChange = try row.optionalNumber("riseFallRate")
                draft.market.indexPrice = try row.price("indexPrice")
                draft.market.markPrice = try row.price("fairPrice")
                draft.market.fundingRate = try row.optionalNumber("fundingRate")
                draft.market.observedAt = try row.optionalMilliseconds("timestamp")
                switch (draft.listing?.parts ?? parts(draft.symbol))?.kind {
                case .linear: draft.market.volumeQuote = turnover
                case .inverse: draft.market.volumeBase = turnover
                case .quanto, nil: break
                }
                // Without a trade there is no change either.
                if draft.market.lastPrice == nil { draft.market.priceChange = nil }
            }
        }
    }

    /// Shape: `data[]`, or one object for one market. Only here stand interval and next settlement.
    static func readFundingRates(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try rows(response) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.fallback.fundingRate = try row.optionalNumber("fundingRate")
                draft.market.fundingIntervalHours = try row.optionalPositive("collectCycle")
                draft.market.nextFundingAt = try row.optionalMilliseconds("nextSettleTime")
            }
        }
    }

    /// Shape: `data.resultList[]`, newest first; `collectCycle` is the interval of the settlement's own period.
    static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data", "resultList") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                try SettlementDraft(
                    &row, symbol: "symbol", time: "settleTime", hours: try row.optionalPositive("collectCycle"))
            }
        }
    }
}
