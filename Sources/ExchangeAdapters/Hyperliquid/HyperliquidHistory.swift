import JSONReader
import PerpCore

/// What Hyperliquid tells of the past, oldest first, with both ends of a span: at most 500 settlements an answer, and the
/// newest 5000 candles. A call weighs 20, and one more for each 20 settlements or 60 candles.
///
/// Source: https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint
extension Hyperliquid {
    static let history: [HistoryEndpoint] = [
        HistoryEndpoint(
            .funding, "history_funding", host, weight: 45, limit: "weight", paging: .forwards,
            ask: { question in
                EndpointCall(
                    "/info",
                    body: #"{"type":"fundingHistory","coin":"\#(question.symbol)",\#(span(question))}"#)
            },
            read: readFundingHistory),
        HistoryEndpoint(
            .candles, "history_candles", host, weight: 40, limit: "weight", paging: .windows(hours: 1000, rows: 5000),
            ask: { question in
                EndpointCall(
                    "/info",
                    body:
                        #"{"type":"candleSnapshot","req":{"coin":"\#(question.symbol)","interval":"1h",\#(span(question))}}"#
                )
            },
            read: readCandles),
    ]

    private static func span(_ question: HistoryQuestion) -> String {
        #""startTime":\#(question.from.milliseconds),"endTime":\#(question.last.milliseconds)"#
    }

    /// Shape: a list of `{t, T, s, i, o, c, h, l, v, n}`; `v` counts coins, and there is no turnover.
    private static func readCandles(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.addCandle(row) { (row) throws(FieldError) in
                let close = try row.positive("c")
                let high = try row.positive("h")
                let low = try row.positive("l")
                let open = try row.positive("o")
                let symbol = try row.string("s")
                let from = try row.milliseconds("t")
                return CandleDraft(
                    symbol: symbol, priceKind: .last, from: from, open: open, high: high, low: low, close: close,
                    volumeBase: try row.optionalNonNegative("v"))
            }
        }
    }
}
