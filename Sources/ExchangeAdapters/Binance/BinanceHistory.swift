import JSONReader
import PerpCore

/// What Binance tells of the past of USDT-margined contracts.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Open-Interest-Statistics
/// and the pages beside it
extension Binance {
    static let history: [HistoryEndpoint] =
        [
            ratio("history_long_short_accounts", "globalLongShortAccountRatio", .accounts),
            ratio("history_long_short_top_accounts", "topLongShortAccountRatio", .topAccounts),
            ratio("history_long_short_top_positions", "topLongShortPositionRatio", .topPositions),
            BinanceShape.data(
                .longShort, "history_taker_volume", host, "takerlongshortRatio", contract: BinanceShape.symbolParameter,
                read: readTakerHistory),
            BinanceShape.data(
                .openInterest, "history_open_interest", host, "openInterestHist",
                contract: BinanceShape.symbolParameter, read: readOpenInterestHistory),
            BinanceShape.fundingHistory(host, "/fapi/v1", limit: "funding"),
        ] + BinanceShape.candles(host, "/fapi/v1")

    private static func ratio(
        _ id: String, _ path: String, _ population: LongShortRatio.Population
    ) -> HistoryEndpoint {
        BinanceShape.data(
            .longShort, id, host, path, contract: BinanceShape.symbolParameter,
            read: { (response, batch) throws(AdapterError) in
                batch.addRatios(
                    try list(response.body), in: response, of: population, symbol: "symbol", ratio: "longShortRatio",
                    long: "longAccount", short: "shortAccount", time: "timestamp")
            })
    }

    /// Shape: as of the hour's answer. A bucket that may still be filling is left out.
    private static func readTakerHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try list(response.body) {
            batch.addRatios(row) { (row) throws(FieldError) in
                let ratio = try row.optionalNonNegative("buySellRatio")
                let sells = try row.nonNegative("sellVol")
                let buys = try row.nonNegative("buyVol")
                let start = try row.milliseconds("timestamp")
                guard start.advanced(byMilliseconds: Hour.milliseconds) <= response.receivedAt else { return [] }
                return [
                    try RatioDraft(
                        symbol: symbol, period: "1h", ratio: ratio, buys: buys, sells: sells, observedAt: start)
                ]
            }
        }
    }

    /// Shape: `[{symbol, sumOpenInterest, sumOpenInterestValue, …, timestamp}]`, in coins and in quote units, at the instant.
    private static func readOpenInterestHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.addOpenInterest(row) { (row) throws(FieldError) in
                let symbol = try row.string("symbol")
                let coins = try row.nonNegative("sumOpenInterest")
                let value = try row.optionalNonNegative("sumOpenInterestValue")
                return OpenInterestDraft(
                    symbol: symbol, observedAt: try row.milliseconds("timestamp"), contracts: coins, base: coins,
                    quote: value)
            }
        }
    }
}
