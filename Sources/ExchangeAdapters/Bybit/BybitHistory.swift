import JSONReader
import PerpCore

/// What Bybit tells of the past. Only `startTime` without an end is an error at some of its endpoints, so both ends are
/// always sent; both belong to the span, and rows come newest first.
///
/// Source: https://bybit-exchange.github.io/docs/v5/market/kline and the pages beside it
extension Bybit {
    static let history: [HistoryEndpoint] = [
        HistoryEndpoint(
            .longShort, "history_long_short", host, limit: "requests", paging: .backwards,
            ask: { EndpointCall("/v5/market/account-ratio?\(span($0, "startTime", "endTime"))&period=1h&limit=500") },
            read: readAccountRatio),
        HistoryEndpoint(
            .openInterest, "history_open_interest", host, limit: "requests", paging: .backwards,
            ask: {
                EndpointCall("/v5/market/open-interest?\(span($0, "startTime", "endTime"))&intervalTime=1h&limit=200")
            },
            read: readOpenInterest),
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .backwards,
            ask: { EndpointCall("/v5/market/funding/history?\(span($0, "startTime", "endTime"))&limit=200") },
            read: readFundingHistory),
        candles(.candles, "kline"), candles(.markCandles, "mark-price-kline"),
        candles(.indexCandles, "index-price-kline"),
    ]

    private static func candles(_ dataset: HistoryDataset, _ path: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: "requests", paging: .backwards,
            ask: { EndpointCall("/v5/market/\(path)?\(span($0, "start", "end"))&interval=60&limit=1000") },
            read: readCandles)
    }

    private static func span(_ question: HistoryQuestion, _ from: String, _ to: String) -> String {
        "category=\(question.parts.kind.rawValue)&symbol=\(question.symbol)"
            + "&\(from)=\(question.from.milliseconds)&\(to)=\(question.last.milliseconds)"
    }

    /// Shape: `result.list[]` of `[start, open, high, low, close, volume, turnover]`, the last two only of trades. Volume is
    /// in base coins and turnover in quote; of an inverse contract it is the other way round.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        let isInverse = batch.parts(of: symbol)?.kind == .inverse
        for row in try list(response.body, in: "result", "list") {
            batch.addCandleArray(row) { (row) throws(FieldError) in
                let volume = try row.optionalNonNegative(5)
                let turnover = try row.optionalNonNegative(6)
                return CandleDraft(
                    symbol: symbol, priceKind: price, from: try row.milliseconds(0), open: try row.price(1),
                    high: try row.price(2), low: try row.price(3), close: try row.price(4),
                    volumeBase: isInverse ? turnover : volume, volumeQuote: isInverse ? volume : turnover)
            }
        }
    }

    /// Shape: `result.list[]` of `{openInterest, timestamp}`, the sum of both sides since 2023-11-14; in coins, or in dollars
    /// of an inverse contract. Rows of 2026 state `singleOpenInterest` beside it.
    private static func readOpenInterest(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        let isInverse = batch.parts(of: symbol)?.kind == .inverse
        for row in try list(response.body, in: "result", "list") {
            batch.addOpenInterest(row) { (row) throws(FieldError) in
                let stated = try row.nonNegative("openInterest")
                let observedAt = try row.milliseconds("timestamp")
                let one = try row.optionalNonNegative("singleOpenInterest")
                let size = one ?? stated * (observedAt < bothSidesSince ? 1 : 0.5)
                return OpenInterestDraft(
                    symbol: symbol, observedAt: observedAt, contracts: size, base: isInverse ? nil : size,
                    quote: isInverse ? size : nil)
            }
        }
    }
}
