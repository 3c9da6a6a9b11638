/// How a funding rate is forecast, the best first.
public enum ForecastMethod: String, Hashable, Sendable, CaseIterable {
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
struct Candidate: Hashable, Sendable {
    var method: ForecastMethod
    /// On the scale of the correction: a premium for the next settlement, a rate for the sum of eight hours.
    var value: Double
    /// What settles at that value: a fraction of notional.
    var rate: Double

    func write(to writer: inout NumberWriter) {
        writer.add(method)
        writer.add(value)
        writer.add(rate)
    }

    init(method: ForecastMethod, value: Double, rate: Double) {
        self.method = method
        self.value = value
        self.rate = rate
    }

    init(from reader: inout NumberReader) throws(NumberReader.Unreadable) {
        self.init(method: try reader.method(), value: try reader.number(), rate: try reader.number())
    }
}
