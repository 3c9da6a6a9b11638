/// A share of successes.
public enum Proportion {
    /// The 95 % interval of a share of successes; `nil` without trials.
    ///
    /// Source: Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953
    public static func wilson(_ successes: Int, of count: Int) -> ClosedRange<Double>? {
        guard count > 0 else { return nil }
        let deviations = 1.959963984540054
        let number = Double(count)
        let share = Double(successes) / number
        let square = deviations * deviations
        let center = share + square / (2 * number)
        let width = deviations * (share * (1 - share) / number + square / (4 * number * number)).squareRoot()
        let scale = 1 + square / number
        // Rounding may leave the ends a digit outside of a share.
        return max(0, (center - width) / scale)...min(1, (center + width) / scale)
    }
}
