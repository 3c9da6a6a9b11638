import PerpCore
import Sealing

/// What was loaded last, for sealing it without reading it back.
struct RecentFacts {
    /// Two days, of which a rebuild seals the first; a day of the full market takes some 20 MB.
    private static let hours = 50

    private var venues: [Hour: [Exchange: ExchangeFacts]] = [:]

    /// Keeps a file's facts; its liquidations, which other files complete, are read.
    mutating func keep(_ staged: StagedHour) {
        // Without a list of instruments the venue's last one counts, which is stored.
        guard !staged.instruments.isEmpty, staged.tickers.allSatisfy({ $0.assetClass != nil }) else {
            return drop(staged.exchange, staged.hour)
        }
        let (status, reason) = ExchangeStatus.judge(tickers: staged.tickers.count, staged.source.endpoints)
        let notTrading = staged.instruments.lazy.filter { $0.status != .trading }.map(\.symbol)
        venues[staged.hour, default: [:]][staged.exchange] = ExchangeFacts(
            exchange: staged.exchange, status: status, reason: reason, tickers: staged.tickers,
            notTrading: Set(notTrading), longShortRatios: staged.longShortRatios.inTableOrder,
            spotTickers: staged.spotTickers, knowsClasses: staged.source.knowsClasses)
        if venues.count > Self.hours, let oldest = venues.keys.min() { venues[oldest] = nil }
    }

    mutating func drop(_ exchange: Exchange, _ hour: Hour) { venues[hour]?[exchange] = nil }

    mutating func drop(_ hour: Hour) { venues[hour] = nil }

    func venue(_ exchange: Exchange, _ hour: Hour) -> ExchangeFacts? { venues[hour]?[exchange] }
}

extension [LongShortRatio] {
    /// The rows as the table `long_short` has them: each key once, the first of the file, in the order of keys.
    fileprivate var inTableOrder: [LongShortRatio] {
        func key(_ row: LongShortRatio) -> (String, String, String, Int64) {
            (row.symbol, row.population.rawValue, row.period, row.observedAt.milliseconds)
        }
        var sorted: [LongShortRatio] = []
        sorted.reserveCapacity(count)
        // The standard sort is stable, so the first of the file stays the first.
        for row in self.sorted(by: { key($0) < key($1) }) {
            if let last = sorted.last, key(last) == key(row) { continue }
            sorted.append(row)
        }
        return sorted
    }
}
