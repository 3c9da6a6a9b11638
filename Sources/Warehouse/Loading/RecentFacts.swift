import PerpCore
import Sealing

/// The facts that were loaded last, so that they can be sealed without reading them back.
struct RecentFacts {
    /// The number of hours that are kept: two days, of which a rebuild seals the first. A day of the full market takes
    /// about 20 MB.
    private static let hours = 50

    private var facts: [Hour: [Exchange: ExchangeFacts]] = [:]

    /// Keeps the facts of a file, except its liquidations, which other files complete.
    mutating func keep(_ staged: StagedHour) {
        // Without a list of instruments, the last stored one of the exchange counts.
        let areAllClassed = staged.tickers.withUnsafeBufferPointer { rows in
            rows.indices.allSatisfy { rows[$0].assetClass != nil }
        }
        guard !staged.instruments.isEmpty, areAllClassed else {
            return drop(staged.exchange, staged.hour)
        }
        let (status, reason) = ExchangeStatus.judge(tickers: staged.tickers.count, staged.source.endpoints)
        // Through the buffer: an element taken out of the array would be copied with its strings.
        let notTrading = staged.instruments.withUnsafeBufferPointer { rows in
            Set(rows.indices.lazy.filter { rows[$0].status != .trading }.map { rows[$0].symbol })
        }
        facts[staged.hour, default: [:]][staged.exchange] = ExchangeFacts(
            exchange: staged.exchange, status: status, reason: reason, tickers: staged.tickers,
            notTrading: notTrading, longShortRatios: staged.longShortRatios.inTableOrder,
            spotTickers: staged.spotTickers, knowsClasses: staged.source.knowsClasses)
        if facts.count > Self.hours, let oldest = facts.keys.min() { facts[oldest] = nil }
    }

    mutating func drop(_ exchange: Exchange, _ hour: Hour) { facts[hour]?[exchange] = nil }

    mutating func drop(_ hour: Hour) { facts[hour] = nil }

    func facts(_ exchange: Exchange, _ hour: Hour) -> ExchangeFacts? { facts[hour]?[exchange] }
}

extension [LongShortRatio] {
    /// The rows as the table `long_short` has them: the first row of each key, in the order of keys.
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
