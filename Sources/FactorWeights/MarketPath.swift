import PerpCore
import Sealing

/// The market's price over stored hours: the running sum of its hourly returns.
public struct MarketPath: Hashable, Sendable {
    /// One stored hour.
    public struct Point: Hashable, Sendable {
        /// The hour, in UTC.
        public var hour: Hour
        /// The sum of the logarithmic returns so far.
        public var value: Double

        /// Takes an hour and the sum there.
        public init(hour: Hour, value: Double) {
            self.hour = hour
            self.value = value
        }
    }

    /// Hours after which a return is taken to begin: never the hour of the score itself, whose price made it.
    static let entry = 1...2
    /// Hours from beginning to end, and how many more the end may wait for a stored hour.
    static let horizon = 24
    static let patience = 6
    /// A step over more hours has no return.
    static let longestGap = 6
    /// The largest outcome, up or down.
    static let largest = 3.0

    private let points: [Point]

    /// Takes stored hours, ascending.
    public init(_ points: [Point]) { self.points = points }

    /// The logarithmic return over 24 hours from the first stored hour of the next two to the first stored hour at least 24
    /// hours later; `nil` when either is not there, or when more than six hours are missing in a row between them.
    public func dayAfter(_ hour: Hour) -> Double? {
        let first = index(notBefore: hour.advanced(by: Self.entry.lowerBound))
        guard first < points.count, Self.entry ~= hour.distance(to: points[first].hour) else { return nil }
        let last = index(notBefore: points[first].hour.advanced(by: Self.horizon))
        guard last < points.count,
            points[first].hour.distance(to: points[last].hour) <= Self.horizon + Self.patience,
            !(first..<last).contains(where: { points[$0].hour.distance(to: points[$0 + 1].hour) > Self.longestGap })
        else { return nil }
        return points[last].value - points[first].value
    }

    /// A return of a day in units of its usual size, cut at 3; `nil` when either is unknown or the volatility is 0.
    /// - Parameter volatility: annualised, a fraction, as it was known at the hour of the score.
    public static func outcome(dayAfter: Double?, volatility: Double?) -> Double? {
        guard let dayAfter, let volatility, volatility > 0 else { return nil }
        return clamp(dayAfter / (volatility * (24.0 / 8760).squareRoot()), -largest, largest)
    }

    private func index(notBefore hour: Hour) -> Int { points.partitioningIndex { $0.hour >= hour } }
}
