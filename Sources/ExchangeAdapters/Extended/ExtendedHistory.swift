import JSONReader
import PerpCore

/// What Extended tells of the past, newest rows first. Candles take only the end of a span.
///
/// Source: https://api.docs.extended.exchange/#get-funding-rates-history and the sections beside it
extension Extended {
    static let history: [HistoryEndpoint] = [
        // An answer holds 300 rows.
        HistoryEndpoint(
            .openInterest, "history_open_interest", host, limit: "requests", paging: .backwards,
            ask: {
                EndpointCall(base + "/\(percentEncoded($0.symbol))/open-interests?interval=P1H&\(span($0))&limit=300")
            },
            read: readOpenInterest),
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .backwards,
            ask: { EndpointCall(base + "/\(percentEncoded($0.symbol))/funding?\(span($0))&limit=1000") },
            read: readFunding),
        candles(.candles, "trades"), candles(.markCandles, "mark-prices"), candles(.indexCandles, "index-prices"),
    ]

    private static func candles(_ dataset: HistoryDataset, _ price: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: "requests", paging: .backwards,
            ask: {
                EndpointCall(
                    base + "/candles/\(percentEncoded($0.symbol))/\(price)?interval=PT1H&limit=1000"
                        + "&endTime=\($0.last.milliseconds)")
            },
            read: readCandles)
    }

    private static func span(_ question: HistoryQuestion) -> String {
        "startTime=\(question.from.milliseconds)&endTime=\(question.last.milliseconds)"
    }

    /// Shape: `data[]` of `{i, I, t}`: dollars, base units, and the time. Only the request names the market.
    private static func readOpenInterest(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try list(response.body, in: "data") {
            batch.addOpenInterest(row) { (row) throws(FieldError) in
                let dollars = try row.optionalNonNegative("i")
                let size = try row.nonNegative("I")
                return OpenInterestDraft(
                    symbol: symbol, observedAt: try row.milliseconds("t"), contracts: size, base: size, quote: dollars)
            }
        }
    }

    /// Shape: `data[]` in short names: `T` the start of the hour, `v` volume in base units, which only candles of trades
    /// have.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try list(response.body, in: "data") {
            batch.addCandle(row) { (row) throws(FieldError) in
                CandleDraft(
                    symbol: symbol, priceKind: price, from: try row.milliseconds("T"), open: try row.positive("o"),
                    high: try row.positive("h"), low: try row.positive("l"), close: try row.positive("c"),
                    volumeBase: price == .last ? try row.optionalNonNegative("v") : nil)
            }
        }
    }
}
