import JSONReader
import PerpCore

/// What Bitget tells of the past. Candles end before `endTime` and hold no hour that still runs; without a start no span is
/// too long (more than 90 days are refused).
///
/// Source: https://www.bitget.com/api-doc/contract/market/Get-History-Candle-Data and the pages beside it
extension Bitget {
    static let history: [HistoryEndpoint] = [
        HistoryEndpoint(
            .liquidations, "history_liquidations", host, limit: "liquidations", paging: .tokens(cursor),
            isAboutAll: true,
            ask: { question in
                EndpointCall(liquidationsPath + (question.token.map { "&cursor=" + percentEncoded($0) } ?? ""))
            },
            read: readLiquidations),
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .numbers(from: 1),
            ask: { question in
                EndpointCall(
                    "/api/v2/mix/market/history-fund-rate?\(contract(question))&pageSize=100&pageNo=\(question.page)")
            },
            read: readFundingHistory),
        candles(.candles, "history-candles"), candles(.markCandles, "history-mark-candles"),
        candles(.indexCandles, "history-index-candles"),
    ]

    private static func contract(_ question: HistoryQuestion) -> String {
        "symbol=\(percentEncoded(question.symbol))&\(product)"
    }

    /// The cursor of the page with older liquidations; `nil` on the last one.
    private static func cursor(_ response: Response) -> String? {
        guard let cursor = response.body.member("data")?.member("cursor")?.summary, !cursor.isEmpty, cursor != "null"
        else { return nil }
        return cursor
    }

    private static func candles(_ dataset: HistoryDataset, _ path: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: "requests", paging: .backwards,
            ask: { question in
                EndpointCall(
                    "/api/v2/mix/market/\(path)?\(contract(question))&granularity=1H"
                        + "&endTime=\(question.to.milliseconds)&limit=200")
            },
            read: readCandles)
    }

    /// Shape: `data[]` of `[start, open, high, low, close, coins, turnover]`, oldest first; of mark and index prices the
    /// volumes are 0 and mean nothing.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try data(response) {
            batch.addCandleArray(row) { (row) throws(FieldError) in
                var candle = CandleDraft(
                    symbol: symbol, priceKind: price, from: try row.milliseconds(0), open: try row.price(1),
                    high: try row.price(2), low: try row.price(3), close: try row.price(4))
                guard price == .last else { return candle }
                candle.volumeBase = try row.optionalNonNegative(5)
                candle.volumeQuote = try row.optionalNonNegative(6)
                return candle
            }
        }
    }
}
