import PerpCore

/// A mean price change that one mispriced contract cannot carry away.
enum PriceChange {
    static let smallestScale = 0.02
    static let bandInScales = 5.0

    /// One contract's change over a day, a fraction, and its volume in dollars.
    typealias Change = (change: Double, volume: Double)

    /// The volume-weighted mean, a fraction, of the changes after each is clamped to a band
    /// around their median. `changes` are in the order of symbols.
    static func robustMean(_ changes: [Change]) -> Double? {
        guard let median = weightedMedian(changes),
            let mad = weightedMedian(changes.map { (abs($0.change - median), $0.volume) })
        else { return nil }
        let scale = Quantiles.scale(medianDeviation: mad, floor: smallestScale)
        var mean = WeightedMean()
        for row in changes {
            let clamped = clamp(row.change, median - bandInScales * scale, median + bandInScales * scale)
            mean.add(clamped, weight: row.volume)
        }
        return mean.value
    }

    private static func weightedMedian(_ changes: [Change]) -> Double? {
        // The standard sort is stable: equal changes stay in the order of symbols.
        Quantiles.weightedMedian(changes.sorted { $0.change < $1.change }.map { ($0.change, $0.volume) })
    }
}
