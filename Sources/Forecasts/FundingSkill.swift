import PerpCore
import Sealing

/// How good the forecasts of one contract were, beside simple baselines: a row of `funding_skill`.
///
/// Errors and widths are in basis points of notional per eight hours.
public struct FundingSkill: Hashable, Sendable {
    /// What a forecast is compared with.
    public enum Baseline: String, Hashable, Sendable, CaseIterable {
        /// The exchange's own estimate.
        case displayed
        /// The rate that settled last.
        case lastSettled = "last_settled"
        /// What the habitual premium would settle at.
        case habit
        /// What the interest alone would settle at.
        case interest = "default"

        func rate(_ forecast: FundingForecast) -> Double? {
            switch self {
            case .displayed: forecast.displayed
            case .lastSettled: forecast.lastSettled
            case .habit: forecast.habit
            case .interest: forecast.defaultRate
            }
        }
    }

    /// A baseline, over the forecasts at which it was known.
    public struct Comparison: Hashable, Sendable {
        /// What is compared with.
        public var baseline: Baseline
        /// At how many forecasts it was known.
        public var count: Int
        /// Its mean absolute error.
        public var error: Double
        /// The share of its error that the forecasts saved there: `1 - error of the forecasts / error`; negative when they
        /// were worse, `nil` when the baseline made no error.
        public var skill: Double?
    }

    /// How an interval that asks to hold 80 % of outcomes did.
    public struct IntervalQuality: Hashable, Sendable {
        /// How many forecasts had one.
        public var count: Int
        /// The share of outcomes that it held, 0 to 1.
        public var coverage: Double
        /// Its mean width.
        public var width: Double
        /// The mean of the pinball losses of its ends, as quantiles of 10 and 90 %.
        public var pinball: Double
    }

    /// The resolved forecasts.
    public var count: Int
    /// Their mean absolute error.
    public var error: Double
    /// In the order of `Baseline`, without those that were never known.
    public var comparisons: [Comparison]
    /// How far the absolute errors are below those of the exchange's own estimate, in robust standard errors of the mean
    /// difference (Diebold and Mariano); positive when the forecasts are better. `nil` when they do not differ.
    ///
    /// Source: Diebold and Mariano 1995, https://doi.org/10.1080/07350015.1995.10524599
    public var t: Double?
    /// The share of forecasts on the same side of the interest as what settled, 0 to 1, where that was more than 0.1 basis
    /// points from it; `nil` without such a settlement.
    public var side: Double?
    /// The same of the exchange's own estimate.
    public var sideOfDisplayed: Double?
    /// The intervals; `nil` when there were none.
    public var interval: IntervalQuality?
    /// The intervals of the exchange's own estimate, by its own past errors.
    public var intervalOfDisplayed: IntervalQuality?

    /// Measures the forecasts whose outcome is known; `nil` without one.
    /// - Parameter forecasts: of one contract and target, of one lead or of all, ascending by hour.
    public init?(_ forecasts: [FundingForecast]) {
        let resolved = forecasts.filter { $0.realised != nil }
        guard let error = mean(resolved.compactMap { Self.error($0, $0.rate) }) else { return nil }
        count = resolved.count
        self.error = error
        comparisons = Baseline.allCases.compactMap { Self.compare(resolved, $0) }
        t = Self.dieboldMariano(resolved)
        side = Self.side(resolved) { $0.rate }
        sideOfDisplayed = Self.side(resolved) { $0.displayed }
        interval = Self.quality(resolved) { ends($0.low, $0.high) }
        intervalOfDisplayed = Self.quality(resolved) { ends($0.displayedLow, $0.displayedHigh) }
    }

    /// The baseline with the least error, for the head line; the first of equal ones.
    public var bestBaseline: Comparison? { comparisons.min { $0.error < $1.error } }

    /// Whether the forecasts were better than the exchange's own estimate by more than chance: a skill above 0 with a `t` of 2
    /// or more. `nil` when the exchange showed none.
    public var beatsDisplayed: Bool? {
        guard let displayed = comparisons.first(where: { $0.baseline == .displayed }) else { return nil }
        return (displayed.skill ?? 0) > 0 && (t ?? 0) >= 2
    }

    /// What a report says of it; `nil` when there is nothing to compare with.
    public var verdict: String? {
        beatsDisplayed.map { $0 ? "better than the venue's own estimate" : "no better than the venue's own estimate" }
    }

    // MARK: - Measures

    /// The absolute error of a rate, in basis points per eight hours.
    private static func error(_ forecast: FundingForecast, _ rate: Double?) -> Double? {
        guard let rate, let realised = forecast.realised else { return nil }
        return 1e4 * forecast.scale8h * abs(rate - realised)
    }

    private static func compare(_ forecasts: [FundingForecast], _ baseline: Baseline) -> Comparison? {
        let known = forecasts.filter { baseline.rate($0) != nil }
        guard let error = mean(known.compactMap { Self.error($0, baseline.rate($0)) }),
            let ours = mean(known.compactMap { Self.error($0, $0.rate) })
        else { return nil }
        return Comparison(
            baseline: baseline, count: known.count, error: error, skill: error > 0 ? 1 - ours / error : nil)
    }

    /// The lag is twice the hours that a forecast looks ahead: neighbours share them.
    private static func dieboldMariano(_ forecasts: [FundingForecast]) -> Double? {
        let gains = forecasts.compactMap { forecast in
            difference(error(forecast, forecast.displayed), error(forecast, forecast.rate))
        }
        let horizon = forecasts.map { $0.target == .next ? $0.intervalHours : 8 }.max() ?? 0
        return NeweyWest.t(gains, lag: 2 * horizon)
    }

    private static func side(_ forecasts: [FundingForecast], _ rate: (FundingForecast) -> Double?) -> Double? {
        let right = forecasts.compactMap { forecast -> Double? in
            guard let rate = rate(forecast), let realised = forecast.realised else { return nil }
            let settled = realised - forecast.defaultRate
            guard 1e4 * forecast.scale8h * abs(settled) > 0.1 else { return nil }
            return (rate - forecast.defaultRate) * settled > 0 ? 1 : 0
        }
        return mean(right)
    }

    private static func quality(
        _ forecasts: [FundingForecast], _ ends: (FundingForecast) -> (low: Double, high: Double)?
    ) -> IntervalQuality? {
        var held: [Double] = []
        var widths: [Double] = []
        var losses: [Double] = []
        for forecast in forecasts {
            guard let (low, high) = ends(forecast), let realised = forecast.realised else { continue }
            let scale = 1e4 * forecast.scale8h
            held.append(low <= realised && realised <= high ? 1 : 0)
            widths.append(scale * (high - low))
            losses.append(scale * (pinball(0.1, low, realised) + pinball(0.9, high, realised)) / 2)
        }
        guard let coverage = mean(held), let width = mean(widths), let pinball = mean(losses) else { return nil }
        return IntervalQuality(count: held.count, coverage: coverage, width: width, pinball: pinball)
    }

    /// The loss of `quantile` as the quantile `p` of what was `realised`, in their unit.
    static func pinball(_ p: Double, _ quantile: Double, _ realised: Double) -> Double {
        max(p * (realised - quantile), (p - 1) * (realised - quantile))
    }
}

private func ends(_ low: Double?, _ high: Double?) -> (low: Double, high: Double)? {
    guard let low, let high else { return nil }
    return (low, high)
}
