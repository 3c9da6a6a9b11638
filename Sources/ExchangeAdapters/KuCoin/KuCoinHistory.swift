import JSONReader
import PerpCore

/// What KuCoin tells of the past. A span without rows is answered with `null` in their place.
///
/// Source: https://www.kucoin.com/docs-new/rest/futures-trading/funding-fees/get-public-funding-history and
/// https://www.kucoin.com/docs-new/rest/futures-trading/market-data/get-klines
extension KuCoin {
    static let history: [HistoryEndpoint] = [
        // How many rows an answer holds is not said; 100 have been seen.
        HistoryEndpoint(
            .funding, "history_funding", host, weight: 5, limit: "weight", paging: .windows(hours: 720, rows: 100),
            covers: { $0.contract == .perpetual },
            ask: { EndpointCall("/api/v1/contract/funding-rates?symbol=\(percentEncoded($0.symbol))&\(span($0))") },
            read: readFundingHistory),
        // An answer holds 200 rows, in newer texts 500.
        HistoryEndpoint(
            .candles, "history_candles", host, weight: 3, limit: "weight", paging: .windows(hours: 199, rows: 200),
            ask: { EndpointCall("/api/v1/kline/query?symbol=\(percentEncoded($0.symbol))&granularity=60&\(span($0))") },
            read: readCandles),
    ]

    private static func span(_ question: HistoryQuestion) -> String {
        "from=\(question.from.milliseconds)&to=\(question.last.milliseconds)"
    }

    /// Shape: `data[]`, newest first, or `null`.
    private static func readFundingHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try listOrNull(response.body, in: "data") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                try SettlementDraft(&row, symbol: "symbol", time: "timepoint")
            }
        }
    }

    /// Shape: `data[]` of `[start, open, high, low, close, volume, turnover]`, oldest first, or `null`. Volume counts lots;
    /// the turnover, which older answers lack, is in quote units, and of an inverse contract not used.
    private static func readCandles(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        let isLinear = batch.parts(of: symbol)?.kind == .linear
        for row in try listOrNull(response.body, in: "data") {
            batch.addCandleArray(row) { (row) throws(FieldError) in
                CandleDraft(
                    symbol: symbol, priceKind: .last, from: try row.milliseconds(0), open: try row.price(1),
                    high: try row.price(2), low: try row.price(3), close: try row.price(4),
                    volumeContracts: try row.optionalNonNegative(5),
                    volumeQuote: isLinear ? try row.optionalNonNegative(6) : nil)
            }
        }
    }
}
