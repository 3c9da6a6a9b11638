import PerpCore

/// The public archive of Binance: a zip for each contract and day or month, its SHA-256 beside it.
///
/// Source: https://github.com/binance/binance-public-data and https://data.binance.vision
enum BinanceArchives {
    /// The two markets of perpetuals.
    enum Market: String {
        case linear = "um"
        case inverse = "cm"
    }

    private static let host = "https://data.binance.vision"

    static func series(_ market: Market) -> [ArchiveSeries] {
        [
            metrics(.longShort, "archive_ratios", market) { (row, subject) throws(FieldError) in
                try ratios(row, subject)
            },
            metrics(.openInterest, "archive_metrics", market) { (row, subject) throws(FieldError) in
                try openInterest(row, subject, market)
            },
            ArchiveSeries(
                .funding, "archive_funding", host: host, periods: .months,
                address: .known { symbol, period in address(market, "fundingRate", symbol, period) },
                hasChecksums: true, isHourly: false, daysUntil: (1, 2),
                columns: ["calc_time", "funding_interval_hours", "last_funding_rate"], read: settlement),
            candles(.candles, "klines", market), candles(.markCandles, "markPriceKlines", market),
            candles(.indexCandles, "indexPriceKlines", market),
        ]
    }

    /// `…/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-2026-11-01.zip`; candles have their interval in place of the kind.
    private static func address(
        _ market: Market, _ kind: String, _ symbol: String, _ period: ArchivePeriod, interval: String? = nil
    ) -> String {
        let name = percentEncoded(symbol)
        let span = period.name.utf8.count == 7 ? "monthly" : "daily"
        let folder = "\(host)/data/futures/\(market.rawValue)/\(span)/\(kind)/\(name)"
        return "\(folder)\(interval.map { "/\($0)" } ?? "")/\(name)-\(interval ?? kind)-\(period.name).zip"
    }

    // MARK: - Open interest and ratios

    private static let metricColumns: [StaticString] = [
        "create_time", "symbol", "sum_open_interest", "sum_open_interest_value", "count_toptrader_long_short_ratio",
        "sum_toptrader_long_short_ratio", "count_long_short_ratio", "sum_taker_long_short_vol_ratio",
    ]

    /// Rows of every five minutes, of which the first of each hour is kept: the first of a day stands at 00:00 or at 00:05.
    private static func metrics(
        _ dataset: HistoryDataset, _ id: String, _ market: Market,
        read: @escaping @Sendable (CSVRow, ArchiveSubject) throws(FieldError) -> ArchiveFact
    ) -> ArchiveSeries {
        ArchiveSeries(
            dataset, id, home: .openInterest, host: host, periods: .days(lead: 0),
            address: .known { symbol, period in address(market, "metrics", symbol, period) }, hasChecksums: true,
            isThinned: true, daysUntil: (2, 2), columns: metricColumns, read: read)
    }

    /// The contract of a row, which must be the one that was asked for.
    private static func symbol(_ row: CSVRow, _ subject: ArchiveSubject) throws(FieldError) -> String {
        let symbol = try row.string(1)
        guard subject.symbol == nil || subject.symbol == symbol else { throw .unknown(field: "symbol", value: symbol) }
        return symbol
    }

    /// In coins and in quote units; of a contract margined in its coin in contracts and in coins, as the answers of the API.
    private static func openInterest(
        _ row: CSVRow, _ subject: ArchiveSubject, _ market: Market
    ) throws(FieldError) -> ArchiveFact {
        let symbol = try symbol(row, subject)
        let time = try row.textTime(0)
        let count = try row.nonNegative(2)
        let value = try row.optionalNonNegative(3)
        let isLinear = market == .linear
        return .openInterest(
            OpenInterestDraft(
                symbol: symbol, observedAt: time, contracts: count, base: isLinear ? count : value,
                quote: isLinear ? value : nil))
    }

    /// Ratios of longs to shorts, of five minutes each; a blank one, or one that is zero, was not counted.
    private static func ratios(_ row: CSVRow, _ subject: ArchiveSubject) throws(FieldError) -> ArchiveFact {
        let symbol = try symbol(row, subject)
        let time = try row.textTime(0)
        let populations: [(Int, LongShortRatio.Population)] = [
            (4, .topAccounts), (5, .topPositions), (6, .accounts), (7, .taker),
        ]
        var drafts: [RatioDraft] = []
        for (column, population) in populations {
            guard let ratio = try row.optionalNonNegative(column), ratio > 0 else { continue }
            let (long, short) = fractions(of: ratio)
            drafts.append(
                RatioDraft(
                    symbol: symbol, population: population, period: "5m", ratio: ratio, longFraction: long,
                    shortFraction: short, observedAt: time))
        }
        return .ratios(symbol: symbol, at: time, drafts)
    }

    // MARK: - Funding

    /// The only lasting record of the interval; stamps are up to some milliseconds late.
    @Sendable private static func settlement(
        _ row: CSVRow, _ subject: ArchiveSubject
    ) throws(FieldError) -> ArchiveFact {
        guard let symbol = subject.symbol else { throw .missing(field: "symbol") }
        let time = try row.time(0)
        let hours = try row.optionalNonNegative(1)
        return .settlement(
            SettlementDraft(
                symbol: symbol, settledAt: time, fundingRate: try row.number(2),
                fundingIntervalHours: hours.flatMap { $0 > 0 ? $0 : nil }))
    }

    // MARK: - Candles

    private static let candleColumns: [StaticString] = [
        "open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume",
    ]

    private static func candles(_ dataset: HistoryDataset, _ kind: String, _ market: Market) -> ArchiveSeries {
        ArchiveSeries(
            dataset, "archive_\(dataset.rawValue)", host: host, periods: .monthsAndDays,
            address: .known { symbol, period in
                // The index belongs to the pair, which is the symbol up to the line of one margined in its coin.
                let name = dataset == .indexCandles ? String(symbol.prefix { $0 != "_" }) : symbol
                return address(market, kind, name, period, interval: "1h")
            },
            hasChecksums: true, daysUntil: (1, 2), columns: candleColumns,
            covers: { _ in true },
            read: { (row, subject) throws(FieldError) in try candle(row, subject, dataset, market) })
    }

    /// Columns as the API's rows have them; volumes of mark and index prices mean nothing.
    private static func candle(
        _ row: CSVRow, _ subject: ArchiveSubject, _ dataset: HistoryDataset, _ market: Market
    ) throws(FieldError) -> ArchiveFact {
        guard let symbol = subject.symbol else { throw .missing(field: "symbol") }
        var candle = CandleDraft(
            symbol: symbol, priceKind: dataset.price ?? .last, from: try row.slot(0, step: Hour.milliseconds),
            open: try row.price(1), high: try row.price(2), low: try row.price(3), close: try row.price(4))
        guard dataset == .candles else { return .candle(candle) }
        let volume = try row.optionalNonNegative(5)
        let turnover = try row.optionalNonNegative(7)
        switch market {
        case .linear: (candle.volumeBase, candle.volumeQuote) = (volume, turnover)
        case .inverse: (candle.volumeContracts, candle.volumeBase) = (volume, turnover)
        }
        return .candle(candle)
    }
}
