import JSONReader
import PerpCore

/// What Gate tells of the past, with times in seconds.
///
/// Source: https://www.gate.io/docs/developers/apiv4/en/#get-futures-candlesticks and the sections beside it
extension Gate {
    static let history: [HistoryEndpoint] = [
        // A span of more than an hour is refused.
        HistoryEndpoint(
            .liquidations, "history_liquidations", host, limit: "requests", paging: .windows(hours: 1, rows: fullPage),
            isAboutAll: true, ask: { liquidationCall(from: $0.from.seconds, to: $0.last.seconds) },
            read: readLiquidations),
        statistics(.longShort, read: readRatioHistory),
        statistics(.openInterest, read: readOpenInterestHistory),
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .backwards,
            ask: { EndpointCall("\(base)/funding_rate?\(contract($0))&\(span($0))&limit=1000") },
            read: readSettlements),
        candles(.candles, ""), candles(.markCandles, "mark_"), candles(.indexCandles, "index_"),
    ]

    private static func contract(_ question: HistoryQuestion, prefix: String = "") -> String {
        "contract=\(prefix)\(percentEncoded(question.symbol))"
    }

    private static func span(_ question: HistoryQuestion) -> String {
        "from=\(question.from.seconds)&to=\(question.last.seconds)"
    }

    /// Buckets of an hour from a start on, oldest first; the figures are those at a bucket's end, so that the bucket before the
    /// span begins.
    private static func statistics(
        _ dataset: HistoryDataset, read: @escaping @Sendable (Response, inout Batch) throws(AdapterError) -> Void
    ) -> HistoryEndpoint {
        HistoryEndpoint(
            dataset, "history_\(dataset.rawValue)", host, limit: "requests", paging: .forwards,
            ask: { question in
                let hours = (question.to.milliseconds - question.from.milliseconds) / Hour.milliseconds + 1
                let from = question.from.advanced(byMilliseconds: -Hour.milliseconds).seconds
                return EndpointCall(
                    "\(base)/contract_stats?\(contract(question))&interval=1h&from=\(from)&limit=\(min(hours, 1000))")
            },
            read: read)
    }

    /// At most 2000 rows an answer, and an error for a longer span; `limit` is not sent beside a span.
    private static func candles(_ dataset: HistoryDataset, _ prefix: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: "requests", paging: .windows(hours: 1900, rows: 2000),
            ask: { EndpointCall("\(base)/candlesticks?\(contract($0, prefix: prefix))&\(span($0))&interval=1h") },
            read: readCandles)
    }

    /// Shape: a list of `{t, o, h, l, c, v, sum}`, oldest first: `v` counts contracts, `sum` is turnover; both stand only with
    /// prices of trades.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        guard let symbol = response.symbol else {
            throw .unexpectedShape(expected: "a request that names its contract")
        }
        for row in try list(response.body) {
            batch.addCandle(row) { (row) throws(FieldError) in
                let from = try row.seconds("t")
                let close = try row.positive("c")
                let high = try row.positive("h")
                let low = try row.positive("l")
                let open = try row.positive("o")
                var candle = CandleDraft(
                    symbol: symbol, priceKind: price, from: from, open: open, high: high, low: low, close: close)
                guard price == .last else { return candle }
                candle.volumeContracts = try row.optionalNonNegative("v")
                candle.volumeQuote = try row.optionalNonNegative("sum")
                return candle
            }
        }
    }

    /// Shape: a list of `{t, r}`, newest first; only the request names the contract.
    private static func readSettlements(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol("contract")
        for row in try list(response.body) {
            batch.addSettlement(row) { (row) throws(FieldError) in
                SettlementDraft(symbol: symbol, settledAt: try row.seconds("t"), fundingRate: try row.number("r"))
            }
        }
    }

    /// The end of a row's bucket; `nil` when it still runs.
    private static func end(_ row: inout ResponseRow, _ response: Response) throws(FieldError) -> Timestamp? {
        let end = try row.seconds("time").advanced(byMilliseconds: Hour.milliseconds)
        return end <= response.receivedAt ? end : nil
    }

    private static func readRatioHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol("contract")
        for row in try list(response.body) {
            batch.addRatios(row) { (row) throws(FieldError) in
                guard let end = try end(&row, response) else { return [] }
                return try ratios(&row, of: symbol, at: end, period: "1h")
            }
        }
    }

    /// Shape: the rows of the ratios. `open_interest` counts the contracts of both sides.
    private static func readOpenInterestHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol("contract")
        for row in try list(response.body) {
            batch.addOpenInterest(row) { (row) throws(FieldError) in
                guard let end = try end(&row, response) else { return nil }
                let dollars = try row.optionalNonNegative("open_interest_usd")
                return OpenInterestDraft(
                    symbol: symbol, observedAt: end, contracts: try row.nonNegative("open_interest") / 2,
                    quote: dollars.map { $0 / 2 })
            }
        }
    }
}
