import JSONReader
import PerpCore

/// edgeX perpetuals, version 2 of the API; version 1 lists contracts and has had no data since 2026.
///
/// Source: https://edgex-1.gitbook.io/edgeX-documentation/api-v2
/// Sizes are coins. `fundingRate` is the last rate that was paid; `forecastFundingRate`, and `fundingRate` of a ticker, are
/// the coming one.
enum EdgeX {
    static let host = "https://edgex-prod-v2.edgex.exchange"
    static let base = "/api/v2/public"
    /// The most contracts in one call for funding rates: no maximum is documented, and 173 have been seen to work.
    private static let contractsPerCall = 200

    static let adapter = Adapter(
        exchange: .edgex,
        // No limit is published; calls so far apart have been seen to work.
        limits: [RateLimit("requests", limit: 200, windowSeconds: 60, spacingSeconds: 0.3)],
        errorText: { envelopeError($0, code: "code", success: "SUCCESS", message: "msg") },
        parts: parts, perpetual: { $0 + "USDC" },
        endpoints: [
            Endpoint(
                "meta_data", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall(base + "/meta/getMetaData")] }, read: readMetaData),
            Endpoint(
                "latest_funding_rate", host, phase: .market, typicalCalls: 1, limit: "requests",
                calls: fundingCalls, read: readFunding),
            Endpoint(
                "ticker", host, phase: .market, typicalCalls: 170, neededShare: 0.95, limit: "requests",
                calls: { $0.tradingIDs.map { EndpointCall(base + "/quote/getTicker?contractId=\($0)") } },
                read: readTickers),
        ])

    /// `BTCUSDC`: every contract is quoted in USDC.
    static func parts(_ symbol: String) -> SymbolParts? {
        guard symbol.hasSuffix("USDC"), symbol.utf8.count > 4 else { return nil }
        return SymbolParts(base: String(symbol.dropLast(4)), quote: "USDC", settle: "USDC")
    }

    private static func fundingCalls(_ plan: Plan) -> [EndpointCall] {
        let ids = plan.tradingIDs
        return stride(from: 0, to: ids.count, by: contractsPerCall).map { first in
            let some = ids[first..<min(first + contractsPerCall, ids.count)].joined(separator: ",")
            return EndpointCall(base + "/funding/getLatestFundingRate?contractId=\(some)")
        }
    }

    // MARK: - Responses

    /// Shape: `data.contractList[]`, and `data.coinList[]` with the names of the coins that contracts refer to by id.
    static func readMetaData(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        var coins: [String: String] = [:]
        for coin in try list(response.body, in: "data", "coinList") {
            if let id = coin.text("coinId"), let name = coin.text("coinName") { coins[id] = name }
        }
        for row in try list(response.body, in: "data", "contractList") {
            batch.add(row, symbol: "contractName") { (row, draft) throws(FieldError) in
                draft.listing = try instrument(&row, coins)
            }
        }
    }

    private static func instrument(
        _ row: inout ResponseRow, _ coins: [String: String]
    ) throws(FieldError) -> InstrumentDraft {
        let id = try row.string("contractId")
        let base = try coin(&row, "baseCoinId", coins)
        let quote = try coin(&row, "quoteCoinId", coins)
        let isTrading = try row.optionalBool("enableTrade") == true
        let isShown = try row.optionalBool("enableDisplay") == true
        let isOpen = try row.optionalBool("enableOpenPosition") == true
        let minutes = try row.optionalPositive("fundingRateIntervalMin")
        let isStock = try row.optionalBool("isStock")
        let isFX = try row.optionalBool("isFx")
        return InstrumentDraft(
            parts: SymbolParts(base: base, quote: quote, settle: quote),
            assetClass: AssetClasses.edgex(base: base, isStock: isStock, isFX: isFX),
            status: isTrading && isShown && isOpen ? .trading : .suspended, id: id, contractMultiplier: 1,
            fundingIntervalHours: minutes.map { $0 / 60 })
    }

    /// The name of the coin whose id is in a field.
    private static func coin(
        _ row: inout ResponseRow, _ field: StaticString, _ coins: [String: String]
    ) throws(FieldError) -> String {
        let id = try row.string(field)
        guard let name = coins[id] else { throw .unknown(field: "\(field)", value: id) }
        return name
    }

    /// Shape: `data[]`, one object per contract, which only its id names. `fundingTime` is the last settlement, of
    /// `fundingRate`.
    static func readFunding(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data") {
            var settlement: SettlementDraft?
            batch.add(row, id: "contractId") { (row, draft) throws(FieldError) in
                let settledAt = try row.optionalMilliseconds("fundingTime")
                draft.fallback.observedAt = try row.optionalMilliseconds("fundingTimestamp")
                draft.fallback.markPrice = try row.price("markPrice")
                draft.fallback.indexPrice = try row.price("indexPrice")
                let paid = try row.optionalNumber("fundingRate")
                draft.fallback.fundingRate = try row.optionalNumber("forecastFundingRate")
                let interval = try row.optionalLength("fundingRateIntervalMin", unit: 60_000)
                draft.fallback.fundingIntervalHours = interval.map { Double($0) / Double(Hour.milliseconds) }
                guard let settledAt else { return }
                draft.fallback.nextFundingAt = interval.map(settledAt.advanced(byMilliseconds:))
                settlement = paid.map {
                    SettlementDraft(symbol: draft.symbol, settledAt: settledAt, fundingRate: $0)
                }
            }
            if let settlement { batch.addSettlement(settlement) }
        }
    }

    /// Shape: `data[]` of one object. `size` is in coins, `value` in quote; `priceChangePercent` is a fraction;
    /// `fundingTime` is the last settlement. There is no bid and no ask.
    static func readTickers(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let time = response.body.statedTime("responseTime")
        for row in try list(response.body, in: "data") {
            batch.add(row, symbol: "contractName") { (row, draft) throws(FieldError) in
                draft.market.observedAt = time
                draft.market.priceChange = try row.optionalNumber("priceChangePercent")
                draft.market.trades = try row.optionalCount("trades")
                draft.market.volumeBase = try row.optionalNonNegative("size")
                draft.market.volumeQuote = try row.optionalNonNegative("value")
                draft.market.lastPrice = try row.price("lastPrice")
                draft.market.indexPrice = try row.price("indexPrice")
                draft.market.markPrice = try row.price("markPrice")
                draft.market.openInterestContracts = try row.optionalNonNegative("openInterest")
                draft.market.openInterestBase = draft.market.openInterestContracts
                draft.market.fundingRate = try row.optionalNumber("fundingRate")
                draft.market.nextFundingAt = try row.optionalMilliseconds("nextFundingTime")
            }
        }
    }
}
