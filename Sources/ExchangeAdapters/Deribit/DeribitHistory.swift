import JSONReader
import PerpCore

/// What Deribit tells of the past. Liquidations stand among all trades, of which an answer holds a thousand: they are not
/// asked for.
///
/// Source: https://docs.deribit.com/#public-get_funding_rate_history and
/// https://docs.deribit.com/#public-get_tradingview_chart_data
extension Deribit {
    static let history: [HistoryEndpoint] = [
        // An answer holds 744 rows of an hour, and a row at the very start of a span may be left out.
        HistoryEndpoint(
            .funding, "history_funding", host, weight: 500, limit: "credits", paging: .windows(hours: 720, rows: 744),
            covers: { $0.contract == .perpetual },
            ask: { EndpointCall(api + "get_funding_rate_history?\(span($0))") }, read: readFundingHistory),
        // An answer holds 5000 rows at most.
        HistoryEndpoint(
            .candles, "history_candles", host, weight: 500, limit: "credits", paging: .windows(hours: 2000, rows: 5000),
            ask: { EndpointCall(api + "get_tradingview_chart_data?\(span($0))&resolution=60") }, read: readCandles),
    ]

    private static func span(_ question: HistoryQuestion) -> String {
        "instrument_name=\(question.symbol)&start_timestamp=\(question.from.milliseconds - 1)"
            + "&end_timestamp=\(question.last.milliseconds)"
    }

    /// Shape: `result`, one list a field, oldest first. `volume` is in coins of every contract, `cost` in quote units: dollars
    /// of an inverse contract.
    private static func readCandles(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol("instrument_name")
        guard let result = response.body.member("result") else { throw .unexpectedShape(expected: "object 'result'") }
        let fields: [StaticString] = ["ticks", "open", "high", "low", "close", "volume", "cost"]
        try batch.addCandleColumns(result, fields) { (row) throws(FieldError) in
            CandleDraft(
                symbol: symbol, priceKind: .last, from: try row.milliseconds(0), open: try row.price(1),
                high: try row.price(2), low: try row.price(3), close: try row.price(4),
                volumeBase: try row.optionalNonNegative(5), volumeQuote: try row.optionalNonNegative(6))
        }
    }
}
