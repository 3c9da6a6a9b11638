import PerpCore

/// Facts that can be had as they were at an hour.
public protocol CuttableFacts {
    /// The facts as they were stored at the end of an hour.
    func cut(after hour: Hour) -> Self
    /// The facts with prices after an hour multiplied by random factors: it catches what reads ahead but copes with absence.
    func poisoned(after hour: Hour, _ generator: inout SplitMix64) -> Self
}

/// The test that nothing reads ahead: what was decided up to an hour must not depend on what came after it.
public enum LookAheadGuard {
    /// What was done to the future.
    public enum Change: String, Hashable, Sendable, CaseIterable {
        /// It was removed.
        case cut
        /// Its prices were multiplied by random factors.
        case poison
    }

    /// A decision that depends on the future.
    public struct Difference<Decision: Equatable & Sendable>: Equatable, Sendable {
        /// The hour after which the facts were changed.
        public let after: Hour
        /// What was done to the future.
        public let change: Change
        /// The hour of the decision; not later than `after`.
        public let hour: Hour
        /// With all facts; `nil` for none.
        public let whole: Decision?
        /// With the changed facts; `nil` for none.
        public let changed: Decision?
    }

    /// The decisions up to each cut that another future changes, in the order of cuts, changes and hours; none is what
    /// one wants.
    /// - Parameters:
    ///   - seed: of the factors that poison the future.
    ///   - decide: all decisions that facts lead to, by hour.
    public static func differences<Facts: CuttableFacts, Decision: Equatable & Sendable>(
        _ facts: Facts, cuts: [Hour], seed: UInt64 = 1, decide: (Facts) -> [Hour: Decision]
    ) -> [Difference<Decision>] {
        let whole = decide(facts)
        var generator = SplitMix64(seed: seed)
        return cuts.flatMap { cut in
            Change.allCases.flatMap { change in
                let other =
                    switch change {
                    case .cut: decide(facts.cut(after: cut))
                    case .poison: decide(facts.poisoned(after: cut, &generator))
                    }
                return compare(whole, other, until: cut).map {
                    Difference(after: cut, change: change, hour: $0, whole: whole[$0], changed: other[$0])
                }
            }
        }
    }

    private static func compare<Decision: Equatable>(
        _ whole: [Hour: Decision], _ other: [Hour: Decision], until cut: Hour
    ) -> [Hour] {
        Set(whole.keys).union(other.keys).filter { $0 <= cut && whole[$0] != other[$0] }.sorted()
    }

    /// So many hours spread evenly over a span, the last one excluded.
    public static func spread(_ count: Int, over span: ClosedRange<Hour>) -> [Hour] {
        let hours = span.lowerBound.distance(to: span.upperBound)
        return (0..<count).map { span.lowerBound.advanced(by: hours * ($0 + 1) / (count + 1)) }
    }

    /// So many hours of a span that a seed decides, ascending; fewer when two are the same.
    public static func random(_ count: Int, over span: ClosedRange<Hour>, seed: UInt64) -> [Hour] {
        var draws = SeededDraws(seed: seed)
        let hours = span.lowerBound.distance(to: span.upperBound)
        return Set((0..<count).map { _ in span.lowerBound.advanced(by: draws.below(max(hours, 1))) }).sorted()
    }
}

extension BacktestFacts: CuttableFacts {
    /// The facts with marks, quotes and rates after an hour multiplied by random factors between a half and two; events
    /// after it stay.
    public func poisoned(after hour: Hour, _ generator: inout SplitMix64) -> BacktestFacts {
        var poisoned: [ContractHistory] = []
        for history in contracts { poisoned.append(history.poisoned(after: hour, &generator)) }
        return BacktestFacts(contracts: poisoned, events: events, span: span)
    }
}

extension ContractHistory {
    fileprivate func poisoned(after hour: Hour, _ generator: inout SplitMix64) -> ContractHistory {
        var rows = rows
        for index in firstIndex(from: hour.next)..<rows.count {
            let factor = Double.random(in: 0.5...2, using: &generator)
            rows[index].markPrice *= factor
            rows[index].bidPrice = rows[index].bidPrice.map { $0 * factor }
            rows[index].askPrice = rows[index].askPrice.map { $0 * factor }
            rows[index].fundingRate = rows[index].fundingRate.map { $0 * -factor }
        }
        let seen = rows[..<firstIndex(from: hour.next)].last?.observedAt ?? Timestamp(milliseconds: .min)
        let settled = settlements.map { settlement in
            var settlement = settlement
            if settlement.settledAt > seen { settlement.fundingRate *= -Double.random(in: 0.5...2, using: &generator) }
            return settlement
        }
        return ContractHistory(contract, rows: rows, settlements: settled)
    }
}

extension Backtest.Result {
    /// What was known of a run at the end of an hour.
    public struct Known: Hashable, Sendable {
        /// Rows of events up to the hour, without what tells a later outcome.
        public var outcomes: [EventOutcome]
        /// Trades that were known to be closed, and events that were known to have none.
        public var trades: [SimulatedTrade]
        /// The changes of equity of all trades, in dollars, by hour from the first on.
        public var changes: [Double]
    }

    /// What was known at the end of an hour: a run of the facts of that hour must say the same.
    public func known(at hour: Hour) -> Known {
        let span = span.lowerBound...max(span.lowerBound, min(hour, span.upperBound))
        let count = span.lowerBound.distance(to: span.upperBound) + 1
        return Known(
            outcomes: outcomes.filter { $0.event.decided <= hour }.map { $0.known(at: hour) },
            trades: trades.filter { $0.isKnown(at: hour) }, changes: Array(portfolio.changes.prefix(count)))
    }
}

extension SimulatedTrade {
    fileprivate func isKnown(at hour: Hour) -> Bool {
        switch status {
        case .noEntry: event.decided.distance(to: hour) >= Simulation.longestWait
        case .open, .waiting: false
        case .overlap, .time, .stop, .opposite, .carryGone, .delisted, .unresolved: closedAt.map { $0 <= hour } ?? false
        }
    }
}
