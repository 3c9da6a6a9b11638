import JSONReader
import PerpCore

/// What BingX tells of the past. A row at the very start of a span may be left out, so that a span begins a millisecond
/// early.
///
/// Source: https://bingx-api.github.io/docs-v3/#/en/Swap/Market%20Data/Get%20Funding%20Rate%20History and the pages on candles
/// beside it
extension BingX {
    static let history: [HistoryEndpoint] = [
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .windows(hours: 999, rows: 1000),
            ask: { EndpointCall("/openApi/swap/v2/quote/fundingRate?\(span($0))&limit=1000") },
            read: readFundingHistory),
        candles(.candles, "v3/quote/klines"), candles(.markCandles, "v1/market/markPriceKlines"),
    ]

    /// An answer holds 1440 rows at most.
    private static func candles(_ dataset: HistoryDataset, _ path: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: "requests",
            paging: .windows(hours: 1439, rows: 1440),
            ask: { EndpointCall("/openApi/swap/\(path)?\(span($0))&interval=1h&limit=1440") },
            read: readCandles)
    }

    private static func span(_ question: HistoryQuestion) -> String {
        "symbol=\(percentEncoded(question.symbol))&startTime=\(question.from.milliseconds - 1)"
            + "&endTime=\(question.last.milliseconds)"
    }

    /// Shape: `data[]`, newest first, `time` the start of the hour, in rows of mark prices `openTime`. `volume` is in base
    /// units; a turnover is not stated.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try rows(response) {
            batch.addCandle(row) { (row) throws(FieldError) in
                CandleDraft(
                    symbol: symbol, priceKind: price,
                    from: price == .last ? try row.milliseconds("time") : try row.milliseconds("openTime"),
                    open: try row.positive("open"), high: try row.positive("high"), low: try row.positive("low"),
                    close: try row.positive("close"),
                    volumeBase: price == .last ? try row.optionalNonNegative("volume") : nil)
            }
        }
    }
}
