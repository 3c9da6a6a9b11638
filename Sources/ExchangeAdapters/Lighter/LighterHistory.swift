import JSONReader
import PerpCore

/// What Lighter tells of the past: settlements of a span in seconds, candles of one in milliseconds. Without a count an answer
/// is cut to a few rows, so the most is always asked for.
///
/// Source: https://apidocs.lighter.xyz/reference/fundings and https://apidocs.lighter.xyz/reference/candles
extension Lighter {
    static let history: [HistoryEndpoint] = [
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .windows(hours: 749, rows: 750),
            ask: {
                EndpointCall(
                    "/api/v1/fundings?market_id=\($0.id)&resolution=1h&start_timestamp=\($0.from.seconds)"
                        + "&end_timestamp=\($0.last.seconds)&count_back=750")
            },
            read: readFundings),
        // The end does not belong to the span.
        HistoryEndpoint(
            .candles, "history_candles", host, limit: "requests", paging: .windows(hours: 499, rows: 500),
            ask: {
                EndpointCall(
                    "/api/v1/candles?market_id=\($0.id)&resolution=1h&start_timestamp=\($0.from.milliseconds)"
                        + "&end_timestamp=\($0.to.milliseconds)&count_back=500")
            },
            read: readCandles),
    ]

    /// Shape: `c[]`, oldest first, in short names, `null` without rows: `t` the start, `v` volume in base units, `V` in quote
    /// units.
    private static func readCandles(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let number = response.parameter("market_id") ?? ""
        let symbol = response.symbol ?? batch.symbol(withID: number)
        for row in try listOrNull(response.body, in: "c") {
            batch.addCandle(row) { (row) throws(FieldError) in
                guard let symbol else { throw .unknown(field: "market_id", value: number) }
                return CandleDraft(
                    symbol: symbol, priceKind: .last, from: try row.milliseconds("t"), open: try row.positive("o"),
                    high: try row.positive("h"), low: try row.positive("l"), close: try row.positive("c"),
                    volumeBase: try row.optionalNonNegative("v"), volumeQuote: try row.optionalNonNegative("V"))
            }
        }
    }
}
