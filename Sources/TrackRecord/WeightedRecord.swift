import PerpCore
import Sealing

/// Outcomes of one kind, each weighing half as much after half a year.
struct WeightedRecord: Hashable, Sendable {
    /// Hours after which an outcome weighs half: half a year.
    static let halfLife = 180.0 * 24
    /// How many outcomes weigh as much as what is believed without them.
    static let strength = 20.0

    /// The sums of the weights, of the weights of what was right, and of weight times base rate, as of `hour`.
    private(set) var count = 0.0
    private(set) var wins = 0.0
    private var base = 0.0
    private var hour: Hour?

    /// The weight of an outcome after so many hours.
    static func weight(afterHours hours: Int) -> Double { power(0.5, Double(hours) / halfLife) }

    /// Adds an outcome, which is resolved no earlier than all others.
    mutating func add(_ outcome: ClaimOutcome, share: Double) {
        self = asOf(outcome.resolved)
        count += share
        wins += outcome.isRight ? share : 0
        base += share * outcome.baseRate
    }

    /// The record as it weighs in an hour that is not earlier than the last outcome.
    func asOf(_ hour: Hour) -> WeightedRecord {
        var record = self
        let weight = self.hour.map { Self.weight(afterHours: $0.distance(to: hour)) } ?? 1
        record.count *= weight
        record.wins *= weight
        record.base *= weight
        record.hour = hour
        return record
    }

    /// The mean base rate of the outcomes; `nil` without any.
    var baseRate: Double? { ratio(base, count) }

    /// How often the claim comes true, when `prior` is what is believed without these outcomes.
    func probability(prior: Double) -> Double { Self.shrunk(prior: prior, wins: wins, count: count) }

    /// `(20 prior + wins) / (20 + count)`.
    static func shrunk(prior: Double, wins: Double, count: Double) -> Double {
        (strength * prior + wins) / (strength + count)
    }
}
