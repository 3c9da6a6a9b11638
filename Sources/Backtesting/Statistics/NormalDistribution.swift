/// The standard normal distribution.
public enum NormalDistribution {
    /// The share of the distribution below `value`.
    public static func below(_ value: Double) -> Double { 0.5 * complementaryError(-value / 2.0.squareRoot()) }

    /// The value below which a share (0 to 1) of the distribution lies: 80 bisections of -10 to 10.
    public static func quantile(_ share: Double) -> Double {
        var low = -10.0
        var high = 10.0
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if below(middle) < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
