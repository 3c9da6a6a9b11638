import PerpCore

/// What the history in the warehouse amounts to, as one model sees it.
public struct Statistics: Hashable, Sendable, Codable {
    public var model: String
    public var marketSnapshots: MarketSnapshots
    public var averageMetrics: AverageMetrics
    public var sentimentDistribution: [SentimentShare]
    public var exchangeData: ExchangeData
    public var liquidationData: LiquidationData
    public var database: Database
    public var coverage: Coverage

    public struct MarketSnapshots: Hashable, Sendable, Codable {
        /// Market rows with status ok.
        public var totalRecords: Int
        /// `2025-10-23 15:00 UTC`; `nil` without rows.
        public var firstSnapshot: String?
        public var lastSnapshot: String?
        public var timeSpanHours: Double
    }

    /// Means over the rows with status ok; `nil` if no row has the figure.
    public struct AverageMetrics: Hashable, Sendable, Codable {
        public var compositeScore: Double?
        /// Dollars, rolling day.
        public var volume: Double?
        /// Dollars, one side.
        public var openInterest: Double?
        public var oiVolRatio: Double?
    }

    public struct SentimentShare: Hashable, Sendable, Codable {
        public var sentiment: String
        public var count: Int
        /// Of all records, 0 to 1.
        public var share: Double
    }

    public struct ExchangeData: Hashable, Sendable, Codable {
        public var uniqueExchanges: Int
        /// Rows with status ok or partial.
        public var totalRecords: Int
        public var failedRecords: Int
    }

    public struct LiquidationData: Hashable, Sendable, Codable {
        /// Rows of venues.
        public var totalRecords: Int
        /// Dollars.
        public var totalLiquidations: Double
        /// Whether a venue sends a sample, so that the total is a lower bound.
        public var isFloor: Bool
        /// Mean of the market's score of one hour; `nil` when no hour has one.
        public var averageCascadeRisk: Double?
        public var cascadeEvents: Int
        public var highHours: Int
        public var criticalHours: Int
    }

    public struct Database: Hashable, Sendable, Codable {
        public var fileSizeBytes: Int64
        public var location: String
    }

    public struct Coverage: Hashable, Sendable, Codable {
        public var expectedHours: Int
        public var presentHours: Int
        public var insufficientHours: Int
        public var missingHours: Int
        public var gaps: [Gap]
        /// Hours of single venues that are missing or partial, and the hours of all venues expected.
        public var missingVenueHours: Int
        public var partialVenueHours: Int
        public var expectedVenueHours: Int
        /// Hours whose totals lack a venue: they are in no average of volume and open interest.
        public var hoursWithHoles: Int
        public var meanCoverage: Double?
        public var meanQuality: Double?
        public var uptime: [Uptime]
    }

    /// A maximal run of hours without a row.
    public struct Gap: Hashable, Sendable, Codable {
        public var from: Hour
        /// Included.
        public var to: Hour
        public var hours: Int { from.distance(to: to) + 1 }

        public init(from: Hour, to: Hour) {
            self.from = from
            self.to = to
        }
    }

    public struct Uptime: Hashable, Sendable, Codable {
        public var exchange: String
        /// Rows ok or partial over the hours expected, 0 to 1.
        public var uptime: Double
        public var lastSuccess: Hour?
        public var failuresIn24h: Int
    }
}
