import Sealing
import Signals

/// How often claims like that of an alert come true, by what came of earlier ones.
///
/// Each level begins where the level above ended: it inherits how much better than chance that one was, not how often it was
/// right, because chance differs between directions and regimes.
public struct Estimate: Hashable, Sendable {
    /// A level: its base rate, 0 to 1, and its weighted outcomes.
    public struct Level: Hashable, Sendable {
        /// How often its claims come true by chance.
        public var base: Double
        /// The weight of those that were right.
        public var wins: Double
        /// The weight of all.
        public var count: Double

        /// Takes weights.
        public init(base: Double, wins: Double = 0, count: Double = 0) {
            self.base = base
            self.wins = wins
            self.count = count
        }
    }

    /// Weighted outcomes of the direction below which nothing is added to a confidence.
    public static let leastCount = 20.0
    /// The most points that are added or taken.
    public static let mostPoints = 20

    /// The estimate of the strategy.
    public let ofStrategy: Double
    /// The estimate of the strategy in the direction.
    public let ofDirection: Double
    /// The estimate of the strategy in the direction and regime; `nil` without a regime.
    public let ofRegime: Double?
    /// How often the claim comes true by chance: of the regime, or of the direction without one.
    public let base: Double
    /// The weighted outcomes of the direction.
    public let count: Double

    /// Estimates level after level.
    /// - Parameter regime: `nil` when the regime is unknown.
    public init(strategy: Level, direction: Level, regime: Level?) {
        ofStrategy = Self.probability(strategy, prior: strategy.base)
        ofDirection = Self.probability(direction, prior: Self.clip(direction.base + ofStrategy - strategy.base))
        let ofDirection = ofDirection
        ofRegime = regime.map { Self.probability($0, prior: Self.clip($0.base + ofDirection - direction.base)) }
        base = regime?.base ?? direction.base
        count = direction.count
    }

    /// How often the claim comes true, 0 to 1.
    public var probability: Double { ofRegime ?? ofDirection }

    /// Whether there are outcomes enough to change a confidence.
    public var isUsed: Bool { count >= Self.leastCount }

    /// Points that history adds to the confidence, -20 to 20; 0 with too few outcomes. A warning of a cascade loses none.
    public func boost(of strategy: Strategy) -> Int {
        guard isUsed else { return 0 }
        let points = Self.points(probability - base)
        return strategy == .liquidationCascade ? max(0, points) : points
    }

    /// An excess over chance in points, rounded half up.
    static func points(_ excess: Double) -> Int {
        let points = Int((100 * excess + 0.5).rounded(.down))
        return max(-mostPoints, min(mostPoints, points))
    }

    /// A confidence with what history adds to it, 0 to 100. It orders, is shown and decides escalation; whether an alert is one,
    /// `adjusted` decides alone, or history would choose its own sample.
    public static func final(adjusted: Int, boost: Int) -> Int { max(0, min(100, adjusted + boost)) }

    private static func probability(_ level: Level, prior: Double) -> Double {
        WeightedRecord.shrunk(prior: prior, wins: level.wins, count: level.count)
    }

    private static func clip(_ probability: Double) -> Double { clamp(probability, 0.02, 0.98) }
}
