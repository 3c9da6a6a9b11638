import PerpCore

/// The liquidations of the last hours in the warehouse, exchange by exchange and together.
public struct LiquidationReport: Hashable, Sendable, Codable {
    /// How an exchange's figures came about.
    enum Status: String, Hashable, Sendable, Codable {
        case success
        /// Some hours of the period are missing.
        case partial
        /// The exchange tells of no liquidations, or none of its hours is there.
        case none
    }

    enum Losers: String, Hashable, Sendable, Codable {
        case longs, shorts, balanced
    }

    /// Sums of one exchange or of several.
    struct Figures: Hashable, Sendable, Codable {
        /// Dollars of longs and shorts closed by force, and of each.
        var totalUSD: Double
        var longUSD: Double
        var shortUSD: Double
        /// Events; `nil` where sums are published without counts.
        var longCount: Int64?
        var shortCount: Int64?
        var count: Int64?
        /// Long over short dollars; `nil` without shorts.
        var longShortRatio: Double?
        var bias: Losers
        /// The hours of the period that the figures are of; of several exchanges, those of the one that told the fewest.
        var hours: Int
        /// Whether the dollars are a lower bound.
        var isFloor: Bool
    }

    /// The score of a period, by both models.
    struct Cascade: Hashable, Sendable, Codable {
        /// 0 to 1; `nil` without evidence.
        var score: Double?
        /// `LOW` to `CRITICAL`; `nil` without a score.
        var level: String?
        /// 0 to 1, of the seed-v1 formula.
        var seedScore: Double
        var seedLevel: String
    }

    /// The liquidations of one exchange in the period.
    public struct ExchangeLiquidations: Hashable, Sendable, Codable {
        var exchange: String
        var status: Status
        /// `complete`, `aggregate`, `sampled` or `none`.
        var truth: String
        /// Hours of the period that the exchange reported.
        var hours: Int
        /// `nil` when there is nothing to sum.
        var figures: Figures?
        var cascade: Cascade?
        /// Why there is nothing to sum.
        var reason: String?
        /// Which feed counts, and what the other one states; `nil` when there is nothing to sum, or REST alone was asked.
        var feeds: CountedFeeds?
    }

    /// All exchanges that are looked at.
    struct Aggregate: Hashable, Sendable, Codable {
        var reportingVenues: Int
        var enabledVenues: Int
        var figures: Figures
        /// Dollars that the reporting exchanges traded in the period, prorated from a rolling day.
        var reportingVolumeUSD: Double?
        /// Total over that volume: as in `market_liquidation`, alerts and the report of an hour.
        var volumeShare: Double?
        /// Dollars of a rolling day: given, or the market's.
        var dailyVolumeUSD: Double?
        /// Total over that one, whatever the period: the seed-v1 ratio.
        var dailyVolumeShare: Double?
        /// Total over the reporting exchanges' open interest.
        var oiShare: Double?
        /// Share of the enabled exchanges' open interest whose liquidations are seen, 0 to 1.
        var marketShare: Double?
        /// How all enabled exchanges' open interest splits by coverage class; `nil` where only some were looked at.
        var openInterestSplit: CoverageSplit?
        var cascade: Cascade
        /// What the level means for a trader.
        var interpretation: String
    }

    /// Which of the two scores the text shows.
    var model: String
    var periodHours: Int
    /// The first instant of the period and the first one after it, ISO 8601.
    public var from: String
    var to: String
    /// Hours of the period that are in the warehouse.
    var presentHours: Int
    var venues: [ExchangeLiquidations]
    /// `nil` when no exchange reports.
    var aggregate: Aggregate?
}
