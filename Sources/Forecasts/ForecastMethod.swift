/// How a funding rate is forecast, the best first.
public enum ForecastMethod: String, Hashable, Sendable, CaseIterable, Codable {
    /// The exchange's own estimate with a small correction that its past errors have taught.
    case model
    /// The exchange's own estimate.
    case displayed
    /// What our own samples of the premium would settle at.
    case samples
    /// What the habitual premium of the contract would settle at.
    case habit
    /// The rate that settled last.
    case last
}

/// A forecast by one method that waits for its outcome.
struct Candidate: Hashable, Sendable, Codable {
    var method: ForecastMethod
    /// On the scale of the correction: a premium for the next settlement, a rate for the sum of eight hours.
    var value: Double
    /// What settles at that value: a fraction of notional.
    var rate: Double
}
