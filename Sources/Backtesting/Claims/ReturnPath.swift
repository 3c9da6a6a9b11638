import PerpCore
import Sealing

/// What prices did after events, hour by hour, in the direction of their claims: a description, never a test.
public struct ReturnPath: Hashable, Sendable {
    /// The horizons that are printed beside the one that is tested, in hours.
    public static let horizons = [1, 4, 8, 24, 72, 168]

    /// An hour of the path.
    public struct Point: Hashable, Sendable {
        /// Hours after the entry.
        public let hours: Int
        /// Events with a mark at that hour.
        public let count: Int
        /// The mean of `side * (mark / entry mark - 1)`, in basis points; without a side the mean absolute return.
        public let mean: Double
        /// The value that a tenth of the events is below.
        public let low: Double
        /// The value that a tenth of the events is above.
        public let high: Double
    }

    /// The points with at least one event, ascending.
    public let points: [Point]

    /// The path of events about one contract; those of pairs and those without an entry are left out, as are hours that
    /// are not stored.
    public init(
        _ outcomes: [EventOutcome], _ facts: BacktestFacts, hours: some Sequence<Int>,
        settings: BacktestSettings = BacktestSettings()
    ) {
        let entries = outcomes.compactMap { outcome -> Entry? in
            guard let claim = outcome.claim, !claim.hasLegs, let hour = outcome.entry,
                let history = facts.largest(of: outcome.event.asset ?? settings.asset, at: outcome.event.decided),
                let row = history.row(at: hour)
            else { return nil }
            return Entry(hour: hour, mark: row.markPrice, side: claim.side, history: history)
        }
        points = hours.compactMap { Self.point($0, entries) }
    }

    private struct Entry {
        let hour: Hour
        let mark: Double
        let side: Int?
        let history: ContractHistory
    }

    private static func point(_ hours: Int, _ entries: [Entry]) -> Point? {
        let returns = entries.compactMap { entry -> Double? in
            guard let row = entry.history.row(at: entry.hour.advanced(by: hours)) else { return nil }
            let change = (row.markPrice / entry.mark - 1) * 1e4
            return entry.side.map { Double($0) * change } ?? abs(change)
        }
        let sorted = returns.sorted()
        guard let mean = mean(returns), let low = Quantiles.quantile(0.1, ofSorted: sorted),
            let high = Quantiles.quantile(0.9, ofSorted: sorted)
        else { return nil }
        return Point(hours: hours, count: returns.count, mean: mean, low: low, high: high)
    }
}
