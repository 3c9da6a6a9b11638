/// How far the mean of a series is from zero, in standard errors that allow for values which depend on their neighbours.
///
/// Source: Newey and West 1987, https://doi.org/10.2307/1913610
package enum NeweyWest {
    /// The variance of the values in the long run: that of one value, and the covariances up to `lag` with Bartlett's weights
    /// `1 - l / (lag + 1)`; each is about the mean and divided by the number of values. Without values 0.
    /// - Parameter lag: how many neighbours depend on each other; at most one less than there are values.
    package static func variance(_ values: [Double], lag: Int) -> Double {
        guard let mean = mean(values) else { return 0 }
        let lag = min(lag, values.count - 1)
        let deviations = values.map { $0 - mean }
        let count = Double(values.count)
        var variance = deviations.reduce(0) { $0 + $1 * $1 } / count
        guard lag > 0 else { return variance }
        for distance in 1...lag {
            let weight = 1 - Double(distance) / Double(lag + 1)
            variance += 2 * weight * products(deviations, distance) / count
        }
        return variance
    }

    /// The mean divided by its standard error; `nil` where the variance is not positive: with fewer than two values, or when
    /// all are equal.
    package static func t(_ values: [Double], lag: Int) -> Double? {
        guard values.count > 1, let mean = mean(values) else { return nil }
        let variance = variance(values, lag: lag)
        // Equal values have a variance of rounding errors alone.
        guard variance > 1e-24 * mean * mean else { return nil }
        return mean / (variance / Double(values.count)).squareRoot()
    }

    private static func products(_ values: [Double], _ distance: Int) -> Double {
        values.withUnsafeBufferPointer { values in
            var sum = 0.0
            for place in distance..<values.count { sum += values[place] * values[place - distance] }
            return sum
        }
    }
}
