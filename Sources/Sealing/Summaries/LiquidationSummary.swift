import PerpCore

/// How dangerous a cascade score is.
public enum CascadeLevel: String, Hashable, Sendable, CaseIterable {
    case low = "LOW"
    case moderate = "MODERATE"
    case high = "HIGH"
    case critical = "CRITICAL"

    /// The level of a score of 0 to 1; limits are exceeded, not reached.
    public init(score: Double) {
        self = score > 0.7 ? .critical : score > 0.5 ? .high : score > 0.3 ? .moderate : .low
    }
}

/// What a reader of a cascade score must know about how it came about.
public enum CascadeFlag: String, Hashable, Sendable, CaseIterable {
    /// The window's volume is a share of the rolling day's, not its own.
    case prorated
    /// An exchange's open interest was estimated from its volume.
    case openInterestImputed = "oi_imputed"
    /// Fewer than 168 comparable trailing hours.
    case noHistory = "no_history"
    /// A reporting exchange sends a sample, or an enabled one nothing: the sums are lower bounds.
    case floor
}

/// The liquidations of one exchange in the closed hour before `hour`: the row of `liquidation_summary`.
/// An exchange that offers none has no row.
public struct LiquidationSummary: Hashable, Sendable {
    /// The hour that the row belongs to, in UTC.
    public var hour: Hour
    /// The exchange that the row is about.
    public var exchange: Exchange
    /// How much of the liquidations the figures can show.
    public var coverageClass: LiquidationCoverage
    /// Dollars of longs that were closed by force in `[hour - 3600 s, hour)`.
    public var longUSD: Double
    /// Dollars of shorts that were closed by force in the same hour.
    public var shortUSD: Double
    /// Dollars of longs and shorts.
    public var totalUSD: Double
    /// Events; `nil` where the exchange publishes totals without a count.
    public var count: Int64?
    /// `totalUSD` over the exchange's open interest, a fraction; `nil` without any.
    public var openInterestShare: Double?
    /// 0 to 1, of the seed-v1 formula with the exchange's own volume.
    public var seedCascadeScore: Double
    /// 0 to 1; `nil` without evidence.
    public var cascadeScore: Double?
    /// What limits the cascade score, in the order of `CascadeFlag`.
    public var flags: [CascadeFlag]
    /// The fraction of the hour in which the feed that counts was heard, 0 to 1.
    public var heardShare = 1.0

    /// Takes one column per argument, but for the share that was heard.
    public init(
        hour: Hour, exchange: Exchange, coverageClass: LiquidationCoverage, longUSD: Double, shortUSD: Double,
        totalUSD: Double, count: Int64?, openInterestShare: Double?, seedCascadeScore: Double, cascadeScore: Double?,
        flags: [CascadeFlag] = []
    ) {
        self.hour = hour
        self.exchange = exchange
        self.coverageClass = coverageClass
        self.longUSD = longUSD
        self.shortUSD = shortUSD
        self.totalUSD = totalUSD
        self.count = count
        self.openInterestShare = openInterestShare
        self.seedCascadeScore = seedCascadeScore
        self.cascadeScore = cascadeScore
        self.flags = flags
    }
}

extension LiquidationSummary {
    /// The hour's sums without what was made of them.
    package var window: LiquidationWindow {
        var window = LiquidationWindow(
            coverageClass: coverageClass, longUSD: longUSD, shortUSD: shortUSD, count: count)
        window.heardShare = heardShare
        return window
    }
}

extension MarketLiquidation {
    /// The cascade score of a model, 0 to 1; `nil` without evidence.
    public func score(of model: SentimentModel) -> Double? { model == .v2 ? score : seedScore }
}

/// The liquidations of the whole market in the hours before `hour`: the row of `market_liquidation`.
public struct MarketLiquidation: Hashable, Sendable {
    /// The lengths of the windows that are stored, in hours. Alerts look at the first.
    public static let windows = [1, 4, 24]

    /// The hour at whose start the window ends, in UTC.
    public var hour: Hour
    /// The window is `[hour - windowHours * 3600 s, hour)`.
    public var windowHours: Int
    /// Dollars of longs closed by force on the reporting exchanges.
    public var longUSD: Double
    /// Dollars of shorts closed by force on the reporting exchanges.
    public var shortUSD: Double
    /// Dollars of longs and shorts.
    public var totalUSD: Double
    /// Events, where counted; `nil` if no exchange counts.
    public var count: Int64?
    /// Dollars traded on the reporting exchanges in the window.
    public var volumeUSD: Double?
    /// Dollars of open interest on the reporting exchanges at the window's start.
    public var openInterestUSD: Double?
    /// `totalUSD / volumeUSD`, a fraction; `nil` when no volume is known.
    public var volumeShare: Double?
    /// `totalUSD / openInterestUSD`, a fraction; `nil` when no open interest is known.
    public var openInterestShare: Double?
    /// `abs(long - short) / total`, 0 to 1; 0 when nothing was liquidated.
    public var imbalance: Double
    /// Share of the enabled exchanges' open interest whose liquidations are seen, 0 to 1.
    public var coverage: Double?
    /// Exchanges whose coverage class is not none.
    public var reportingExchanges: Int
    /// 0 to 1, of the seed-v1 formula: total over the rolling day's volume of the market.
    public var seedScore: Double
    /// 0 to 1; `nil` when the coverage is below 0.05 (no evidence, which is not a zero).
    public var score: Double?
    /// The level of `score`; `nil` without a score.
    public var level: CascadeLevel?
    /// What limits the score, in the order of `CascadeFlag`.
    public var flags: [CascadeFlag]

    /// Takes one column per argument.
    public init(
        hour: Hour, windowHours: Int, longUSD: Double, shortUSD: Double, totalUSD: Double, count: Int64?,
        volumeUSD: Double?, openInterestUSD: Double?, volumeShare: Double?, openInterestShare: Double?,
        imbalance: Double, coverage: Double?, reportingExchanges: Int, seedScore: Double, score: Double?,
        level: CascadeLevel?, flags: [CascadeFlag] = []
    ) {
        self.hour = hour
        self.windowHours = windowHours
        self.longUSD = longUSD
        self.shortUSD = shortUSD
        self.totalUSD = totalUSD
        self.count = count
        self.volumeUSD = volumeUSD
        self.openInterestUSD = openInterestUSD
        self.volumeShare = volumeShare
        self.openInterestShare = openInterestShare
        self.imbalance = imbalance
        self.coverage = coverage
        self.reportingExchanges = reportingExchanges
        self.seedScore = seedScore
        self.score = score
        self.level = level
        self.flags = flags
    }
}
