import Sealing

/// A mean in units of its deviation, and how sure it is.
///
/// Source: Bailey and Lopez de Prado 2014, https://doi.org/10.3905/jpm.2014.40.5.094
public enum SharpeRatio {
    /// Hours of a year of 365 days.
    public static let hoursOfYear = 8_760.0

    /// The mean over the deviation (divisor `n - 1`), a step; 0 without variance or with fewer than two values.
    public static func perStep(_ values: [Double]) -> Double {
        guard values.count > 1, let mean = mean(values) else { return 0 }
        let deviation = (sum(values.map { ($0 - mean) * ($0 - mean) }) / Double(values.count - 1)).squareRoot()
        return deviation > 0 ? mean / deviation : 0
    }

    /// The ratio of hourly changes, annualised by the root of 8 760; 0 without variance.
    /// - Parameter hourly: a change for every hour of the clock, 0 where there is no position.
    public static func annualised(hourly: [Double]) -> Double { perStep(hourly) * hoursOfYear.squareRoot() }

    /// Skew and kurtosis, with the divisor `n`; `nil` without variance.
    static func shape(_ values: [Double]) -> (skew: Double, kurtosis: Double)? {
        guard let center = mean(values) else { return nil }
        let deviations = values.map { $0 - center }
        let count = Double(values.count)
        let second = sum(deviations.map { $0 * $0 }) / count
        guard second > 0 else { return nil }
        let third = sum(deviations.map { $0 * $0 * $0 }) / count
        let fourth = sum(deviations.map { $0 * $0 * $0 * $0 }) / count
        return (third / (second * second.squareRoot()), fourth / (second * second))
    }

    /// The probability that the true ratio a step is above `threshold`; `nil` without variance.
    public static func probability(_ values: [Double], above threshold: Double = 0) -> Double? {
        guard values.count > 1, let shape = shape(values) else { return nil }
        let ratio = perStep(values)
        let spread = 1 - shape.skew * ratio + (shape.kurtosis - 1) / 4 * ratio * ratio
        guard spread > 0 else { return nil }
        return NormalDistribution.below(
            (ratio - threshold) * Double(values.count - 1).squareRoot() / spread.squareRoot())
    }

    /// The ratio a step that the best of `trials` worthless rules reaches, whose ratios vary by `variance`; 0 for one.
    public static func expectedBest(of trials: Int, variance: Double) -> Double {
        guard trials > 1 else { return 0 }
        let euler = 0.5772156649015329
        let count = Double(trials)
        let usual = NormalDistribution.quantile(1 - 1 / count)
        let rare = NormalDistribution.quantile(1 - 1 / (count * 2.718281828459045))
        return variance.squareRoot() * ((1 - euler) * usual + euler * rare)
    }

    /// The probability that the true ratio is above what the best of so many worthless rules reaches; `nil` without
    /// variance.
    /// - Parameters:
    ///   - trials: the number of all rules ever tried on these days.
    ///   - variance: of the trials' ratios a day.
    public static func deflated(_ daily: [Double], trials: Int, variance: Double) -> Double? {
        probability(daily, above: expectedBest(of: trials, variance: variance))
    }
}
