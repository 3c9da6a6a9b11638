/// What AsterDEX tells of the past: settlements and candles in Binance's shapes.
///
/// Source: https://github.com/asterdex/api-docs
extension Aster {
    static let history: [HistoryEndpoint] =
        [BinanceShape.fundingHistory(host, "/fapi/v1", limit: "weight")] + BinanceShape.candles(host, "/fapi/v1")
}
