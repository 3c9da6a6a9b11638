import JSONReader
import PerpCore

/// What OKX tells of the past. Rows come newest first; `after` asks for older ones than a time, which is not among them, and
/// nothing bounds the other end, so that a page reaches beyond its span. Hours are those of UTC (days would be of UTC+8).
///
/// Source: https://www.okx.com/docs-v5/en/#order-book-trading-market-data-get-candlesticks-history
/// and https://www.okx.com/docs-v5/en/#trading-statistics-rest-api-get-contract-open-interest-history
extension OKX {
    static let history: [HistoryEndpoint] = [
        HistoryEndpoint(
            .liquidations, "history_liquidations", host, limit: "liquidations", paging: .backwards,
            covers: { $0.contract == .perpetual },
            ask: { question in
                // Orders of one millisecond may be cut by the end of a page: the edge is asked again.
                EndpointCall(
                    "/api/v5/public/liquidation-orders?instType=SWAP&state=filled&instFamily=\(family(question))"
                        + "&after=\(question.to.milliseconds + 1)&limit=100")
            },
            read: readLiquidations),
        ratio("history_long_short_accounts", "long-short-account-ratio-contract", .accounts),
        ratio("history_long_short_top_accounts", "long-short-account-ratio-contract-top-trader", .topAccounts),
        ratio("history_long_short_top_positions", "long-short-position-ratio-contract-top-trader", .topPositions),
        statistic(.longShort, "history_taker_volume", "taker-volume-contract", "&unit=1", read: readTakerVolume),
        statistic(
            .openInterest, "history_open_interest", "contracts/open-interest-history", read: readOpenInterestHistory),
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "public10", paging: .backwards,
            covers: { $0.contract == .perpetual },
            ask: { question in
                EndpointCall(
                    "/api/v5/public/funding-rate-history?instId=\(percentEncoded(question.symbol))"
                        + "&after=\(question.to.milliseconds)&limit=100")
            },
            read: readFundingHistory),
        candles(.candles, "history-candles", rows: 300, limit: "public20"),
        candles(.markCandles, "history-mark-price-candles", rows: 100, limit: "public10"),
        candles(.indexCandles, "history-index-candles", rows: 100, limit: "public10"),
    ]

    /// The family of a swap, `BTC-USDT` or `BTC-USD_UM`.
    private static func family(_ question: HistoryQuestion) -> String {
        percentEncoded(question.symbol.hasSuffix(swap) ? String(question.symbol.dropLast(swap.count)) : question.symbol)
    }

    private static let swap = "-SWAP"

    /// The latest 1440 rows of a statistic, in parts that an answer of 100 rows holds: neither bound is among the rows.
    private static func statistic(
        _ dataset: HistoryDataset, _ id: String, _ path: String, _ more: String = "",
        read: @escaping @Sendable (Response, inout Batch) throws(AdapterError) -> Void
    ) -> HistoryEndpoint {
        HistoryEndpoint(
            dataset, id, host, limit: "statistics", paging: .windows(hours: 98, rows: 100),
            ask: { question in
                EndpointCall(
                    "/api/v5/rubik/stat/\(path)?instId=\(percentEncoded(question.symbol))&period=1H\(more)"
                        + "&begin=\(question.from.milliseconds - 1)&end=\(question.to.milliseconds)&limit=100")
            },
            read: read)
    }

    private static func ratio(
        _ id: String, _ path: String, _ population: LongShortRatio.Population
    ) -> HistoryEndpoint {
        statistic(
            .longShort, id, "contracts/" + path,
            read: { (response, batch) throws(AdapterError) in try readRatios(response, population, into: &batch) })
    }

    /// - Parameter rows: the most that an answer holds.
    private static func candles(
        _ dataset: HistoryDataset, _ path: String, rows: Int, limit: String
    ) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: limit, paging: .backwards,
            ask: { question in
                // An index is named by its pair, which a family margined in dollars is not.
                let name =
                    dataset == .indexCandles ? "\(question.parts.base)-\(question.parts.quote)" : question.symbol
                return EndpointCall(
                    "/api/v5/market/\(path)?instId=\(percentEncoded(name))&bar=1H"
                        + "&after=\(question.to.milliseconds)&limit=\(rows)")
            },
            read: readCandles)
    }

    /// Shape: `data[]` of `[start, open, high, low, close, contracts, coins, turnover, confirm]`; of mark and index prices
    /// `[start, open, high, low, close, confirm]`.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol("instId")
        for row in try data(response) {
            batch.addCandleArray(row) { (row) throws(FieldError) in
                var candle = CandleDraft(
                    symbol: symbol, priceKind: price, from: try row.milliseconds(0), open: try row.price(1),
                    high: try row.price(2), low: try row.price(3), close: try row.price(4))
                guard price == .last else { return candle }
                candle.volumeContracts = try row.optionalNonNegative(5)
                candle.volumeBase = try row.optionalNonNegative(6)
                candle.volumeQuote = try row.optionalNonNegative(7)
                return candle
            }
        }
    }

    /// Shape: `data[]` of `[start, contracts, coins, dollars]`. The figure of an hour that still runs is left out: it may
    /// change.
    private static func readOpenInterestHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol("instId")
        for row in try data(response) {
            batch.addOpenInterestArray(row) { (row) throws(FieldError) in
                let start = try row.milliseconds(0)
                guard let contracts = try row.optionalNonNegative(1) else { throw .missing(field: "oi") }
                let coins = try row.optionalNonNegative(2)
                let dollars = try row.optionalNonNegative(3)
                guard start.advanced(byMilliseconds: Hour.milliseconds) <= response.receivedAt else { return nil }
                return OpenInterestDraft(
                    symbol: symbol, observedAt: start, contracts: contracts, base: coins, quote: dollars)
            }
        }
    }
}
