import JSONReader
import PerpCore

/// KuCoin futures: one response states all contracts and their markets.
///
/// Source: https://www.kucoin.com/docs-new/rest/futures-trading/market-data/get-all-symbols
/// Sizes count lots of `multiplier` coins, or of one dollar where the contract is inverse. The documentation does not say
/// which sides open interest and volume count; both are kept as sent.
enum KuCoin {
    static let host = "https://api-futures.kucoin.com"

    static let adapter = Adapter(
        exchange: .kucoin, limits: [RateLimit("weight", limit: 2000, windowSeconds: 30)],
        refusals: Refusals(rateLimited: ["429000"], unavailable: ["500000"]),
        errorText: { envelopeError($0, code: "code", success: "200000", message: "msg") },
        parts: parts, perpetual: { ($0 == "BTC" ? "XBT" : $0) + "USDTM" },
        endpoints: [
            Endpoint(
                "contracts", host, phase: .instruments, essential: true, weight: 6, limit: "weight",
                calls: { _ in [EndpointCall("/api/v1/contracts/active")] }, read: readContracts)
        ])

    /// `XBTUSDTM`, `ETHUSDCM`, and `XBTUSDM` (inverse); `XBTMM20` and the like are dated and say no quote.
    static func parts(_ symbol: String) -> SymbolParts? {
        guard symbol.hasSuffix("M") else { return nil }
        let pair = symbol.dropLast()
        for quote in ["USDT", "USDC", "USD"] where pair.hasSuffix(quote) && pair.utf8.count > quote.utf8.count {
            let base = String(pair.dropLast(quote.utf8.count))
            let isInverse = quote == "USD"
            return SymbolParts(
                base: base, quote: quote, settle: isInverse ? base : quote, kind: isInverse ? .inverse : .linear)
        }
        return nil
    }

    /// Shape: `data[]`, or one object. `isInverse` decides the kind: `isQuanto` is true of plain contracts. The rate is
    /// that of the coming settlement; the one before it stands beside it, so that one call states all settlements.
    static func readContracts(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        guard let data = response.body.member("data") else { throw .unexpectedShape(expected: "member 'data'") }
        var settlements: [SettlementDraft] = []
        for row in try listOrOne(data) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.listing = try instrument(&row)
                draft.market.observedAt = response.receivedAt
                draft.market.lastPrice = try row.price("lastTradePrice")
                draft.market.markPrice = try row.price("markPrice")
                draft.market.indexPrice = try row.price("indexPrice")
                draft.market.openInterestContracts = try row.optionalNonNegative("openInterest")
                draft.market.priceChange = try row.optionalNumber("priceChgPct")
                // Of an inverse contract it is not known which of the two counts coins.
                if draft.listing?.parts.kind == .linear {
                    draft.market.volumeBase = try row.optionalNonNegative("volumeOf24h")
                    draft.market.volumeQuote = try row.optionalNonNegative("turnoverOf24h")
                }
                guard draft.listing?.parts.contract == .perpetual else { return }
                let funding = try Funding(&row, receivedAt: response.receivedAt)
                draft.market.fundingRate = funding.rate
                draft.market.fundingIntervalHours = funding.milliseconds.map { Double($0) / Double(Hour.milliseconds) }
                draft.market.nextFundingAt = funding.next
                if let settlement = funding.settlement(of: draft.symbol) { settlements.append(settlement) }
            }
        }
        for settlement in settlements { batch.addSettlement(settlement) }
    }

    private static func instrument(_ row: inout ResponseRow) throws(FieldError) -> InstrumentDraft {
        let type = try row.string("type")
        guard type == "FFWCSX" || type == "FFICSX" else { throw .unknown(field: "type", value: type) }
        let base = try row.string("baseCurrency")
        let quote = try row.string("quoteCurrency")
        let isInverse = try row.optionalBool("isInverse") ?? (quote == "USD")
        // Bodies of 2020 have the margin under another name.
        let root = try row.optionalString("rootSymbol")
        let settle = try row.optionalString("settleCurrency") ?? root ?? (isInverse ? base : quote)
        let multiplier = try row.optionalNumber("multiplier").map(abs)
        let assetClass = AssetClasses.kucoin(base: base, assetClass: try row.optionalString("assetClass"))
        return InstrumentDraft(
            parts: SymbolParts(
                base: base, quote: quote, settle: settle, kind: isInverse ? .inverse : .linear,
                contract: type == "FFWCSX" ? .perpetual : .dated),
            assetClass: assetClass, status: status(try row.string("status")),
            contractMultiplier: multiplier.flatMap { $0 > 0 ? $0 : nil },
            listedAt: try row.optionalMilliseconds("firstOpenDate"))
    }

    private static func status(_ status: String) -> InstrumentStatus {
        switch status {
        case "Open": .trading
        case "Init", "PreOpen": .prelaunch
        case "BeingSettled": .settling
        case "Settled", "Closed": .delisted
        default: .suspended
        }
    }

    /// What a row says of funding.
    private struct Funding {
        /// Fraction of notional at the coming settlement.
        let rate: Double?
        /// Fraction of notional at the settlement before.
        let lastRate: Double?
        /// The length of the present interval.
        let milliseconds: Int64?
        let next: Timestamp?
        /// Whether the exchange states the time itself, and not only how long it is until then.
        let isNextStated: Bool

        init(_ row: inout ResponseRow, receivedAt: Timestamp) throws(FieldError) {
            rate = try row.optionalNumber("fundingFeeRate")
            lastRate = try row.optionalNumber("lastTimeFundingRate")
            let usual = try row.optionalLength("fundingRateGranularity")
            milliseconds = try row.optionalLength("currentFundingRateGranularity") ?? usual
            let stated = try row.optionalMilliseconds("nextFundingRateDateTime")
            // Milliseconds that are left, seen some moments ago: settlements are on full minutes.
            let left = try row.optionalLength("nextFundingRateTime")
            next = stated ?? left.map { receivedAt.advanced(byMilliseconds: $0 + 30_000).flooredToMinute }
            isNextStated = stated != nil
        }

        /// The settlement before; `nil` where its rate or its time is not stated.
        func settlement(of symbol: String) -> SettlementDraft? {
            guard let lastRate, let next, isNextStated, let milliseconds else { return nil }
            return SettlementDraft(
                symbol: symbol, settledAt: next.advanced(byMilliseconds: -milliseconds), fundingRate: lastRate)
        }
    }
}
