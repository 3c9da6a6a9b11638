import PerpCore

/// How much a price moved in a day.
public struct VolatilityEstimate: Hashable, Sendable {
    /// How far back it looks, in hours.
    public static let windowHours = 24
    /// Hours that the steps must cover.
    public static let neededHours = 18
    /// Hours in a year.
    public static let hoursPerYear = 8760.0

    /// A fraction a year; `nil` when the steps cover fewer than 18 hours.
    public var sigma: Double?
    /// The sum of the gaps of the steps, in hours.
    public var coveredHours: Int

    /// Over the steps whose both ends lie in `[hour - 24, hour]`. A step over several hours has their variance together, so
    /// missing hours bias nothing.
    public init(_ series: TrailingSeries, at hour: Hour) {
        let oldest = hour.advanced(by: -Self.windowHours)
        var squares = 0.0
        var covered = 0
        for row in series.rows(Self.windowHours, upTo: hour) {
            guard case .step(let step) = row.value, step.gapHours <= Step.longestGap,
                row.hour.advanced(by: -step.gapHours) >= oldest
            else { continue }
            squares += step.change * step.change
            covered += step.gapHours
        }
        coveredHours = covered
        sigma =
            covered >= Self.neededHours
            ? (squares / Double(covered) * Self.hoursPerYear).squareRoot() : nil
    }
}
