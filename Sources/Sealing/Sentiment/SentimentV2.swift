import PerpCore

/// The default sentiment: continuous, bounded, and indifferent to the order of the exchanges.
///
/// Five factors give a direction; each counts with its weight times its quality. How far the
/// exchanges' funding rates lie apart is a discount of at most 30 %.
struct SentimentV2: Hashable, Sendable {
    /// One directional factor.
    struct WeightedFactor: Hashable, Sendable {
        var factor: SentimentFactor
        var weight: Double
        /// -1 (bearish) to 1 (bullish).
        var score: Double
        /// 0 to 1.
        var quality: Double
    }

    /// Weights in the order in which the factors are added.
    static let weights: [(factor: SentimentFactor, weight: Double)] = [
        (.funding, 0.35), (.price, 0.20), (.longShortBias, 0.15), (.conviction, 0.15),
        (.openInterestPrice, 0.07),
    ]
    static let largestDiscount = 0.3
    static let fullWeight = 0.92

    /// The factors that are present, in the order of `weights`.
    let factors: [WeightedFactor]
    /// -1 to 0; 0 also when nothing is known.
    let divergenceScore: Double
    /// The sums of `weight * quality * score`, and of `weight * quality`.
    let numerator: Double
    let denominator: Double
    /// -1 to 1, before the discount.
    let base: Double
    /// -1 to 1.
    let composite: Double
    /// 0 to 1: the weight of evidence behind the factors.
    let quality: Double
    let flags: [MarketFlag]

    init(_ inputs: SentimentInputs) {
        factors = Self.weights.compactMap { factor, weight in
            Self.score(factor, inputs).map {
                WeightedFactor(factor: factor, weight: weight, score: $0.score, quality: $0.quality)
            }
        }
        divergenceScore = Self.divergenceScore(inputs.fundingDivergencePercent)
        numerator = factors.reduce(0) { $0 + $1.weight * $1.quality * $1.score }
        denominator = factors.reduce(0) { $0 + $1.weight * $1.quality }
        base = denominator > 0 ? numerator / denominator : 0
        composite = base * (1 + Self.largestDiscount * divergenceScore)
        quality = min(1, denominator / Self.fullWeight)
        flags = Self.flags(inputs)
    }

    /// `quality * coverage`, discounted like the composite; `coverage` is that of the market row.
    func confidence(coverage: Double) -> Double {
        quality * coverage * (1 + Self.largestDiscount * divergenceScore)
    }

    func factor(_ factor: SentimentFactor) -> WeightedFactor? { factors.first { $0.factor == factor } }

    private static func score(
        _ factor: SentimentFactor, _ inputs: SentimentInputs
    ) -> (score: Double, quality: Double)? {
        switch factor {
        case .funding: SentimentV2Factors.funding(inputs)
        case .price: SentimentV2Factors.price(inputs)
        case .longShortBias: SentimentV2Factors.longShortBias(inputs)
        case .conviction: SentimentV2Factors.conviction(inputs)
        case .openInterestPrice: SentimentV2Factors.openInterestPrice(inputs)
        case .divergence: nil
        }
    }

    static func divergenceScore(_ divergence: Double?) -> Double {
        divergence.map { -tanh($0 / 0.01) } ?? 0
    }

    private static func flags(_ inputs: SentimentInputs) -> [MarketFlag] {
        var flags: [MarketFlag] = []
        if inputs.openInterestGrowth24h == nil { flags.append(.coldStart) }
        if inputs.baseline.hours < SentimentV2Factors.baselineHours { flags.append(.noLongShortBaseline) }
        if inputs.hasImputedOpenInterest { flags.append(.openInterestImputed) }
        if inputs.fundingDivergencePercent == nil { flags.append(.noDispersion) }
        return flags
    }
}
