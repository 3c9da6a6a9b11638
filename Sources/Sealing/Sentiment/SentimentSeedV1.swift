import PerpCore

/// The sentiment formula of the seed-v1 model, equal to the last bit in the order of its operations.
///
/// It is kept for parity: it jumps at its thresholds, and an exchange without a metric pulls to zero.
struct SentimentSeedV1: Hashable, Sendable {
    /// What the formula reads of one exchange.
    struct ExchangeInput: Hashable, Sendable {
        /// Dollars traded in the rolling day.
        var volumeUSD: Double
        /// Dollars.
        var openInterestUSD: Double?
        /// Percent per the exchange's own interval, of its reference BTC perpetual.
        var fundingPercent: Double?
        /// Percent against a day ago, of its reference BTC perpetual.
        var priceChangePercent: Double?

        init(volumeUSD: Double, openInterestUSD: Double?, fundingPercent: Double?, priceChangePercent: Double?) {
            self.volumeUSD = volumeUSD
            self.openInterestUSD = openInterestUSD
            self.fundingPercent = fundingPercent
            self.priceChangePercent = priceChangePercent
        }
    }

    /// Dollars.
    let volumeUSD: Double
    /// Percent, weighted by volume.
    let fundingPercent: Double
    let priceChangePercent: Double
    let openInterestToVolume: Double
    /// Percent.
    let divergencePercent: Double
    /// 0 to 1; `nil` without a ratio.
    let longFraction: Double?
    let scores: Scores
    /// -1 to 1.
    let composite: Double

    struct Scores: Hashable, Sendable {
        var funding, price, longShort, conviction, divergence, openInterestPrice: Double
    }

    /// `exchanges` in the order of `Exchange`; `longShortRatio` is longs over shorts.
    init(exchanges: [ExchangeInput], longShortRatio: Double?) {
        let volumeUSD = exchanges.reduce(0) { $0 + $1.volumeUSD }
        func weighted(_ measure: (ExchangeInput) -> Double?) -> Double {
            guard volumeUSD != 0 else { return 0 }
            return exchanges.reduce(0) { sum, exchange in
                measure(exchange).map { sum + $0 * (exchange.volumeUSD / volumeUSD) } ?? sum
            }
        }
        let openInterestUSD = exchanges.reduce(0) { $0 + ($1.openInterestUSD ?? 0) }
        self.volumeUSD = volumeUSD
        fundingPercent = weighted(\.fundingPercent)
        priceChangePercent = weighted(\.priceChangePercent)
        openInterestToVolume = volumeUSD == 0 ? 0 : openInterestUSD / volumeUSD
        divergencePercent = Self.divergence(exchanges.compactMap(\.fundingPercent), around: fundingPercent)
        longFraction = longShortRatio.map { $0 / ($0 + 1) }
        scores = Scores(
            funding: Self.fundingScore(fundingPercent), price: Self.priceScore(priceChangePercent),
            longShort: Self.longShortScore(longShortRatio),
            conviction: Self.convictionScore(openInterestToVolume),
            divergence: exchanges.count { $0.fundingPercent != nil } > 1 ? -min(divergencePercent / 0.01, 1) : 0,
            openInterestPrice: Self.openInterestPriceScore(priceChangePercent, openInterestToVolume))
        composite = Self.composite(scores)
    }

    /// Weights in the order in which the factors are added.
    static let weights: [(factor: SentimentFactor, score: KeyPath<Scores, Double> & Sendable, weight: Double)] = [
        (.funding, \.funding, 0.35), (.price, \.price, 0.20), (.longShortBias, \.longShort, 0.15),
        (.conviction, \.conviction, 0.15), (.divergence, \.divergence, 0.08),
        (.openInterestPrice, \.openInterestPrice, 0.07),
    ]

    static func composite(_ scores: Scores) -> Double {
        weights.reduce(0) { $0 + scores[keyPath: $1.score] * $1.weight }
    }

    static func fundingScore(_ rate: Double) -> Double {
        if rate > 0.01 { return min(rate / 0.05, 1) }
        if rate < -0.01 { return max(rate / 0.05, -1) }
        return rate / 0.01
    }

    static func priceScore(_ change: Double) -> Double {
        if change > 2 { return min(change / 10, 1) }
        if change < -2 { return max(change / 10, -1) }
        return change / 2
    }

    /// Crowded longs are bearish.
    static func longShortScore(_ ratio: Double?) -> Double {
        guard let ratio else { return 0 }
        if ratio > 2.5 { return max(-1, -0.5 - (ratio - 2.5) * 0.2) }
        if ratio > 1.5 { return -0.3 - (ratio - 1.5) * 0.2 }
        if ratio < 0.4 { return min(1, 0.5 + (0.4 - ratio) * 2) }
        if ratio < 0.67 { return 0.3 + (0.67 - ratio) * 0.74 }
        return (1 - ratio) * 0.2
    }

    static func convictionScore(_ oiVolRatio: Double) -> Double {
        if oiVolRatio > 0.5 { return min((oiVolRatio - 0.3) / 0.3, 1) }
        if oiVolRatio < 0.25 { return -min((0.25 - oiVolRatio) / 0.15, 1) }
        return 0
    }

    static func openInterestPriceScore(_ change: Double, _ oiVolRatio: Double) -> Double {
        guard oiVolRatio > 0.35 else { return 0 }
        return change > 0 ? 0.5 : change < 0 ? -0.5 : 0
    }

    private static func divergence(_ rates: [Double], around mean: Double) -> Double {
        guard rates.count > 1 else { return 0 }
        let squares = rates.reduce(0) { $0 + power($1 - mean, 2) }
        return power(squares / Double(rates.count), 0.5)
    }
}
