/// Losses since a peak.
public enum Drawdown {
    /// The largest loss since a peak, as a fraction of the peak; the capital is the first peak.
    public static func largest(_ changes: some Sequence<Double>, capital: Double) -> Double {
        var equity = capital
        var peak = capital
        var largest = 0.0
        for change in changes {
            equity += change
            peak = max(peak, equity)
            largest = max(largest, (peak - equity) / peak)
        }
        return largest
    }
}
