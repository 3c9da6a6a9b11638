import JSONReader
import PerpCore

/// What HTX tells of the past. Volume counts both sides of each trade, as in tickers, and is halved; open interest counts one.
///
/// Source: https://huobiapi.github.io/docs/usdt_swap/v1/en/#general-get-kline-data and the pages beside it
extension HTX {
    static let history: [HistoryEndpoint] = [
        // Two days a call, 90 days back. How many rows an answer holds is not said: 20 are taken for the most.
        HistoryEndpoint(
            .liquidations, "history_liquidations", host, limit: "requests", paging: .windows(hours: 48, rows: 20),
            covers: { $0.contract == .perpetual },
            ask: {
                EndpointCall(
                    "/linear-swap-api/v3/swap_liquidation_orders?contract=\(percentEncoded($0.symbol))&trade_type=0"
                        + "&start_time=\($0.from.milliseconds)&end_time=\($0.last.milliseconds)&direct=prev")
            },
            read: readLiquidations),
        ratios("history_long_short_accounts", "swap_elite_account_ratio", .topAccounts),
        ratios("history_long_short_positions", "swap_elite_position_ratio", .topPositions),
        HistoryEndpoint(
            .openInterest, "history_open_interest", host, limit: "requests", paging: .whole,
            covers: { $0.contract == .perpetual },
            ask: {
                EndpointCall(
                    base + "/swap_his_open_interest?contract_code=\(percentEncoded($0.symbol))&contract_type=swap"
                        + "&period=60min&size=200&amount_type=1")
            },
            read: readOpenInterestHistory),
        HistoryEndpoint(
            .funding, "history_funding", host, limit: "requests", paging: .numbers(from: 1),
            covers: { $0.contract == .perpetual },
            ask: {
                EndpointCall(
                    base + "/swap_historical_funding_rate?contract_code=\(percentEncoded($0.symbol))"
                        + "&page_index=\($0.page)&page_size=50")
            },
            read: readFundingHistory),
        // An answer holds 2000 rows at most; with a size the span is not looked at.
        HistoryEndpoint(
            .candles, "history_candles", host, limit: "requests", paging: .windows(hours: 1999, rows: 2000),
            ask: {
                EndpointCall(
                    "/linear-swap-ex/market/history/kline?contract_code=\(percentEncoded($0.symbol))&period=60min"
                        + "&from=\($0.from.seconds)&to=\($0.last.seconds)")
            },
            read: { (response, batch) throws(AdapterError) in try readCandles(response, into: &batch, .last) }),
        // The newest rows only: it takes a size and no span.
        HistoryEndpoint(
            .markCandles, "history_mark_candles", host, limit: "requests", paging: .whole,
            ask: {
                EndpointCall(
                    "/index/market/history/linear_swap_mark_price_kline?contract_code=\(percentEncoded($0.symbol))"
                        + "&period=60min&size=2000")
            },
            read: { (response, batch) throws(AdapterError) in try readCandles(response, into: &batch, .mark) }),
    ]

    private static func ratios(
        _ id: String, _ path: String, _ population: LongShortRatio.Population
    ) -> HistoryEndpoint {
        HistoryEndpoint(
            .longShort, id, host, limit: "requests", paging: .whole, covers: { $0.contract == .perpetual },
            ask: { EndpointCall(base + "/\(path)?contract_code=\(percentEncoded($0.symbol))&period=60min") },
            read: { (response, batch) throws(AdapterError) in try readRatios(response, population, into: &batch) })
    }

    /// Shape: `data.tick[]`. `volume` counts contracts where `amount_type` is 1, and `value` is in quote units, both of one
    /// side. An hour that may still be filling is passed over.
    private static func readOpenInterestHistory(
        _ response: Response, into batch: inout Batch
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol("contract_code")
        let latest = Double(response.receivedAt.milliseconds - Hour.milliseconds)
        for row in try list(response.body, in: "data", "tick") where row.member("ts")?.number ?? 0 <= latest {
            batch.addOpenInterest(row) { (row) throws(FieldError) in
                let size = try row.nonNegative("volume")
                return OpenInterestDraft(
                    symbol: symbol, observedAt: try row.milliseconds("ts"), contracts: size,
                    quote: try row.optionalNonNegative("value"))
            }
        }
    }

    /// Shape: `data[]`, oldest first, `id` the start of the hour in seconds; prices are numbers, of mark prices text.
    /// `amount` counts coins and `trade_turnover` quote units of both sides.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol("contract_code")
        for row in try list(response.body, in: "data") {
            batch.addCandle(row) { (row) throws(FieldError) in
                var candle = CandleDraft(
                    symbol: symbol, priceKind: price, from: try row.seconds("id"), open: try row.positive("open"),
                    high: try row.positive("high"), low: try row.positive("low"), close: try row.positive("close"))
                guard price == .last else { return candle }
                candle.volumeBase = try row.optionalNonNegative("amount").map { $0 / 2 }
                candle.volumeQuote = try row.optionalNonNegative("trade_turnover").map { $0 / 2 }
                return candle
            }
        }
    }
}
