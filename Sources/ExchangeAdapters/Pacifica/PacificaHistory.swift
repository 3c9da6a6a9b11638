import JSONReader
import PerpCore

/// What Pacifica tells of the past: settlements on pages that name the next one, from now back, and candles of a span.
///
/// Source: https://docs.pacifica.fi/api-documentation/api/rest-api/markets/get-historical-funding and
/// https://docs.pacifica.fi/api-documentation/api/rest-api/markets/get-candle-data
extension Pacifica {
    static let history: [HistoryEndpoint] = [
        // A call costs nearly all credits of a minute, however many rows it asks for: 4000 are the most.
        HistoryEndpoint(
            .funding, "history_funding", host, weight: 90, limit: "credits", paging: .tokens(nextPage),
            ask: { question in
                let cursor = question.token.map { "&cursor=\(percentEncoded($0))" } ?? ""
                return EndpointCall(
                    base + "/funding_rate/history?symbol=\(percentEncoded(question.symbol))&limit=4000\(cursor)")
            },
            read: readFundingHistory),
        candles(.candles, "kline"), candles(.markCandles, "kline/mark"),
    ]

    /// A span of some more than 3950 rows is an error, although 4000 are documented.
    private static func candles(_ dataset: HistoryDataset, _ path: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, weight: 12, limit: "credits",
            paging: .windows(hours: 3900, rows: 4000),
            ask: {
                EndpointCall(
                    base + "/\(path)?symbol=\(percentEncoded($0.symbol))&interval=1h"
                        + "&start_time=\($0.from.milliseconds)&end_time=\($0.last.milliseconds)")
            },
            read: readCandles)
    }

    /// Shape: `next_cursor` beside `has_more`; the last page has a cursor too.
    @Sendable private static func nextPage(_ response: Response) -> String? {
        guard response.body.member("has_more")?.bool == true else { return nil }
        return response.body.text("next_cursor").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Shape: `data[]`, newest first, stamped some tenths of a second late; only the request names the symbol.
    private static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try list(response.body, in: "data") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                let rate = try row.number("funding_rate")
                return SettlementDraft(
                    symbol: symbol, settledAt: try row.milliseconds("created_at"), fundingRate: rate)
            }
        }
    }

    /// Shape: `data[]`, oldest first, in short names: `t` the start, `T` the end, `v` volume in base units. A turnover is not
    /// stated.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try list(response.body, in: "data") {
            batch.addCandle(row) { (row) throws(FieldError) in
                CandleDraft(
                    symbol: symbol, priceKind: price, from: try row.milliseconds("t"), open: try row.positive("o"),
                    high: try row.positive("h"), low: try row.positive("l"), close: try row.positive("c"),
                    volumeBase: price == .last ? try row.optionalNonNegative("v") : nil)
            }
        }
    }
}
