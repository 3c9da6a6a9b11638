import PerpCore
import Sealing
import Signals

/// What came of the alerts so far. A record and one more outcome give the next record; no outcome is looked at twice.
public struct TrackRecord: Hashable, Sendable {
    /// The rules, stored in each row.
    public static let version = "history-1"

    /// Of what outcomes are alike.
    private struct Kind: Hashable, Sendable {
        var strategy: Strategy
        var direction: Direction?
        var regime: String?
    }

    /// Plain counts of all time.
    public struct Counts: Hashable, Sendable {
        /// Alerts whose outcome is known.
        public var resolved = 0
        /// Those that were right.
        public var right = 0
        /// Alerts whose outcome is not known yet.
        public var open = 0

        /// Takes counts.
        public init(resolved: Int = 0, right: Int = 0, open: Int = 0) {
            self.resolved = resolved
            self.right = right
            self.open = open
        }
    }

    private var records: [Kind: WeightedRecord] = [:]
    private var counts: [Kind: Counts] = [:]
    /// The last entry of each key.
    private var entries: [String: Hour] = [:]
    private var lastResolved: Hour?

    /// Without outcomes.
    public init() {}

    /// All that is known in `hour`: the outcomes that are resolved by then. A later one is still open if its claim has begun.
    /// - Parameter outcomes: in any order.
    public init(_ outcomes: [ClaimOutcome], at hour: Hour) {
        self.init()
        let known = outcomes.filter { $0.resolved <= hour }
        for outcome in known.sorted(by: { ($0.resolved, $0.entry, $0.key) < ($1.resolved, $1.entry, $1.key) }) {
            begin(outcome.strategy, outcome.direction)
            add(outcome)
        }
        for outcome in outcomes where outcome.resolved > hour && outcome.entry <= hour {
            begin(outcome.strategy, outcome.direction)
        }
    }

    /// Counts an alert whose outcome will be known later.
    public mutating func begin(_ strategy: Strategy, _ direction: Direction) {
        counts[Kind(strategy: strategy, direction: direction), default: Counts()].open += 1
    }

    /// Forgets an alert that was begun and can never be judged.
    public mutating func drop(_ strategy: Strategy, _ direction: Direction) {
        counts[Kind(strategy: strategy, direction: direction), default: Counts()].open -= 1
    }

    /// Takes the outcome of an alert that was begun; it is resolved no earlier than those before it.
    public mutating func add(_ outcome: ClaimOutcome) {
        precondition(
            lastResolved.map { $0 <= outcome.resolved } ?? true, "outcomes are added in the order of resolution")
        lastResolved = outcome.resolved
        let share = outcome.newShare(after: entries[outcome.key])
        entries[outcome.key] = outcome.entry
        for kind in Self.kinds(outcome.strategy, outcome.direction, outcome.regime) {
            records[kind, default: WeightedRecord()].add(outcome, share: share)
        }
        let kind = Kind(strategy: outcome.strategy, direction: outcome.direction)
        counts[kind, default: Counts()].open -= 1
        counts[kind, default: Counts()].resolved += 1
        if outcome.isRight { counts[kind, default: Counts()].right += 1 }
    }

    /// How often a claim comes true, as it is known in an hour that is not before the last outcome.
    /// - Parameters:
    ///   - regime: `nil` when it is unknown: then it does not count.
    ///   - baseRate: how often the claim comes true by chance, 0 to 1, where there are no outcomes to say it.
    public func estimate(
        _ strategy: Strategy, _ direction: Direction, regime: String?, baseRate: Double, at hour: Hour
    ) -> Estimate {
        let levels = Self.kinds(strategy, direction, regime).map { kind in
            let record = (records[kind] ?? WeightedRecord()).asOf(hour)
            return Estimate.Level(base: record.baseRate ?? baseRate, wins: record.wins, count: record.count)
        }
        return Estimate(strategy: levels[0], direction: levels[1], regime: levels.count > 2 ? levels[2] : nil)
    }

    /// The alerts of a strategy in a direction, of all time.
    public func counts(_ strategy: Strategy, _ direction: Direction) -> Counts {
        counts[Kind(strategy: strategy, direction: direction)] ?? Counts()
    }

    private static func kinds(_ strategy: Strategy, _ direction: Direction, _ regime: String?) -> [Kind] {
        var kinds = [Kind(strategy: strategy), Kind(strategy: strategy, direction: direction)]
        if let regime { kinds.append(Kind(strategy: strategy, direction: direction, regime: regime)) }
        return kinds
    }
}
