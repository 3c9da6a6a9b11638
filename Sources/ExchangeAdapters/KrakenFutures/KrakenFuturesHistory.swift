import JSONReader
import PerpCore

/// What Kraken Futures tells of the past: all rates in one answer, and candles whose span is in seconds. Liquidations stand
/// among all trades, of which an answer holds a hundred: they are not asked for.
///
/// Source: https://docs.kraken.com/api/docs/futures-api/trading/historical-funding-rates and
/// https://docs.kraken.com/api/docs/futures-api/charts/candles
extension KrakenFutures {
    static let history: [HistoryEndpoint] = [
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .whole,
            covers: { $0.contract == .perpetual },
            ask: { EndpointCall(api + "v4/historicalfundingrates?symbol=\($0.symbol)") }, read: readAllFunding),
        candles(.candles, "trade"), candles(.markCandles, "mark"), candles(.indexCandles, "spot"),
    ]

    /// An answer holds 2000 rows at least.
    private static func candles(_ dataset: HistoryDataset, _ price: String) -> HistoryEndpoint {
        HistoryEndpoint.candles(
            dataset, host, limit: "requests",
            paging: .windows(hours: 1999, rows: 2000),
            ask: {
                EndpointCall("/api/charts/v1/\(price)/\($0.symbol)/1h?from=\($0.from.seconds)&to=\($0.last.seconds)")
            },
            read: readCandles)
    }

    /// Shape: `rates[]`, in either order; only the request names the symbol. `fundingRate` is absolute, and
    /// `relativeFundingRate` the fraction of notional.
    private static func readAllFunding(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try list(response.body, in: "rates") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                SettlementDraft(
                    symbol: symbol, settledAt: try row.iso8601("timestamp"),
                    fundingRate: try row.number("relativeFundingRate"))
            }
        }
    }

    /// Shape: `candles[]`, oldest first, with times in milliseconds. `volume` counts dollars of an inverse contract, coins of
    /// a linear one, and is 0 where the price is not of trades.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        let isInverse = batch.parts(of: symbol)?.kind == .inverse
        for row in try list(response.body, in: "candles") {
            batch.addCandle(row) { (row) throws(FieldError) in
                let volume = price == .last ? try row.optionalNonNegative("volume") : nil
                return CandleDraft(
                    symbol: symbol, priceKind: price, from: try row.milliseconds("time"),
                    open: try row.positive("open"), high: try row.positive("high"), low: try row.positive("low"),
                    close: try row.positive("close"), volumeBase: isInverse ? nil : volume,
                    volumeQuote: isInverse ? volume : nil)
            }
        }
    }
}
