import JSONReader
import PerpCore

/// GRVT perpetuals.
///
/// Source: https://api-docs.grvt.io/market_data_api/
/// Every call is a POST. Rates are in percent, times are nanoseconds as text, sizes are base units.
enum GRVT {
    static let host = "https://market-data.grvt.io"

    static let adapter = Adapter(
        exchange: .grvt,
        // Responses state a limit of 1500, but not for how long.
        limits: [RateLimit("requests", limit: 600, windowSeconds: 60, spacingSeconds: 0.1)],
        refusals: Refusals(rateLimited: ["1006"], unavailable: ["1002", "1005", "1009"]),
        errorText: errorText, parts: parts, perpetual: { $0 + "_USDT_Perp" },
        // The documentation's interval, for a contract whose own one is not known.
        unstatedFundingInterval: { _ in 8 },
        endpoints: [
            Endpoint(
                "all_instruments", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/full/v1/all_instruments", body: #"{"is_active":true}"#)] },
                read: readInstruments),
            Endpoint(
                "ticker", host, phase: .market, typicalCalls: 194, neededShare: 0.95, limit: "requests",
                calls: { plan in
                    plan.tradingPerpetuals.map {
                        EndpointCall("/full/v1/ticker", body: #"{"instrument":"\#($0)"}"#)
                    }
                },
                read: readTicker),
            Endpoint(
                "funding", host, phase: .details, limit: "requests",
                calls: { plan in
                    plan.focusPerpetuals.map {
                        EndpointCall("/full/v1/funding", body: #"{"instrument":"\#($0)","limit":3}"#)
                    }
                },
                read: readFunding),
        ])

    /// Shape of an error: `{"code": 1004, "message": "Data Not Found", "status": 404}`.
    static func errorText(_ body: JSONValue) -> String? {
        guard let code = body.member("code") else { return nil }
        return "\(code.summary) \(body.text("message") ?? "")"
    }

    /// `BTC_USDT_Perp`
    static func parts(_ symbol: String) -> SymbolParts? {
        let words = words(symbol, at: "_")
        guard words.count == 3, words[2] == "Perp" else { return nil }
        return SymbolParts(base: words[0], quote: words[1], settle: words[1])
    }

    /// Shape: `result[]`, active instruments only. `settlement_period` does not say in which asset profit is paid: it is the
    /// quote.
    static func readInstruments(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "result") {
            batch.add(row, symbol: "instrument") { (row, draft) throws(FieldError) in
                let base = try row.string("base")
                let quote = try row.string("quote")
                let kind = try row.string("kind")
                guard kind == "PERPETUAL" else { throw .unknown(field: "kind", value: kind) }
                let listedAt = try row.optionalNanoseconds("create_time")
                let interval = try row.optionalPositive("funding_interval_hours")
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(base: base, quote: quote, settle: quote),
                    assetClass: AssetClasses.grvt(try row.optionalString("asset_class"), base: base),
                    status: .trading, contractMultiplier: 1, fundingIntervalHours: interval, listedAt: listedAt)
            }
        }
    }

    /// Shape: `result`, one object. Takers' purchases and sales are stated apart, and each trade is in one of them.
    static func readTicker(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        guard let result = response.body.member("result"), result.object != nil else {
            throw .unexpectedShape(expected: "object 'result'")
        }
        batch.add(result, symbol: "instrument") { (row, draft) throws(FieldError) in
            draft.market.observedAt = try row.optionalNanoseconds("event_time")
            draft.market.markPrice = try row.price("mark_price")
            draft.market.indexPrice = try row.price("index_price")
            let last = try row.price("last_price")
            draft.market.lastPrice = last
            draft.market.bidPrice = try row.price("best_bid_price")
            draft.market.askPrice = try row.price("best_ask_price")
            draft.market.volumeBase = sum(
                try row.optionalNonNegative("buy_volume_24h_b"), try row.optionalNonNegative("sell_volume_24h_b"))
            draft.market.volumeQuote = sum(
                try row.optionalNonNegative("buy_volume_24h_q"), try row.optionalNonNegative("sell_volume_24h_q"))
            if let last, let open = try row.price("open_price") { draft.market.priceChange = last / open - 1 }
            draft.market.openInterestContracts = try row.optionalNonNegative("open_interest")
            draft.market.openInterestBase = draft.market.openInterestContracts
            draft.market.fundingRate = try row.optionalNumber("funding_rate").map(fraction(ofPercent:))
            draft.market.nextFundingAt = try row.optionalNanoseconds("next_funding_time")
        }
    }

    /// A rate in percent as a fraction.
    private static func fraction(ofPercent percent: Double) -> Double { percent / 100 }

    /// The sum of both sides; `nil` when one of them is missing.
    private static func sum(_ purchases: Double?, _ sales: Double?) -> Double? {
        guard let purchases, let sales else { return nil }
        return purchases + sales
    }

    /// Shape: `result[]`, each row with the interval that it covers.
    static func readFunding(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "result") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                let symbol = try row.string("instrument")
                let rate = try row.number("funding_rate")
                let settledAt = try row.nanoseconds("funding_time")
                return SettlementDraft(
                    symbol: symbol, settledAt: settledAt, fundingRate: fraction(ofPercent: rate),
                    fundingIntervalHours: try row.optionalPositive("funding_interval_hours"))
            }
        }
    }
}
