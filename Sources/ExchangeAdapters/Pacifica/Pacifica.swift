import JSONReader
import PerpCore

/// Pacifica perpetuals, margined in USDC.
///
/// Source: https://docs.pacifica.fi/api-documentation/api/rest-api
/// `open_interest` is in base units, although the documentation says dollars.
enum Pacifica {
    static let host = "https://api.pacifica.fi"
    static let base = "/api/v1"

    static let adapter = Adapter(
        exchange: .pacifica, limits: [RateLimit("credits", limit: 100, windowSeconds: 60)],
        errorText: { envelopeError($0, code: "success", success: "true", message: "error") },
        parts: parts, perpetual: { $0 },
        endpoints: [
            Endpoint(
                "info", host, phase: .instruments, essential: true, weight: 10, limit: "credits",
                calls: { _ in [EndpointCall(base + "/info")] }, read: readInfo),
            Endpoint(
                "prices", host, phase: .market, essential: true, weight: 10, limit: "credits",
                calls: { _ in [EndpointCall(base + "/info/prices")] }, read: readPrices),
        ])

    /// A perpetual is named like its coin, `BTC`; `SOL-USDC` is a spot pair.
    static func parts(_ symbol: String) -> SymbolParts? {
        symbol.contains("-") ? nil : SymbolParts(base: symbol, quote: "USDC", settle: "USDC")
    }

    /// The currency whose price in dollars a pair is: `EUR` for `EURUSD`. A pair that is quoted the other way, `USDJPY`, is
    /// an asset of its own.
    private static func currency(of pair: String) -> String {
        pair.hasSuffix("USD") ? String(pair.dropLast(3)) : pair
    }

    /// Shape: `data[]`. There is no state: what is listed is trading.
    static func readInfo(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data") {
            batch.add(row) { (row, draft) throws(FieldError) in
                let listedAt = try row.optionalMilliseconds("created_at")
                let type = try row.string("instrument_type")
                draft.isOtherProduct = type == "spot"
                if draft.isOtherProduct { return }
                guard type == "perpetual" else { throw .unknown(field: "instrument_type", value: type) }
                let assetClass = AssetClasses.pacifica(try row.optionalString("base_asset") ?? draft.symbol)
                let base = assetClass == .fx ? currency(of: draft.symbol) : draft.symbol
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(base: base, quote: "USDC", settle: "USDC"), assetClass: assetClass,
                    status: .trading, contractMultiplier: 1, fundingIntervalHours: 1, listedAt: listedAt)
            }
        }
    }

    /// Shape: `data[]`. `funding` is a fraction for one hour, fixed for the coming settlement; `next_funding` is the estimate
    /// for the one after it. `volume_24h` is in dollars.
    static func readPrices(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "data") {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.fundingRate = try row.optionalNumber("funding")
                draft.market.fundingIntervalHours = 1
                let mark = try row.price("mark")
                draft.market.markPrice = mark
                draft.market.openInterestContracts = try row.optionalNonNegative("open_interest")
                draft.market.openInterestBase = draft.market.openInterestContracts
                draft.market.indexPrice = try row.price("oracle")
                let time = try row.optionalMilliseconds("timestamp")
                draft.market.observedAt = time
                draft.market.nextFundingAt = (time ?? response.receivedAt).nextFullHour
                draft.market.volumeQuote = try row.optionalNonNegative("volume_24h")
                if let mark, let previous = try row.price("yesterday_price") {
                    draft.market.priceChange = mark / previous - 1
                }
            }
        }
    }
}
