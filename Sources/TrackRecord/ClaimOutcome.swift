import PerpCore
import Signals

/// What came of the claim of one alert: a row of `alert_outcome` that can be judged.
public struct ClaimOutcome: Hashable, Sendable {
    /// Strategy and scope, as in `Detection.key`: alerts of the same key whose windows overlap are not independent, whatever
    /// their direction.
    public var key: String
    /// The strategy that fired.
    public var strategy: Strategy
    /// The direction of the alert.
    public var direction: Direction
    /// The volatility regime at the decision: `CALM`, `NORMAL`, `ELEVATED` or `STRESSED`; `nil` when unknown.
    public var regime: String?
    /// The hour in which the claim begins, in UTC.
    public var entry: Hour
    /// The hour in which the outcome is known.
    public var resolved: Hour
    /// Hours that the claim looks ahead.
    public var horizonHours: Int
    /// Whether the claim came true.
    public var isRight: Bool
    /// How often the claim comes true by chance, 0 to 1.
    public var baseRate: Double

    /// Takes an outcome.
    public init(
        key: String, strategy: Strategy, direction: Direction, regime: String?, entry: Hour, resolved: Hour,
        horizonHours: Int, isRight: Bool, baseRate: Double
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
    }

    /// What share of the claim's window is new: hours since the previous entry of the same key over the horizon, at most 1; 1
    /// for the first.
    public func newShare(after previous: Hour?) -> Double {
        guard let previous else { return 1 }
        return max(0, min(1, Double(previous.distance(to: entry)) / Double(horizonHours)))
    }
}
