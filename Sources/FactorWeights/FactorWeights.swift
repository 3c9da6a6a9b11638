import PerpCore
import Sealing

/// Weights of the five directional factors, in the order of `factors`; they are not negative and sum to 1.
public struct FactorWeights: Hashable, Sendable {
    /// The rules, stored in each row.
    public static let version = "weights-1"
    /// The factors whose weights may change, in the order of weights, scores and t values. How far the exchanges' rates lie
    /// apart is none of them: it is a discount without a direction.
    public static let factors: [SentimentFactor] = [.funding, .price, .longShortBias, .conviction, .openInterestPrice]
    /// The weights of the model, in percent.
    private static let ofModel = [0.35, 0.20, 0.15, 0.15, 0.07]
    /// The weights of the model, made to sum to 1.
    public static let standard = FactorWeights(ofModel.map { $0 / 0.92 })
    /// What each unit of evidence beyond the first moves.
    static let step = 0.05
    /// Evidence that moves nothing: noise.
    static let noise = 1.0
    /// How many hours depend on each other: those of an outcome.
    public static let lag = 24

    /// One for each of `factors`.
    public let values: [Double]

    /// Takes one weight for each of `factors`.
    public init(_ values: [Double]) {
        precondition(values.count == Self.factors.count, "there is a weight for each factor")
        self.values = values
    }

    /// The standard weights, moved by evidence: five points for each unit of t beyond 1, of either sign, then projected to
    /// weights. Returns are not looked at and no covariance is inverted: a few hundred independent days cannot carry it.
    /// - Parameter t: one for each of `factors`.
    public static func moved(by t: [Double]) -> FactorWeights {
        // Exactly the standard weights, or rounding errors would be gains and losses.
        guard t.contains(where: { abs($0) > noise }) else { return standard }
        let moved = zip(standard.values, t).map { $0 + step * softened($1) }
        return FactorWeights(Simplex.projection(of: moved))
    }

    /// The evidence beyond noise, with its sign.
    static func softened(_ t: Double) -> Double { (t < 0 ? -1 : 1) * max(0, abs(t) - noise) }

    /// The sum of the scores, each times its weight.
    func score(_ scores: [Double]) -> Double { zip(values, scores).reduce(0) { $0 + $1.0 * $1.1 } }
}

/// What the factors said in an hour, and how the market moved after it.
public struct FactorHour: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// Score times quality of each of `FactorWeights.factors`, -1 to 1; 0 when absent.
    public var scores: [Double]
    /// The market's return of the day that began an hour later, in units of its usual size; see `MarketPath.outcome`.
    public var outcome: Double

    /// Takes an hour whose outcome is known.
    public init(hour: Hour, scores: [Double], outcome: Double) {
        precondition(scores.count == FactorWeights.factors.count, "there is a score for each factor")
        self.hour = hour
        self.scores = scores
        self.outcome = outcome
    }
}
