import PerpCore

/// What the history in the warehouse amounts to, as one model sees it.
public struct Statistics: Hashable, Sendable, Codable {
    var model: String
    var marketSnapshots: MarketSnapshots
    var averageMetrics: AverageMetrics
    var sentimentDistribution: [SentimentShare]
    var exchangeData: ExchangeData
    var liquidationData: LiquidationData
    var database: Database
    var coverage: Coverage
    /// A month of history; `nil` where none is stored.
    var pastMonth: PastMonth?

    struct MarketSnapshots: Hashable, Sendable, Codable {
        /// Market rows with status ok.
        var totalRecords: Int
        /// `2025-10-23 15:00 UTC`; `nil` without rows.
        var firstSnapshot: String?
        var lastSnapshot: String?
        var timeSpanHours: Double
    }

    /// Means over the rows with status ok; `nil` if no row has the figure.
    struct AverageMetrics: Hashable, Sendable, Codable {
        var compositeScore: Double?
        /// Dollars, rolling day.
        var volume: Double?
        /// Dollars, one side.
        var openInterest: Double?
        var oiVolRatio: Double?
    }

    struct SentimentShare: Hashable, Sendable, Codable {
        var sentiment: String
        var count: Int
        /// Of all records, 0 to 1.
        var share: Double
    }

    struct ExchangeData: Hashable, Sendable, Codable {
        var uniqueExchanges: Int
        /// Rows with status ok or partial.
        var totalRecords: Int
        var failedRecords: Int
    }

    struct LiquidationData: Hashable, Sendable, Codable {
        /// Rows of exchanges.
        var totalRecords: Int
        /// Dollars.
        var totalLiquidations: Double
        /// Whether an exchange sends a sample, so that the total is a lower bound.
        var isFloor: Bool
        /// Mean of the market's score of one hour; `nil` when no hour has one.
        var averageCascadeRisk: Double?
        var cascadeEvents: Int
        var highHours: Int
        var criticalHours: Int
    }

    struct Database: Hashable, Sendable, Codable {
        var fileSizeBytes: Int64
        var location: String
    }

    struct Coverage: Hashable, Sendable, Codable {
        var expectedHours: Int
        var presentHours: Int
        var insufficientHours: Int
        var missingHours: Int
        var gaps: [MissingHours]
        /// Hours of single exchanges that are missing or partial, and the hours of all exchanges expected.
        var missingVenueHours: Int
        var partialVenueHours: Int
        var expectedVenueHours: Int
        /// Hours whose totals lack an exchange: they are in no average of volume and open interest.
        var hoursWithHoles: Int
        var meanCoverage: Double?
        var meanQuality: Double?
        var uptime: [Uptime]
    }

    /// A maximal run of hours without a row.
    struct MissingHours: Hashable, Sendable, Codable {
        var from: Hour
        /// Included.
        var to: Hour
        var hours: Int { from.distance(to: to) + 1 }

        init(from: Hour, to: Hour) {
            self.from = from
            self.to = to
        }
    }

    struct Uptime: Hashable, Sendable, Codable {
        var exchange: String
        /// Rows ok or partial over the hours expected, 0 to 1.
        var uptime: Double
        var lastSuccess: Hour?
        var failuresIn24h: Int
    }
}
