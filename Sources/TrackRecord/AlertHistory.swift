import PerpCore
import Signals

/// An alert of the past with what is known of its claim by now.
public struct PastAlert: Hashable, Sendable {
    /// Strategy and scope, as in `Detection.key`.
    public var key: String
    /// The strategy that fired.
    public var strategy: Strategy
    /// The direction of the alert.
    public var direction: Direction
    /// The volatility regime at the decision; `nil` when unknown.
    public var regime: String?
    /// The hour in which the claim begins, in UTC.
    public var entry: Hour
    /// The hour in which it is known what came of it; `nil` while it is not.
    public var resolved: Hour?
    /// Hours that the claim looks ahead.
    public var horizonHours: Int
    /// Whether the claim came true; `nil` while it is open, and when nobody can say.
    public var isRight: Bool?
    /// How often the claim comes true by chance, 0 to 1; `nil` when nothing is known.
    public var baseRate: Double?
    /// The estimate when the alert was sent, 0 to 1; `nil` when none was made.
    public var estimate: Double?

    /// Takes an alert whose claim has begun.
    public init(
        key: String, strategy: Strategy, direction: Direction, regime: String? = nil, entry: Hour, resolved: Hour?,
        horizonHours: Int, isRight: Bool?, baseRate: Double?, estimate: Double? = nil
    ) {
        self.key = key
        self.strategy = strategy
        self.direction = direction
        self.regime = regime
        self.entry = entry
        self.resolved = resolved
        self.horizonHours = horizonHours
        self.isRight = isRight
        self.baseRate = baseRate
        self.estimate = estimate
    }

    /// The outcome that can be judged; `nil` without one.
    fileprivate var outcome: ClaimOutcome? {
        guard let resolved, let isRight, let baseRate else { return nil }
        return ClaimOutcome(
            key: key, strategy: strategy, direction: direction, regime: regime, entry: entry, resolved: resolved,
            horizonHours: horizonHours, isRight: isRight, baseRate: baseRate)
    }
}

/// What came of alerts as it is known in an hour, moved on from hour to hour: what an alert of the hour says of those before
/// it, and what that adds to its confidence.
public struct AlertHistory: Hashable, Sendable {
    /// What the past says to an alert.
    public struct Recollection: Hashable, Sendable {
        /// How often the claim comes true, 0 to 1; `nil` when no outcome of the direction is known.
        public var estimate: Double?
        /// Percent points that are added to the confidence, -20 to 20.
        public var boost: Int
        /// `Fired 14 times, 9 right within 24 h; by chance 48 %. Estimated 60 %.`
        public var sentence: String
    }

    /// The outcomes.
    public private(set) var record = TrackRecord()
    /// Whether they change confidences.
    public private(set) var judgement = HistorySwitch()
    private var hour: Hour?
    /// Alerts whose claim has not begun, and those whose outcome is not known.
    private var waiting: [PastAlert] = []
    private var open: [PastAlert] = []

    /// Without a past.
    public init() {}

    /// Takes alerts in any order. What comes of them counts from the hour on in which it is known.
    public mutating func add(_ alerts: [PastAlert]) { waiting += alerts }

    /// Moves on to an hour that is not before the last one: an outcome that is resolved in it counts.
    public mutating func advance(to hour: Hour) {
        precondition(self.hour.map { $0 <= hour } ?? true, "hours go forward")
        self.hour = hour
        let begun = waiting.filter { $0.entry <= hour }
        if !begun.isEmpty { waiting.removeAll { $0.entry <= hour } }
        for alert in begun { record.begin(alert.strategy, alert.direction) }
        open += begun
        let ended = open.filter { alert in alert.resolved.map { $0 <= hour } ?? false }
        guard !ended.isEmpty else { return }
        open.removeAll { alert in alert.resolved.map { $0 <= hour } ?? false }
        for alert in ended.sorted(by: Self.isBefore) { end(alert) }
    }

    private mutating func end(_ alert: PastAlert) {
        guard let outcome = alert.outcome else {
            record.drop(alert.strategy, alert.direction)
            return
        }
        record.add(outcome)
        guard let estimate = alert.estimate else { return }
        judgement.add(.init(probability: estimate, baseRate: outcome.baseRate, isRight: outcome.isRight))
    }

    /// The order of resolution, then of entry and key.
    private static func isBefore(_ left: PastAlert, _ right: PastAlert) -> Bool {
        (left.resolved ?? left.entry, left.entry, left.key) < (right.resolved ?? right.entry, right.entry, right.key)
    }

    /// What is known to an alert of the hour.
    /// - Parameters:
    ///   - regime: the volatility regime of the hour; `nil` when it is unknown: then it does not count.
    ///   - horizonHours: hours that the claim looks ahead.
    public func recollection(
        _ strategy: Strategy, _ direction: Direction, regime: String?, horizonHours: Int
    ) -> Recollection {
        let counts = record.counts(strategy, direction)
        let estimate = estimate(strategy, direction, regime: regime)
        let isUsed = counts.resolved > 0 && estimate.isUsed && judgement.isOn
        return Recollection(
            estimate: counts.resolved > 0 ? estimate.probability : nil,
            boost: isUsed ? estimate.boost(of: strategy) : 0,
            sentence: HistorySentence.text(counts, estimate, horizonHours: horizonHours, isUsed: isUsed))
    }

    /// How often the claims of a strategy and direction come true, as far as is known. Where there is no outcome in the regime
    /// yet, the chance there is that of the direction.
    public func estimate(_ strategy: Strategy, _ direction: Direction, regime: String?) -> Estimate {
        let hour = hour ?? Hour(containing: 0 as Int64)
        let overall = record.estimate(strategy, direction, regime: nil, baseRate: Self.evenChance, at: hour)
        guard regime != nil else { return overall }
        return record.estimate(strategy, direction, regime: regime, baseRate: overall.base, at: hour)
    }

    /// Before there is any outcome, nothing is estimated and nothing is added: the number is not seen.
    private static let evenChance = 0.5
}

extension Detection {
    /// The detection with what the past adds to its confidence, and the sentence about it before the last line of its message.
    public func recalling(_ past: AlertHistory.Recollection) -> Detection {
        var recalling = self
        recalling.boost = past.boost
        recalling.estimate = past.estimate
        recalling.message.insert(past.sentence, at: max(message.count - 1, 0))
        return recalling
    }
}
