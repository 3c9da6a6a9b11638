import JSONReader
import PerpCore

/// What Binance and AsterDEX tell of the past, in one shape. Rows come oldest first, and both ends of a span belong to it.
///
/// Source: https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Kline-Candlestick-Data
/// and the pages beside it
extension BinanceShape {
    /// What volumes of candles count.
    enum CandleUnits {
        /// Column 5 is coins, column 7 quote units.
        case coins
        /// Column 5 is contracts, column 7 coins.
        case contracts
    }

    /// Settlements, a thousand an answer.
    static func fundingHistory(
        _ host: String, _ root: String, limit: String, paging: HistoryPaging = .forwards
    ) -> HistoryEndpoint {
        HistoryEndpoint(
            .funding, "history_funding", host, limit: limit, paging: paging, covers: { $0.contract == .perpetual },
            ask: { EndpointCall("\(root)/fundingRate?symbol=\(percentEncoded($0.symbol))&\(span($0))&limit=1000") },
            read: readFundingRates)
    }

    /// Candles of the last, the mark and the index price. An answer of 1000 rows weighs 5, one of 1500 weighs 10.
    static func candles(
        _ host: String, _ root: String, units: CandleUnits = .coins, paging: HistoryPaging = .forwards
    ) -> [HistoryEndpoint] {
        [(.candles, "klines"), (.markCandles, "markPriceKlines"), (.indexCandles, "indexPriceKlines")]
            .map { (dataset: HistoryDataset, path: String) in
                HistoryEndpoint(
                    dataset, "history_\(dataset.rawValue)", host, weight: 5, limit: "weight", paging: paging,
                    ask: { question in
                        // The index belongs to the pair, and dated contracts share it.
                        let contract = dataset == .indexCandles ? pairParameter(question) : symbolParameter(question)
                        return EndpointCall("\(root)/\(path)?\(contract)&interval=1h&\(span(question))&limit=1000")
                    },
                    read: { (response, batch) throws(AdapterError) in
                        try readCandles(response, into: &batch, dataset.price ?? .last, units)
                    })
            }
    }

    /// Figures below `/futures/data`, of the last 30 days: an older start is an error. It is not said which end of a span an
    /// answer of at most 500 rows cuts off, so that spans are cut before.
    ///
    /// - Parameter contract: the parameters that name the contract.
    static func data(
        _ dataset: HistoryDataset, _ id: String, _ host: String, _ path: String,
        contract: @escaping @Sendable (HistoryQuestion) -> String,
        read: @escaping @Sendable (Response, inout Batch) throws(AdapterError) -> Void
    ) -> HistoryEndpoint {
        HistoryEndpoint(
            dataset, id, host, limit: "data", paging: .windows(hours: 480, rows: 500),
            covers: { $0.contract == .perpetual },
            ask: { EndpointCall("/futures/data/\(path)?\(contract($0))&period=1h&\(span($0))&limit=500") }, read: read)
    }

    static func symbolParameter(_ question: HistoryQuestion) -> String {
        "symbol=\(percentEncoded(question.symbol))"
    }

    /// The pair is the symbol up to the line that a dated contract has, and one margined in its coin.
    static func pairParameter(_ question: HistoryQuestion) -> String {
        "pair=\(percentEncoded(String(question.symbol.prefix { $0 != "_" })))"
    }

    private static func span(_ question: HistoryQuestion) -> String {
        "startTime=\(question.from.milliseconds)&endTime=\(question.last.milliseconds)"
    }

    /// Shape: a list of `[openTime, open, high, low, close, volume, closeTime, turnover, trades, …]`; of mark and index prices
    /// the volumes are 0 and mean nothing.
    private static func readCandles(
        _ response: Response, into batch: inout Batch, _ price: CandlePrice, _ units: CandleUnits
    ) throws(AdapterError) {
        let symbol = try response.askedSymbol()
        for row in try list(response.body) {
            batch.addCandleArray(row) { (row) throws(FieldError) in
                var candle = CandleDraft(
                    symbol: symbol, priceKind: price, from: try row.milliseconds(0), open: try row.price(1),
                    high: try row.price(2), low: try row.price(3), close: try row.price(4))
                guard price == .last else { return candle }
                let volume = try row.optionalNonNegative(5)
                let turnover = try row.optionalNonNegative(7)
                switch units {
                case .coins:
                    candle.volumeBase = volume
                    candle.volumeQuote = turnover
                case .contracts:
                    candle.volumeContracts = volume
                    candle.volumeBase = turnover
                }
                return candle
            }
        }
    }
}
