import JSONReader
import PerpCore

/// The responses that Binance and AsterDEX send in one shape.
///
/// Both count coins: `volume` and `openInterest` are in base units, `quoteVolume` in quote units.
enum BinanceShape {
    static let refusals = Refusals(
        rateLimited: ["-1003", "-1015"], unavailable: ["-1000", "-1001", "-1006", "-1007", "-1008", "-1016"])

    /// Shape of an error: `{"code": -1121, "msg": "Invalid symbol."}`, at any HTTP status.
    static func errorText(_ body: JSONValue) -> String? {
        guard var members = body.object, let code = members.value("code"), let number = code.number, number < 0
        else { return nil }
        return "\(code.summary) \(members.value("msg")?.string ?? "")"
    }

    private static let quotes = ["USDT", "USDC", "FDUSD", "BUSD", "USD1", "USD", "BTC", "ETH", "BNB"]

    /// `BTCUSDT`, `ETHBTC`, and `BTCUSDT_250627` for a dated one.
    static func parts(_ symbol: String) -> SymbolParts? {
        let pair = symbol.prefix { $0 != "_" }
        guard let quote = quotes.first(where: { pair.hasSuffix($0) && pair.utf8.count > $0.utf8.count }) else {
            return nil
        }
        return SymbolParts(
            base: String(pair.dropLast(quote.count)), quote: quote, settle: quote,
            contract: pair.endIndex == symbol.endIndex ? .perpetual : .dated)
    }

    /// Shape: `symbols[]`; delisted contracts stay in the list.
    ///
    /// - Parameter assetClass: reads the class of a row's base, given its `contractType`, and whether the row at least says
    ///   that the base is not a coin.
    static func readExchangeInfo(
        _ response: Response, into batch: inout Batch,
        assetClass: (inout ResponseRow, String) throws(FieldError) -> (AssetClass?, isNoCoin: Bool)
    ) throws(AdapterError) {
        for row in try list(response.body, in: "symbols") {
            batch.add(row) { (row, draft) throws(FieldError) in
                let type = try row.optionalString("contractType") ?? ""
                let listedAt = try row.optionalMilliseconds("onboardDate")
                let status = try row.string("status")
                let parts = SymbolParts(
                    base: try row.string("baseAsset"), quote: try row.string("quoteAsset"),
                    settle: try row.string("marginAsset"), contract: term(type))
                let (stated, isNoCoin) = try assetClass(&row, type)
                draft.listing = InstrumentDraft(
                    parts: parts, assetClass: stated, isNoCoin: isNoCoin, status: instrumentStatus(status),
                    contractMultiplier: 1, listedAt: listedAt)
            }
        }
    }

    /// Dated for `CURRENT_QUARTER`, `NEXT_MONTH` and `CURRENT_QUARTER DELIVERING`; a blank type is not trading yet.
    private static func term(_ contractType: String) -> ContractTerm {
        isDated(contractType) ? .dated : .perpetual
    }

    static func isDated(_ contractType: String) -> Bool {
        contractType.hasPrefix("CURRENT_") || contractType.hasPrefix("NEXT_")
    }

    static func instrumentStatus(_ status: String) -> InstrumentStatus {
        switch status {
        case "TRADING": .trading
        case "PENDING_TRADING": .prelaunch
        case "PRE_SETTLE", "SETTLING", "DELIVERING", "PRE_DELIVERING": .settling
        case "CLOSE", "DELIVERED": .delisted
        default: .suspended
        }
    }

    /// Shape: a list, or one object when the request names a symbol. The change is in percent.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try listOrOne(response.body) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.priceChange = try row.optionalNumber("priceChangePercent").map { $0 / 100 }
                draft.market.lastPrice = try row.price("lastPrice")
                draft.market.volumeBase = try row.optionalNonNegative("volume")
                draft.market.volumeQuote = try row.optionalNonNegative("quoteVolume")
                draft.fallback.observedAt = try row.optionalMilliseconds("closeTime")
                draft.market.trades = try row.optionalCount("count")
            }
        }
    }

    /// Shape: a list, or one object. `lastFundingRate` is the running estimate for the settlement at
    /// `nextFundingTime`, which is 0 where there is no funding.
    static func readPremiumIndex(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try listOrOne(response.body) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.markPrice = try row.price("markPrice")
                draft.market.indexPrice = try row.price("indexPrice")
                let rate = try row.optionalNumber("lastFundingRate")
                let next = try row.optionalMilliseconds("nextFundingTime")
                draft.market.fundingRate = next == nil ? nil : rate
                draft.market.nextFundingAt = next
                draft.market.observedAt = try row.optionalMilliseconds("time")
            }
        }
    }

    static func readBookTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try listOrOne(response.body) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.bidPrice = try row.price("bidPrice")
                draft.market.askPrice = try row.price("askPrice")
            }
        }
    }

    static func readFundingInfo(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.fundingIntervalHours = try row.positive("fundingIntervalHours")
            }
        }
    }

    /// Shape: one object. Each call is for another symbol.
    static func readOpenInterest(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try listOrOne(response.body) {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.openInterestContracts = try row.nonNegative("openInterest")
                draft.market.openInterestBase = draft.market.openInterestContracts
            }
        }
    }

    static func readFundingRates(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        batch.addSettlements(try list(response.body))
    }

    static func readSpotTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try listOrOne(response.body) {
            batch.addSpot(row) { (row) throws(FieldError) in
                try SpotDraft(
                    &row, symbol: "symbol", last: "lastPrice", bid: "bidPrice", ask: "askPrice",
                    turnover: "quoteVolume",
                    time: "closeTime", fallback: response.receivedAt)
            }
        }
    }
}
