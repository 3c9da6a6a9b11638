import JSONReader
import PerpCore

/// What Binance tells of the past of contracts margined in their coin. Candles of more than 200 days are refused, so that no
/// call asks for as many.
///
/// Source: https://developers.binance.com/docs/derivatives/coin-margined-futures/market-data/rest-api/Open-Interest-Statistics
/// and the pages beside it
extension BinanceCOINM {
    static let history: [HistoryEndpoint] =
        [
            ratio("history_long_short_accounts", "globalLongShortAccountRatio", .accounts),
            ratio("history_long_short_top_accounts", "topLongShortAccountRatio", .topAccounts),
            ratio(
                "history_long_short_top_positions", "topLongShortPositionRatio", .topPositions, long: "longPosition",
                short: "shortPosition"),
            BinanceShape.data(
                .longShort, "history_taker_volume", host, "takerBuySellVol", contract: perpetualOfPair,
                read: readTakerHistory),
            BinanceShape.data(
                .openInterest, "history_open_interest", host, "openInterestHist", contract: perpetualOfPair,
                read: readOpenInterestHistory),
            BinanceShape.fundingHistory(
                host, "/dapi/v1", limit: "funding", paging: .windows(hours: 190 * 24, rows: 1000)),
        ]
        + BinanceShape.candles(host, "/dapi/v1", units: .contracts, paging: .windows(hours: 960, rows: 1000))

    /// The parameters that name the perpetual of a pair.
    @Sendable private static func perpetualOfPair(_ question: HistoryQuestion) -> String {
        BinanceShape.pairParameter(question) + "&contractType=PERPETUAL"
    }

    private static func ratio(
        _ id: String, _ path: String, _ population: LongShortRatio.Population, long: StaticString = "longAccount",
        short: StaticString = "shortAccount"
    ) -> HistoryEndpoint {
        BinanceShape.data(
            .longShort, id, host, path, contract: BinanceShape.pairParameter,
            read: { (response, batch) throws(AdapterError) in
                try readRatios(response, population, long, short, into: &batch)
            })
    }

    /// Shape: as of the hour's answer. A bucket that may still be filling is left out.
    private static func readTakerHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.addRatios(row) { (row) throws(FieldError) in
                let pair = try row.string("pair")
                let type = try row.string("contractType")
                guard type == "PERPETUAL" else { throw .unknown(field: "contractType", value: type) }
                let buys = try row.nonNegative("takerBuyVol")
                let sells = try row.nonNegative("takerSellVol")
                let start = try row.milliseconds("timestamp")
                guard start.advanced(byMilliseconds: Hour.milliseconds) <= response.receivedAt else { return [] }
                return [
                    try RatioDraft(
                        symbol: pair + perpetualEnd, period: "1h", buys: buys, sells: sells, observedAt: start)
                ]
            }
        }
    }

    /// Shape: `[{pair, contractType, sumOpenInterest, sumOpenInterestValue, timestamp}]`, in contracts and in coins.
    private static func readOpenInterestHistory(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body) {
            batch.addOpenInterest(row) { (row) throws(FieldError) in
                let pair = try row.string("pair")
                let type = try row.string("contractType")
                guard type == "PERPETUAL" else { throw .unknown(field: "contractType", value: type) }
                let contracts = try row.nonNegative("sumOpenInterest")
                let coins = try row.optionalNonNegative("sumOpenInterestValue")
                return OpenInterestDraft(
                    symbol: pair + perpetualEnd, observedAt: try row.milliseconds("timestamp"), contracts: contracts,
                    base: coins)
            }
        }
    }
}
