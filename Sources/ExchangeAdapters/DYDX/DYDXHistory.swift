import JSONReader
import PerpCore

/// What dYdX tells of the past, newest first, with times in ISO 8601. Open interest stands in the candles, as it was when the
/// hour began.
///
/// Source: https://docs.dydx.xyz/indexer-client/http
extension DYDX {
    static let history: [HistoryEndpoint] = [
        candles(.openInterest, read: readOpenInterestHistory),
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .backwards,
            ask: { question in
                EndpointCall(
                    "/v4/historicalFunding/\(percentEncoded(question.symbol))?limit=100"
                        + "&effectiveBeforeOrAt=\(percentEncoded(question.last.description))")
            },
            read: readFundingHistory),
        candles(.candles, read: readCandles),
    ]

    private static func candles(
        _ dataset: HistoryDataset, read: @escaping @Sendable (Response, inout Batch) throws(AdapterError) -> Void
    ) -> HistoryEndpoint {
        HistoryEndpoint(
            dataset, "history_\(dataset.rawValue)", host, limit: "requests", paging: .backwards,
            ask: { question in
                EndpointCall(
                    "/v4/candles/perpetualMarkets/\(percentEncoded(question.symbol))?resolution=1HOUR"
                        + "&fromISO=\(percentEncoded(question.from.description))"
                        + "&toISO=\(percentEncoded(question.to.description))&limit=1000")
            },
            read: read)
    }

    /// Shape: `candles[]` of `{startedAt, ticker, low, high, open, close, baseTokenVolume, usdVolume, …}`.
    private static func readCandles(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "candles") {
            batch.addCandle(row) { (row) throws(FieldError) in
                let from = try row.iso8601("startedAt")
                let symbol = try row.string("ticker")
                let low = try row.positive("low")
                let high = try row.positive("high")
                let open = try row.positive("open")
                let close = try row.positive("close")
                let coins = try row.optionalNonNegative("baseTokenVolume")
                return CandleDraft(
                    symbol: symbol, priceKind: .last, from: from, open: open, high: high, low: low, close: close,
                    volumeBase: coins, volumeQuote: try row.optionalNonNegative("usdVolume"))
            }
        }
    }

    /// Shape: the same rows. `startingOpenInterest` counts coins of one side, and stays what it is while the hour runs.
    private static func readOpenInterestHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "candles") {
            batch.addOpenInterest(row) { (row) throws(FieldError) in
                let from = try row.iso8601("startedAt")
                let symbol = try row.string("ticker")
                let coins = try row.nonNegative("startingOpenInterest")
                return OpenInterestDraft(symbol: symbol, observedAt: from, contracts: coins, base: coins)
            }
        }
    }
}
