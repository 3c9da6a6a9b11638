import PerpCore

/// The liquidations of the last hours in the warehouse, venue by venue and together.
public struct LiquidationReport: Hashable, Sendable, Codable {
    /// How a venue's figures came about.
    public enum Status: String, Hashable, Sendable, Codable {
        case success
        /// Some hours of the period are missing.
        case partial
        /// The exchange tells of no liquidations, or none of its hours is there.
        case none
    }

    public enum Bias: String, Hashable, Sendable, Codable {
        case longs, shorts, balanced
    }

    /// Sums of one venue or of several.
    public struct Figures: Hashable, Sendable, Codable {
        /// Dollars.
        public var totalUSD: Double
        public var longUSD: Double
        public var shortUSD: Double
        /// Events; `nil` where sums are published without counts.
        public var longCount: Int64?
        public var shortCount: Int64?
        public var count: Int64?
        /// Long over short dollars; `nil` without shorts.
        public var longShortRatio: Double?
        public var bias: Bias
        /// The hours of the period that the figures are of; of several exchanges, those of the one that told the fewest.
        public var hours: Int
        /// Whether the dollars are a lower bound.
        public var isFloor: Bool
    }

    /// The score of a period, by both models.
    public struct Cascade: Hashable, Sendable, Codable {
        /// 0 to 1; `nil` without evidence.
        public var score: Double?
        /// `LOW` to `CRITICAL`; `nil` without a score.
        public var level: String?
        /// 0 to 1, of the seed formula.
        public var seedScore: Double
        public var seedLevel: String
    }

    public struct Venue: Hashable, Sendable, Codable {
        public var exchange: String
        public var status: Status
        /// `complete`, `aggregate`, `sampled` or `none`.
        public var truth: String
        /// Hours of the period that the venue reported.
        public var hours: Int
        /// `nil` when there is nothing to sum.
        public var figures: Figures?
        public var cascade: Cascade?
        /// Why there is nothing to sum.
        public var reason: String?
    }

    /// All venues that are looked at.
    public struct Aggregate: Hashable, Sendable, Codable {
        public var reportingVenues: Int
        public var enabledVenues: Int
        public var figures: Figures
        /// Dollars that the reporting exchanges traded in the period, prorated from a rolling day.
        public var reportingVolumeUSD: Double?
        /// Total over that volume: as in `market_liquidation`, alerts and the report of an hour.
        public var volumeShare: Double?
        /// Dollars of a rolling day: given, or the market's.
        public var dailyVolumeUSD: Double?
        /// Total over that one, whatever the period: the seed document's ratio.
        public var dailyVolumeShare: Double?
        /// Total over the reporting venues' open interest.
        public var oiShare: Double?
        /// Share of the enabled venues' open interest whose liquidations are seen, 0 to 1.
        public var marketShare: Double?
        public var cascade: Cascade
        /// What the level means for a trader.
        public var interpretation: String
    }

    /// Which of the two scores the text shows.
    public var model: String
    public var periodHours: Int
    /// The first instant of the period and the first one after it, ISO 8601.
    public var from: String
    public var to: String
    /// Hours of the period that are in the warehouse.
    public var presentHours: Int
    public var venues: [Venue]
    /// `nil` when no venue reports.
    public var aggregate: Aggregate?
}
