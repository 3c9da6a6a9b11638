import PerpCore

/// How a run got the rates of the settlements in its trades.
public struct SettlementCounts: Hashable, Sendable {
    /// Settlements whose settled rate is stored.
    public var actual = 0
    /// Those for which the last displayed rate stands, and those of which no rate is known.
    public var estimated = 0

    /// Counts the settlements between entry and exit of each leg; of an open trade up to the last stored hour.
    public init(_ trades: some Sequence<SimulatedTrade>, _ facts: BacktestFacts) {
        for trade in trades {
            guard let entry = trade.entry else { continue }
            for leg in trade.legs {
                guard let history = facts.history(of: leg.contract), let start = history.row(at: entry),
                    let end = trade.exit.flatMap(history.row) ?? history.rows.last
                else { continue }
                for charge in history.charges(after: start.observedAt, through: end.observedAt) {
                    if charge.isEstimated { estimated += 1 } else { actual += 1 }
                }
            }
        }
    }
}

extension Backtest {
    /// The events and trades of facts without the statistics, which tell of a whole run and need no guard.
    public static func follow(_ facts: BacktestFacts, _ settings: BacktestSettings = BacktestSettings()) -> Result {
        var study = EventStudy(facts, settings)
        return Result(
            span: facts.span, outcomes: study.outcomes(), trades: Simulation(facts, settings).trades(), metrics: [],
            trials: [], trialCount: 0, overfitting: nil, alwaysLong: nil, alwaysShort: nil)
    }

    /// A row that was known at an hour and that another future changes.
    public struct LookAhead: Hashable, Sendable {
        /// The hour after which the facts were changed.
        public let after: Hour
        /// What was done to the future.
        public let change: LookAheadGuard.Change
        /// The row: `trend_following:MARKET 2025-10-23T15`, or `equity`.
        public let row: String
    }

    /// The rows that depend on what came after them, of all cuts and both changes; none is what one wants.
    /// - Parameters:
    ///   - cuts: hours of the span.
    ///   - seed: of the factors that poison the future.
    ///   - progress: is called after each cut.
    public static func lookAheads(
        _ facts: BacktestFacts, _ settings: BacktestSettings, cuts: [Hour], seed: UInt64, progress: () -> Void = {}
    ) -> [LookAhead] {
        let whole = follow(facts, settings)
        var generator = SplitMix64(seed: seed)
        return cuts.flatMap { cut in
            let changed: [(LookAheadGuard.Change, BacktestFacts)] = [
                (.cut, facts.cut(after: cut)), (.poison, facts.poisoned(after: cut, &generator)),
            ]
            let found = changed.flatMap { change, facts in
                differences(follow(facts, settings).known(at: cut), whole.known(at: cut))
                    .map { LookAhead(after: cut, change: change, row: $0) }
            }
            progress()
            return found
        }
    }

    private static func differences(_ part: Result.Known, _ whole: Result.Known) -> [String] {
        func name(_ event: BacktestEvent) -> String { "\(event.key) \(event.decided)" }
        let outcomes = Set(part.outcomes).symmetricDifference(whole.outcomes).map { name($0.event) }
        let trades = Set(part.trades).symmetricDifference(whole.trades).map { name($0.event) }
        return Set(outcomes + trades).sorted() + (part.changes == whole.changes ? [] : ["equity"])
    }
}
