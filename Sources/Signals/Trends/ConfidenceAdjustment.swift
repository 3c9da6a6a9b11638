import Trends

/// One change of a confidence, and why.
public struct ConfidenceAdjustment: Hashable, Sendable {
    /// What it is made for.
    public enum Reason: String, CaseIterable, Hashable, Sendable {
        case withTrend = "with_trend"
        case againstTrend = "against_trend"
        /// A range is no range while the price goes somewhere.
        case trending
        case volatile
        case calm
        case stressed
        /// The funding that is forecast pays nothing.
        case noForecastSpread = "no_forecast_spread"

        /// As messages say it.
        var words: String {
            switch self {
            case .withTrend: "with the trend"
            case .againstTrend: "against the trend"
            case .trending: "in a trend"
            case .volatile: "in volatile hours"
            case .calm: "in calm hours"
            case .stressed: "in stressed hours"
            case .noForecastSpread: "without a spread in the forecast"
            }
        }
    }

    /// Why.
    public var reason: Reason
    /// Percent of confidence, negative when it falls.
    public var points: Int

    /// Takes a change.
    public init(_ reason: Reason, _ points: Int) {
        self.reason = reason
        self.points = points
    }
}

/// A confidence with what trends, regimes and forecasts do to it. Floors and episodes use `adjusted`.
public struct AdjustedConfidence: Hashable, Sendable {
    /// A remark.
    public enum Flag: String, CaseIterable, Hashable, Sendable {
        /// The trend that could forbid the alert is unknown.
        case trendUnknown = "trend_unknown"
    }

    /// Percent, 0 to 100, as the strategy has it.
    public var confidence: Int
    /// Those that apply, in the order of the rules.
    public var adjustments: [ConfidenceAdjustment]
    /// Remarks.
    public var flags: [Flag]

    /// Takes a confidence and what changes it.
    public init(confidence: Int, adjustments: [ConfidenceAdjustment], flags: [Flag] = []) {
        self.confidence = confidence
        self.adjustments = adjustments
        self.flags = flags
    }

    /// Percent, 0 to 100, with the adjustments.
    public var adjusted: Int { max(0, min(100, adjustments.reduce(confidence) { $0 + $1.points })) }

    /// `75, with the trend +10`: the strategy's confidence, and what changes it.
    public var text: String {
        adjustments.reduce("\(confidence)") { text, change in
            "\(text), \(change.reason.words) \(change.points > 0 ? "+" : "")\(change.points)"
        }
    }
}

extension TrendContext {
    /// What a strategy's confidence becomes. What is unknown adds nothing.
    public func adjust(_ strategy: Strategy, _ direction: Direction, confidence: Int) -> AdjustedConfidence {
        let isUnknown = strategy == .trendFollowing && scoreDay.state == .unknown
        return AdjustedConfidence(
            confidence: confidence, adjustments: adjustments(strategy, direction),
            flags: isUnknown ? [.trendUnknown] : [])
    }

    private func adjustments(_ strategy: Strategy, _ direction: Direction) -> [ConfidenceAdjustment] {
        switch strategy {
        case .trendFollowing, .breakout, .momentumBreakout: following(direction)
        case .contrarian, .meanReversion: fading(direction)
        case .rangeTrading, .scalping, .deltaNeutral: ranging
        case .volatilityExpansion: expanding
        case .fundingArbitrage:
            (forecastSpread8h ?? 1) <= 0 ? [ConfidenceAdjustment(.noForecastSpread, -20)] : []
        // A warning is not muted, and a basis is not a trend.
        case .liquidationCascade, .basisArbitrage, .contangoBackwardation, .institutionalDivergence,
            .fundingIntervalChange:
            []
        }
    }

    private func following(_ direction: Direction) -> [ConfidenceAdjustment] {
        guard let side = direction.trend else { return [] }
        if priceSwing.state == side { return [ConfidenceAdjustment(.withTrend, 10)] }
        return priceSwing.state.isOpposite(of: side) ? [ConfidenceAdjustment(.againstTrend, -10)] : []
    }

    private func fading(_ direction: Direction) -> [ConfidenceAdjustment] {
        guard let side = direction.trend, priceDay.state.isOpposite(of: side), priceSwing.state.isOpposite(of: side)
        else { return [] }
        return [ConfidenceAdjustment(.againstTrend, -10)]
    }

    private var ranging: [ConfidenceAdjustment] {
        var changes: [ConfidenceAdjustment] = []
        if priceDay.state == .up || priceDay.state == .down { changes.append(ConfidenceAdjustment(.trending, -15)) }
        if regime == .elevated || regime == .stressed { changes.append(ConfidenceAdjustment(.volatile, -10)) }
        return changes
    }

    private var expanding: [ConfidenceAdjustment] {
        switch regime {
        case .calm: [ConfidenceAdjustment(.calm, 10)]
        case .stressed: [ConfidenceAdjustment(.stressed, -15)]
        case .normal, .elevated, nil: []
        }
    }
}
