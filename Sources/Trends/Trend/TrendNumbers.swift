import PerpCore
import Sealing

/// How far back a trend is looked for.
public enum TrendWindow: Int, CaseIterable, Hashable, Sendable {
    case day = 24
    /// Three days: the habitual swing.
    case swing = 72
    case week = 168

    /// Hours.
    public var hours: Int { rawValue }
    /// The stored hours that an evaluation needs: four fifths of those in the window, both ends among them.
    public var neededRows: Int { (8 * (hours + 1) + 9) / 10 }
}

/// The stored hours of a window as numbers: hours after the first, and values.
public struct SeriesPoints: Hashable, Sendable {
    /// Hours after the first point, ascending from 0.
    public var hours: [Double]
    /// In the unit of the series; of a chain the sum of the steps after the first point.
    public var values: [Double]

    /// Takes as many values as hours.
    public init(hours: [Double], values: [Double]) {
        precondition(hours.count == values.count, "every value has its hour")
        self.hours = hours
        self.values = values
    }

    /// The points of adjacent stored hours; `nil` when a gap is longer than six hours, or a chain begins anew within them.
    init?(_ rows: ArraySlice<SeriesRow>) {
        guard let first = rows.first else { return nil }
        hours = []
        values = []
        hours.reserveCapacity(rows.count)
        values.reserveCapacity(rows.count)
        var previous = first.hour
        for row in rows {
            let gap = previous.distance(to: row.hour)
            guard gap <= Step.longestGap, let value = row.value.level(after: values.last, gapHours: gap)
            else { return nil }
            values.append(value)
            hours.append(Double(first.hour.distance(to: row.hour)))
            previous = row.hour
        }
    }
}

extension SeriesValue {
    /// The level of a stored hour, of a chain as the sum of its steps since the first one; `nil` when a chain does not
    /// go on from the hour before.
    fileprivate func level(after level: Double?, gapHours: Int) -> Double? {
        switch self {
        case .level(let value): value
        case .step(let step): Self.level(step, after: level, gapHours: gapHours)
        case .start: level == nil ? 0 : nil
        }
    }

    private static func level(_ step: Step, after level: Double?, gapHours: Int) -> Double? {
        guard let level else { return 0 }
        return step.gapHours == gapHours ? level + step.change : nil
    }
}

/// How a series moved over a window.
public struct TrendNumbers: Hashable, Sendable {
    /// The stored hours that were looked at.
    public var rows: Int
    /// The median slope between any two of them, in the unit of the series per hour (Theil 1950, Sen 1968).
    public var slopePerHour: Double
    /// The way gone over the path walked, 0 to 1: 1 is straight, noise is about one over the root of its steps (Kaufman).
    public var efficiency: Double
    /// How far it went against a walk without drift of the same steps, in standard deviations; positive when it rose. The
    /// variance is taken about 0, with Newey and West's weights, and is never below that of steps without correlation.
    public var z: Double

    /// Takes numbers as they are stored.
    public init(rows: Int, slopePerHour: Double, efficiency: Double, z: Double) {
        self.rows = rows
        self.slopePerHour = slopePerHour
        self.efficiency = efficiency
        self.z = z
    }

    /// Of at least two points; `nil` with fewer.
    public init?(_ points: SeriesPoints) {
        guard points.values.count >= 2 else { return nil }
        self.init(
            rows: points.values.count, slopePerHour: Self.medianSlope(points),
            efficiency: Self.efficiency(points.values), z: Self.drift(points))
    }

    /// Of the window that ends at a stored hour; `nil` when the hour is not stored, fewer than `neededRows` hours are, or a
    /// gap is longer than six hours.
    public init?(_ series: TrailingSeries, _ window: TrendWindow, at hour: Hour) {
        let rows = series.rows(window.hours, upTo: hour)
        guard rows.last?.hour == hour, rows.count >= window.neededRows, let points = SeriesPoints(rows)
        else { return nil }
        self.init(points)
    }

    private static func medianSlope(_ points: SeriesPoints) -> Double {
        let count = points.values.count
        var slopes = [Double](unsafeUninitializedCapacity: count * (count - 1) / 2) { buffer, filled in
            for later in 1..<count {
                fill(UnsafeMutableBufferPointer(rebasing: buffer[filled..<filled + later]), points, later)
                filled += later
            }
        }
        return Selection.median(&slopes) ?? 0
    }

    /// The slopes from each earlier point to `later`. Through buffers: there are a hundred thousand slopes in an hour.
    private static func fill(_ slopes: UnsafeMutableBufferPointer<Double>, _ points: SeriesPoints, _ later: Int) {
        points.hours.withUnsafeBufferPointer { hours in
            points.values.withUnsafeBufferPointer { values in
                let (hour, value) = (hours[later], values[later])
                for earlier in slopes.indices {
                    slopes[earlier] = (value - values[earlier]) / (hour - hours[earlier])
                }
            }
        }
    }

    private static func efficiency(_ values: [Double]) -> Double {
        var path = 0.0
        for place in 1..<values.count { path += abs(values[place] - values[place - 1]) }
        return path > 0 ? abs(values[values.count - 1] - values[0]) / path : 0
    }

    private static func drift(_ points: SeriesPoints) -> Double {
        let (hours, values) = (points.hours, points.values)
        let steps = (1..<values.count).map { place -> Double in
            let gap = hours[place] - hours[place - 1]
            return (values[place] - values[place - 1]) / gap.squareRoot()
        }
        let variance = longRunVariance(steps)
        guard variance > 0 else { return 0 }
        let last = values.count - 1
        return (values[last] - values[0]) / (variance * (hours[last] - hours[0])).squareRoot()
    }

    /// The variance of an hour's step about 0 with the correlation between steps in it, never below that without.
    private static func longRunVariance(_ steps: [Double]) -> Double {
        let count = Double(steps.count)
        let uncorrelated = steps.reduce(0) { $0 + $1 * $1 } / count
        let lags = Int(4 * power(count / 100, 2.0 / 9.0))
        var variance = uncorrelated
        for lag in 1..<max(min(lags + 1, steps.count), 1) {
            var sum = 0.0
            for place in lag..<steps.count { sum += steps[place] * steps[place - lag] }
            let weight = 1 - Double(lag) / Double(lags + 1)
            variance += 2 * weight * (sum / count)
        }
        return max(uncorrelated, variance)
    }
}
