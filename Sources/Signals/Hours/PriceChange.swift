/// A mean price change that one mispriced contract cannot carry away.
enum PriceChange {
    static let smallestScale = 0.02
    static let bandInScales = 5.0

    /// One contract's change over a day, a fraction, and its volume in dollars.
    struct Change {
        var symbol: String
        var change: Double
        var volume: Double
    }

    /// The volume-weighted mean, a fraction, of the changes after each is clamped to a band
    /// around their median. `changes` are sorted by symbol.
    static func robustMean(_ changes: [Change]) -> Double? {
        guard let median = weightedMedian(changes),
            let mad = weightedMedian(changes.map { with($0, change: abs($0.change - median)) })
        else { return nil }
        let scale = max(1.4826 * mad, smallestScale)
        var mean = WeightedMean()
        for row in changes {
            let clamped = clamp(row.change, median - bandInScales * scale, median + bandInScales * scale)
            mean.add(clamped, weight: row.volume)
        }
        return mean.value
    }

    private static func weightedMedian(_ changes: [Change]) -> Double? {
        let ordered = changes.sorted { ($0.change, $0.symbol) < ($1.change, $1.symbol) }
        return Quantiles.weightedMedian(ordered.map { ($0.change, $0.volume) })
    }

    private static func with(_ row: Change, change: Double) -> Change {
        Change(symbol: row.symbol, change: change, volume: row.volume)
    }
}
