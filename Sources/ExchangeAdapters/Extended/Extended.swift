import JSONReader
import PerpCore

/// Extended perpetuals, on Starknet.
///
/// Source: https://api.docs.extended.exchange
/// The dollar is the unit of account; profit is paid in USDC. `openInterest` is in dollars, `openInterestBase` in coins.
enum Extended {
    static let host = "https://api.starknet.extended.exchange"
    static let base = "/api/v1/info"

    static let adapter = Adapter(
        exchange: .extended, limits: [RateLimit("requests", limit: 1000, windowSeconds: 60)],
        errorText: errorText, parts: parts, perpetual: { $0 + "-USD" },
        endpoints: [
            Endpoint(
                "markets", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/markets")] }, read: readMarkets),
            Endpoint(
                "funding", host, phase: .details, limit: "requests", calls: fundingCalls, read: readFunding),
        ])

    /// Shape of an error: `{"status": "ERROR", "error": {"code": 1001, "message": "…"}}`.
    static func errorText(_ body: JSONValue) -> String? {
        guard body.object != nil else { return nil }
        guard let status = body.text("status") else { return "the envelope has no 'status'" }
        guard status != "OK" else { return nil }
        let error = body.member("error")
        return "\(error?.member("code")?.summary ?? status) \(error?.text("message") ?? "")"
    }

    /// `BTC-USD`; the base may hold underscores: `MU_24_5-USD`.
    static func parts(_ symbol: String) -> SymbolParts? {
        let words = words(symbol, at: "-")
        guard words.count == 2 else { return nil }
        return SymbolParts(base: ticker(of: words[0]), quote: words[1], settle: words[1])
    }

    /// The ticker of a share without the trading days that are part of its name: `MU` for `MU_24_5`.
    private static func ticker(of name: String) -> String { name.hasSuffix("_24_5") ? String(name.dropLast(5)) : name }

    /// The last settlements of the focus markets: those of the closed hour and of the two before it.
    private static func fundingCalls(_ plan: Plan) -> [EndpointCall] {
        let to = plan.flowWindow.to.milliseconds + Hour.milliseconds - 1
        let from = plan.flowWindow.from.milliseconds - Hour.milliseconds
        return plan.focusPerpetuals.map { EndpointCall(base + "/\($0)/funding?startTime=\(from)&endTime=\(to)") }
    }

    /// Shape: `data[]`, each with its figures in `marketStats`.
    static func readMarkets(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data") {
            batch.add(row, symbol: "name") { (row, draft) throws(FieldError) in
                let type = try row.string("type")
                draft.isOtherProduct = type == "SPOT"
                if draft.isOtherProduct { return }
                guard type == "PERPETUAL" else { throw .unknown(field: "type", value: type) }
                draft.listing = try instrument(&row)
                guard var stats = try row.optionalRow("marketStats") else { return }
                draft.market = try market(&stats, receivedAt: response.receivedAt)
            }
        }
    }

    private static func instrument(_ row: inout ResponseRow) throws(FieldError) -> InstrumentDraft {
        let category = try row.optionalString("category")
        let subCategory = try row.optionalString("subCategory")
        let base = ticker(of: try row.string("assetName"))
        let collateral = try row.string("collateralAssetName")
        let status = try row.string("status")
        return InstrumentDraft(
            parts: SymbolParts(base: base, quote: collateral, settle: collateral),
            assetClass: AssetClasses.extended(category: category, subCategory: subCategory, base: base),
            status: instrumentStatus(status), contractMultiplier: 1, fundingIntervalHours: 1,
            listedAt: try row.optionalMilliseconds("createdAt"))
    }

    private static func instrumentStatus(_ status: String) -> InstrumentStatus {
        switch status {
        case "ACTIVE": .trading
        case "PRELISTED": .prelaunch
        case "DELISTED": .delisted
        default: .suspended
        }
    }

    /// The figures of one market. `fundingRate` is a fraction for one hour; `nextFundingRate` is a time, whatever its name
    /// says; `dailyPriceChangePercentage` is a fraction.
    private static func market(_ row: inout ResponseRow, receivedAt: Timestamp) throws(FieldError) -> MarketDraft {
        var market = MarketDraft()
        market.observedAt = receivedAt
        market.volumeQuote = try row.optionalNonNegative("dailyVolume")
        market.volumeBase = try row.optionalNonNegative("dailyVolumeBase")
        market.priceChange = try row.optionalNumber("dailyPriceChangePercentage")
        market.lastPrice = try row.price("lastPrice")
        market.askPrice = try row.price("askPrice")
        market.bidPrice = try row.price("bidPrice")
        market.markPrice = try row.price("markPrice")
        market.indexPrice = try row.price("indexPrice")
        market.fundingRate = try row.optionalNumber("fundingRate")
        market.nextFundingAt = try row.optionalMilliseconds("nextFundingRate")
        market.openInterestQuote = try row.optionalNonNegative("openInterest")
        market.openInterestContracts = try row.optionalNonNegative("openInterestBase")
        market.openInterestBase = market.openInterestContracts
        return market
    }

    /// Shape: `data[]`, newest first, in short names: `m` market, `f` rate, `T` time, stamped up to two seconds late.
    static func readFunding(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                try SettlementDraft(&row, symbol: "m", time: "T", rate: "f", hours: 1)
            }
        }
    }
}
