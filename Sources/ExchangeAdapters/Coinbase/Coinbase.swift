import JSONReader
import PerpCore

/// Coinbase Derivatives (CDE), the American futures exchange: perpetual and dated futures, in dollars.
///
/// Source: https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/public/list-public-products
/// There is no mark price: the last price stands for it in the value of open interest, whose sides are not documented.
enum Coinbase {
    static let host = "https://api.coinbase.com"

    static let adapter = Adapter(
        exchange: .coinbase, limits: [RateLimit("requests", limit: 10, windowSeconds: 1, spacingSeconds: 0.1)],
        refusals: Refusals(rateLimited: ["RESOURCE_EXHAUSTED"], unavailable: ["INTERNAL", "UNAVAILABLE"]),
        errorText: errorText,
        // A symbol names a contract code, not an asset, and no call is made per asset: the list says everything.
        parts: { _ in nil }, perpetual: { $0 },
        endpoints: [
            Endpoint(
                "products", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/api/v3/brokerage/market/products?product_type=FUTURE")] },
                read: readProducts)
        ])

    /// Shape of an error: `{"error": "INVALID_ARGUMENT", "message": "…"}`.
    static func errorText(_ body: JSONValue) -> String? {
        guard let error = body.member("error"), !error.isNull else { return nil }
        return "\(error.summary) \(body.text("message") ?? "")"
    }

    /// Shape: `products[]`, each with an object `future_product_details`. Sizes are contracts of `contract_size` coins,
    /// the day's change is percent, the rate a fraction per hour. Numbers are text; blank is none.
    static func readProducts(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "products") {
            batch.add(row, symbol: "product_id") { (row, draft) throws(FieldError) in
                let last = try row.price("price")
                let percent = try row.optionalNumber("price_percentage_change_24h")
                let volume = try row.optionalNonNegative("volume_24h")
                let status = try instrumentStatus(&row)
                let type = try row.string("product_type")
                guard type == "FUTURE" else { throw .unknown(field: "product_type", value: type) }
                let quote = try row.string("quote_currency_id")
                let name = try row.optionalString("display_name")
                let turnover = try row.optionalNonNegative("approximate_quote_24h_volume")
                draft.market.bidPrice = try row.price("best_bid_price")
                draft.market.askPrice = try row.price("best_ask_price")
                guard let members = row.value("future_product_details")?.object else {
                    throw .missing(field: "future_product_details")
                }
                var details = ResponseRow(members)
                let venue = try details.string("venue")
                draft.isOtherProduct = venue.lowercased() != "cde"
                if draft.isOtherProduct { return }
                draft.market.observedAt = response.receivedAt
                draft.market.lastPrice = last
                draft.market.priceChange = percent.map { $0 / 100 }
                draft.market.volumeContracts = volume
                draft.market.volumeQuote = turnover
                try readDetails(&details, of: &draft, quote: quote, name: name, status: status, response.receivedAt)
            }
        }
    }

    private static func readDetails(
        _ row: inout ResponseRow, of draft: inout Draft, quote: String, name: String?, status: InstrumentStatus,
        _ receivedAt: Timestamp
    ) throws(FieldError) {
        let size = try row.optionalPositive("contract_size")
        let base = try row.string("contract_root_unit")
        let expiry = try row.string("contract_expiry_type")
        let isNoCoin = try row.optionalBool("non_crypto")
        let interval = try row.optionalString("funding_interval")
        draft.market.openInterestContracts = try row.optionalNonNegative("open_interest")
        let rate = try row.optionalNumber("funding_rate")
        let fundedAt = row.value("funding_time") == nil ? nil : try row.iso8601("funding_time")
        let longName = try row.optionalString("display_name")
        let type = try row.optionalString("futures_asset_type")
        draft.market.indexPrice = try row.price("index_price")
        let isNamed = [name, longName].contains { $0.map(isPerpetualName) ?? false }
        let term = try contractTerm(expiry, isNamed: isNamed, isFunded: rate != nil || interval != nil)
        let hours = try interval.map { text throws(FieldError) in try Self.hours(of: text) }
        draft.market.fundingRate = rate
        // The time is that of the latest funding in the bodies that are known: only a coming one is the next.
        draft.market.nextFundingAt = fundedAt.flatMap { $0 > receivedAt ? $0 : nil }
        draft.listing = InstrumentDraft(
            parts: SymbolParts(base: base, quote: quote, settle: quote, contract: term),
            assetClass: AssetClasses.coinbase(type, isNoCoin: isNoCoin), status: status, contractMultiplier: size,
            fundingIntervalHours: hours)
    }

    /// `BTC PERP`, `BTC Perpetual`.
    private static func isPerpetualName(_ name: String) -> Bool {
        let name = name.uppercased()
        return name.hasSuffix("PERP") || name.hasSuffix("PERPETUAL")
    }

    /// A perpetual is written as a future that expires in 2030: it has funding, and its name says perpetual. With only one
    /// of the two signs it may be either.
    private static func contractTerm(
        _ expiryType: String, isNamed: Bool, isFunded: Bool
    ) throws(FieldError) -> ContractTerm {
        switch (expiryType, isFunded, isNamed) {
        case ("PERPETUAL", _, _), ("EXPIRING", true, true): return .perpetual
        case ("EXPIRING", false, false): return .dated
        default: throw .unknown(field: "contract_expiry_type", value: expiryType)
        }
    }

    /// Hours of `3600s`.
    private static func hours(of interval: String) throws(FieldError) -> Double {
        guard interval.hasSuffix("s"), let seconds = Int64(interval.dropLast()), seconds > 0 else {
            throw .unknown(field: "funding_interval", value: interval)
        }
        return Double(seconds) / 3600
    }

    /// Sessions do not count: a contract between two sessions keeps its price and its open interest.
    private static func instrumentStatus(_ row: inout ResponseRow) throws(FieldError) -> InstrumentStatus {
        for field in ["is_disabled", "cancel_only", "post_only", "trading_disabled"] as [StaticString] {
            if try row.optionalBool(field) == true { return .suspended }
        }
        return .trading
    }
}
