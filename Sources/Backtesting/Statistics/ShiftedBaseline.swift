import Sealing

/// Whether events stand at better hours than the same events moved together in time.
public enum ShiftedBaseline {
    /// The number of shifts.
    public static let shifts = 1_000
    /// The hours below which nothing is said.
    public static let neededHours = 96

    /// What the shifts say.
    public struct Result: Hashable, Sendable {
        /// The mean value at the events' hours.
        public let observed: Double
        /// The share of shifts that did as well, 0 to 1; small when the hours matter.
        public let probability: Double
    }

    /// The events are moved together around the circle of eligible hours, by a day at least: their number and spacing stay.
    /// `nil` with fewer than 96 hours or without events.
    /// - Parameters:
    ///   - values: the value of the claim at each eligible hour, in the order of time.
    ///   - events: places in `values`.
    ///   - seed: the text that decides the draws.
    public static func result(_ values: [Double], events: [Int], seed: String) -> Result? {
        guard values.count >= neededHours, !events.isEmpty else { return nil }
        func mean(shiftedBy offset: Int) -> Double {
            sum(events.map { values[($0 + offset) % values.count] }) / Double(events.count)
        }
        let observed = mean(shiftedBy: 0)
        var draws = SeededDraws(seed)
        var reached = 0
        for _ in 0..<shifts where mean(shiftedBy: 24 + draws.below(values.count - 48)) >= observed { reached += 1 }
        return Result(observed: observed, probability: Double(1 + reached) / Double(shifts + 1))
    }
}
