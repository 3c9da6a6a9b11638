import JSONReader
import PerpCore

/// What Backpack tells of the past: settlements by how many rows to skip, candles of a span in seconds.
///
/// Source: https://docs.backpack.exchange/#tag/Markets/operation/get_funding_interval_rates and
/// https://docs.backpack.exchange/#tag/Markets/operation/get_klines
extension Backpack {
    /// The most rows of settlements in an answer.
    private static let settlementsPerPage = 1000

    static let history: [HistoryEndpoint] = [
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "history", paging: .numbers(from: 0),
            ask: {
                EndpointCall(
                    base + "/fundingRates?symbol=\(percentEncoded($0.symbol))&limit=\(settlementsPerPage)"
                        + "&offset=\($0.page * settlementsPerPage)")
            },
            read: readFundingRates),
        candles(.candles, "Last"), candles(.markCandles, "Mark"), candles(.indexCandles, "Index"),
    ]

    /// How many rows an answer holds is not said; 1000 are taken for the most.
    private static func candles(_ dataset: HistoryDataset, _ price: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: "requests", paging: .windows(hours: 500, rows: 1000),
            ask: {
                EndpointCall(
                    base + "/klines?symbol=\(percentEncoded($0.symbol))&interval=1h&startTime=\($0.from.seconds)"
                        + "&endTime=\($0.last.seconds)&priceType=\(price)")
            },
            read: readCandles)
    }

    /// Shape: a list, oldest first, `start` UTC with a space and without a zone: `2026-03-02 10:00:00`. `volume` is in base
    /// units, `quoteVolume` in quote units. An hour without trades may have `null` for prices, and is no candle.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try list(response.body) where row.member("open")?.isNull != true {
            batch.addCandle(row) { (row) throws(FieldError) in
                CandleDraft(
                    symbol: symbol, priceKind: price, from: try start(&row), open: try row.positive("open"),
                    high: try row.positive("high"), low: try row.positive("low"), close: try row.positive("close"),
                    volumeBase: price == .last ? try row.optionalNonNegative("volume") : nil,
                    volumeQuote: price == .last ? try row.optionalNonNegative("quoteVolume") : nil)
            }
        }
    }

    private static func start(_ row: inout ResponseRow) throws(FieldError) -> Timestamp {
        let text = try row.string("start")
        guard let time = Timestamp(iso8601: String(text.map { $0 == " " ? "T" : $0 }) + "Z") else {
            throw .notATime(field: "start", value: text)
        }
        return time
    }
}
