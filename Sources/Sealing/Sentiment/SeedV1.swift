import PerpCore

/// The sentiment formula of the seed document, equal to the last bit in the order of its operations.
///
/// It is kept for parity: it jumps at its thresholds, and a venue without a metric pulls to zero.
public struct SeedV1: Hashable, Sendable {
    /// What the formula reads of one venue.
    public struct Venue: Hashable, Sendable {
        /// Dollars traded in the rolling day.
        public var volume: Double
        /// Dollars.
        public var openInterest: Double?
        /// Percent per the venue's own interval, of its reference BTC perpetual.
        public var fundingRate: Double?
        /// Percent against a day ago, of its reference BTC perpetual.
        public var priceChange: Double?

        public init(volume: Double, openInterest: Double?, fundingRate: Double?, priceChange: Double?) {
            self.volume = volume
            self.openInterest = openInterest
            self.fundingRate = fundingRate
            self.priceChange = priceChange
        }
    }

    /// Dollars.
    public let volume: Double
    /// Percent, weighted by volume.
    public let fundingRate: Double
    public let priceChange: Double
    public let oiVolRatio: Double
    /// Percent.
    public let divergence: Double
    /// 0 to 1; `nil` without a ratio.
    public let longShare: Double?
    public let scores: Scores
    /// -1 to 1.
    public let composite: Double

    public struct Scores: Hashable, Sendable {
        public var funding, price, longShort, conviction, divergence, openInterestPrice: Double
    }

    /// `venues` in the order of `Exchange`; `longShortRatio` is longs over shorts.
    public init(venues: [Venue], longShortRatio: Double?) {
        let volume = venues.reduce(0) { $0 + $1.volume }
        func weighted(_ measure: (Venue) -> Double?) -> Double {
            guard volume != 0 else { return 0 }
            return venues.reduce(0) { sum, venue in
                measure(venue).map { sum + $0 * (venue.volume / volume) } ?? sum
            }
        }
        let openInterest = venues.reduce(0) { $0 + ($1.openInterest ?? 0) }
        self.volume = volume
        fundingRate = weighted(\.fundingRate)
        priceChange = weighted(\.priceChange)
        oiVolRatio = volume == 0 ? 0 : openInterest / volume
        divergence = Self.divergence(venues.compactMap(\.fundingRate), around: fundingRate)
        longShare = longShortRatio.map { $0 / ($0 + 1) }
        scores = Scores(
            funding: Self.fundingScore(fundingRate), price: Self.priceScore(priceChange),
            longShort: Self.longShortScore(longShortRatio),
            conviction: Self.convictionScore(oiVolRatio),
            divergence: venues.count { $0.fundingRate != nil } > 1 ? -min(divergence / 0.01, 1) : 0,
            openInterestPrice: Self.openInterestPriceScore(priceChange, oiVolRatio))
        composite = Self.composite(scores)
    }

    static func composite(_ s: Scores) -> Double {
        ((((s.funding * 0.35 + s.price * 0.20) + s.longShort * 0.15) + s.conviction * 0.15)
            + s.divergence * 0.08) + s.openInterestPrice * 0.07
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
