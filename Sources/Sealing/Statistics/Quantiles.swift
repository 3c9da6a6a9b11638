/// Order statistics, in the unit of the values; `nil` without values.
package enum Quantiles {
    /// Half of the values are below: the mean of the two in the middle when their number is even.
    package static func median(_ values: [Double]) -> Double? { quantile(0.5, ofSorted: values.sorted()) }

    /// The quantile `p` (0 to 1) of ascending values, interpolated linearly at `(n - 1) p`.
    package static func quantile(_ p: Double, ofSorted values: [Double]) -> Double? {
        guard let last = values.last else { return nil }
        let place = Double(values.count - 1) * p
        let below = Int(place)
        guard below + 1 < values.count else { return last }
        return values[below] + (place - Double(below)) * (values[below + 1] - values[below])
    }

    /// The first value, in the order given, at which half of the total weight is reached.
    package static func weightedMedian(_ ordered: [(value: Double, weight: Double)]) -> Double? {
        let half = ordered.reduce(0) { $0 + $1.weight } / 2
        var reached = 0.0
        for (value, weight) in ordered {
            reached += weight
            if reached >= half { return value }
        }
        return nil
    }

    /// The standard deviation that a median absolute deviation stands for where values are spread normally.
    /// - Parameter floor: the least scale, in the unit of the values.
    package static func scale(medianDeviation: Double, floor: Double) -> Double { max(1.4826 * medianDeviation, floor) }
}

/// How unusual a value is among earlier ones, measured with the median and the median deviation.
public enum RobustZ {
    /// How many deviations a value is above the median: `(value - median) / max(1.4826 * mad, floor)`, negative below it;
    /// `nil` with fewer than 168 earlier values.
    /// - Parameter floor: the least deviation, in the unit of the values.
    public static func score(_ value: Double, among earlier: [Double], floor: Double) -> Double? {
        guard earlier.count >= History.neededHours, let median = Quantiles.median(earlier),
            let mad = Quantiles.median(earlier.map { abs($0 - median) })
        else { return nil }
        return (value - median) / Quantiles.scale(medianDeviation: mad, floor: floor)
    }
}
