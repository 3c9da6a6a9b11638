import JSONReader
import PerpCore

/// What MEXC tells of the past: settlements on pages with numbers, candles of a span in seconds.
///
/// Source: https://www.mexc.com/api-docs/futures/market-endpoints/get-funding-rate-history and
/// https://www.mexc.com/api-docs/futures/market-endpoints/get-candlestick-data and the pages beside it
extension MEXC {
    static let history: [HistoryEndpoint] = [
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .numbers(from: 1),
            ask: {
                EndpointCall(
                    base + "/funding_rate/history?symbol=\(percentEncoded($0.symbol))&page_num=\($0.page)"
                        + "&page_size=100")
            },
            read: readFundingHistory),
        candles(.candles, ""), candles(.markCandles, "fair_price/"), candles(.indexCandles, "index_price/"),
    ]

    /// An answer holds 2000 rows at most; both ends of the span belong to it.
    private static func candles(_ dataset: HistoryDataset, _ price: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: "requests",
            paging: .windows(hours: 1999, rows: 2000),
            ask: {
                EndpointCall(
                    base + "/kline/\(price)\(percentEncoded($0.symbol))?interval=Min60&start=\($0.from.seconds)"
                        + "&end=\($0.last.seconds)")
            },
            read: readCandles)
    }

    /// Shape: `data`, one list a field, oldest first, with times in seconds. `vol` counts contracts, `amount` is the turnover
    /// in the margin coin: quote units, or coins of an inverse contract.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        let kind = batch.parts(of: symbol)?.kind
        guard let data = response.body.member("data") else { throw .unexpectedShape(expected: "object 'data'") }
        let fields: [StaticString] = ["time", "open", "high", "low", "close", "vol", "amount"]
        try batch.addCandleColumns(data, fields) { (row) throws(FieldError) in
            var candle = CandleDraft(
                symbol: symbol, priceKind: price, from: try row.seconds(0), open: try row.price(1),
                high: try row.price(2), low: try row.price(3), close: try row.price(4))
            guard price == .last else { return candle }
            candle.volumeContracts = try row.optionalNonNegative(5)
            let turnover = try row.optionalNonNegative(6)
            switch kind {
            case .linear: candle.volumeQuote = turnover
            case .inverse: candle.volumeBase = turnover
            case .quanto, nil: candle.volumeContracts = nil
            }
            return candle
        }
    }
}
