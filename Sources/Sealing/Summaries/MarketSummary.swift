import PerpCore

/// Whether an hour has enough behind it to be scored.
public enum MarketStatus: String, Hashable, Sendable, CaseIterable {
    case ok
    /// Too few exchanges, too little coverage or no volume: measures are kept, nothing is scored.
    case insufficient
}

/// What a reader of a market row must know about how it came about.
public enum MarketFlag: String, Hashable, Sendable, CaseIterable {
    /// No open interest of a day earlier to compare with.
    case coldStart = "cold_start"
    /// Fewer than 168 trailing hours stand behind the neutral point of the long/short score.
    case noLongShortBaseline = "ls_no_baseline"
    /// An exchange's funding was weighted by volume instead of open interest.
    case openInterestImputed = "oi_imputed"
    /// Funding rates of fewer than two exchanges: nothing is known of their dispersion.
    case noDispersion = "no_dispersion"
    /// The growth of open interest in a day is that of a part of the market: an exchange is missing at one end.
    case growthPartial = "growth_partial"
}

/// The market at one hour as one model sees it: the row of `market_summary`, two rows per hour.
///
/// `fundingPercent`, `priceChangePercent`, `openInterestToVolume`, `longFraction` and `fundingDivergencePercent` are the
/// model's own inputs and differ between the models; the counts, coverages and growth figures are the same in both.
public struct MarketSummary: Hashable, Sendable {
    /// The hour that the row belongs to, in UTC.
    public var hour: Hour
    /// The model whose inputs and score the row holds.
    public var model: SentimentModel
    /// Whether the hour is scored.
    public var status: MarketStatus

    /// The composite score, -1 (bearish) to 1 (bullish); `nil` when insufficient.
    public var compositeScore: Double?
    /// The label of `compositeScore`; `nil` when insufficient.
    public var sentiment: SentimentLabel?
    /// The strength of `compositeScore`; `nil` when insufficient.
    public var strength: SentimentStrength?

    /// Dollars traded in the rolling day on all exchanges that count. In `v2` an absent exchange's last figure stands in for
    /// it for six hours; `nil` when it is older. In `seed-v1` what was reported.
    public var totalVolumeUSD: Double?
    /// Dollars of open interest, one side; likewise.
    public var totalOpenInterestUSD: Double?
    /// What the two totals hold, and what they lack.
    public var completeness: MarketCompleteness
    /// Dollars traded in the rolling day on centralized exchanges that reported.
    public var cexVolumeUSD: Double?
    /// Dollars traded in the rolling day on decentralized exchanges that reported.
    public var dexVolumeUSD: Double?
    /// Open interest over the rolling day's volume.
    public var openInterestToVolume: Double?
    /// Percent per eight hours (`v2`), or per each exchange's own interval (`seed-v1`).
    public var fundingPercent: Double?
    /// Percent against a day ago.
    public var priceChangePercent: Double?
    /// Percent: how far the exchanges' rates lie apart.
    public var fundingDivergencePercent: Double?
    /// Share of accounts that are long, 0 to 1.
    public var longFraction: Double?
    /// Series of one exchange and coin behind `longFraction`.
    public var longShortSeries: Int
    /// Share of volume behind `fundingPercent`, 0 to 1.
    public var fundingCoverage: Double?
    /// Share of volume behind `priceChangePercent`, 0 to 1.
    public var priceCoverage: Double?
    /// Logarithmic growth of open interest in a day, price taken out; `nil` without a match.
    public var openInterestGrowth24h: Double?
    /// Logarithmic growth of open interest in the last hour, price taken out.
    public var openInterestGrowth1h: Double?
    /// Logarithmic change of the mark price in the last hour, weighted by open interest.
    public var markChange1h: Double?
    /// Exchanges with status ok or partial.
    public var exchangesCount: Int
    /// Share of the usual volume that reported, 0 to 1. No exchange that was ever loaded leaves the whole.
    public var coverage: Double
    /// Weight of evidence behind the factors, 0 to 1; `nil` in `seed-v1`.
    public var quality: Double?
    /// Quality times coverage, discounted by divergence; `nil` in `seed-v1` and when insufficient.
    public var confidence: Double?
    /// In the order of `MarketFlag`; empty in `seed-v1`.
    public var flags: [MarketFlag]

    /// Whether its figures count coins only: rows of rules that knew no classes say nothing of who was expected.
    public var knowsClasses: Bool { completeness.expectedExchanges > 0 }

    /// Takes one column per argument; what is left out is unknown or zero.
    public init(
        hour: Hour, model: SentimentModel, status: MarketStatus, compositeScore: Double? = nil,
        sentiment: SentimentLabel? = nil, strength: SentimentStrength? = nil, totalVolumeUSD: Double? = nil,
        totalOpenInterestUSD: Double? = nil, cexVolumeUSD: Double? = nil, dexVolumeUSD: Double? = nil,
        openInterestToVolume: Double? = nil,
        fundingPercent: Double? = nil, priceChangePercent: Double? = nil, fundingDivergencePercent: Double? = nil,
        longFraction: Double? = nil, longShortSeries: Int = 0, fundingCoverage: Double? = nil,
        priceCoverage: Double? = nil, openInterestGrowth24h: Double? = nil, openInterestGrowth1h: Double? = nil,
        markChange1h: Double? = nil, exchangesCount: Int = 0, coverage: Double = 0, quality: Double? = nil,
        confidence: Double? = nil, flags: [MarketFlag] = [], completeness: MarketCompleteness = MarketCompleteness()
    ) {
        self.hour = hour
        self.model = model
        self.status = status
        self.compositeScore = compositeScore
        self.sentiment = sentiment
        self.strength = strength
        self.totalVolumeUSD = totalVolumeUSD
        self.totalOpenInterestUSD = totalOpenInterestUSD
        self.cexVolumeUSD = cexVolumeUSD
        self.dexVolumeUSD = dexVolumeUSD
        self.openInterestToVolume = openInterestToVolume
        self.fundingPercent = fundingPercent
        self.priceChangePercent = priceChangePercent
        self.fundingDivergencePercent = fundingDivergencePercent
        self.longFraction = longFraction
        self.longShortSeries = longShortSeries
        self.fundingCoverage = fundingCoverage
        self.priceCoverage = priceCoverage
        self.openInterestGrowth24h = openInterestGrowth24h
        self.openInterestGrowth1h = openInterestGrowth1h
        self.markChange1h = markChange1h
        self.exchangesCount = exchangesCount
        self.coverage = coverage
        self.quality = quality
        self.confidence = confidence
        self.flags = flags
        self.completeness = completeness
    }
}

/// What an hour's market figures hold, what they lack, and what they can be compared with.
public struct MarketCompleteness: Hashable, Sendable {
    /// Dollars traded in the rolling day on the exchanges that reported.
    public var reportedVolumeUSD: Double?
    /// Dollars of open interest of the exchanges that reported.
    public var reportedOpenInterestUSD: Double?
    /// Dollars of volume carried for absent exchanges: their last figures, at most six hours old.
    public var carriedVolumeUSD: Double?
    /// Dollars of open interest carried for absent exchanges, at most six hours old.
    public var carriedOpenInterestUSD: Double?
    /// Hours: the oldest of the figures carried; `nil` when none is.
    public var carriedAgeHours: Int?
    /// Share of the usual open interest that reported, 0 to 1; `nil` when nothing is usual.
    public var openInterestCoverage: Double?
    /// Share of the usual volume that reported, without exchanges that have left the gates.
    public var gateCoverage: Double
    /// Exchanges that are enabled, or were loaded at any time before.
    public var expectedExchanges: Int
    /// Of these, those that were never loaded: their share is unknown.
    public var unknownExchanges: Int
    /// Exchanges in the gates without volume, and without their whole open interest.
    public var exchangesMissingVolume: Int
    /// Exchanges in the gates without their whole open interest.
    public var exchangesMissingOpenInterest: Int
    /// Percent against a day ago (within one hour), over the exchanges that both hours have; `nil` when they are less
    /// than half of what is usual.
    public var volumeChangePercent24h: Double?
    /// Percent of open interest against a day ago, over the exchanges that both hours have.
    public var openInterestChangePercent24h: Double?
    /// Exchanges behind the changes: the smaller number of the two.
    public var comparedExchanges: Int?

    /// Takes one column per argument; what is left out is unknown or zero.
    public init(
        reportedVolumeUSD: Double? = nil, reportedOpenInterestUSD: Double? = nil, carriedVolumeUSD: Double? = nil,
        carriedOpenInterestUSD: Double? = nil, carriedAgeHours: Int? = nil, openInterestCoverage: Double? = nil,
        gateCoverage: Double = 0, expectedExchanges: Int = 0, unknownExchanges: Int = 0,
        exchangesMissingVolume: Int = 0,
        exchangesMissingOpenInterest: Int = 0, volumeChangePercent24h: Double? = nil,
        openInterestChangePercent24h: Double? = nil,
        comparedExchanges: Int? = nil
    ) {
        self.reportedVolumeUSD = reportedVolumeUSD
        self.reportedOpenInterestUSD = reportedOpenInterestUSD
        self.carriedVolumeUSD = carriedVolumeUSD
        self.carriedOpenInterestUSD = carriedOpenInterestUSD
        self.carriedAgeHours = carriedAgeHours
        self.openInterestCoverage = openInterestCoverage
        self.gateCoverage = gateCoverage
        self.expectedExchanges = expectedExchanges
        self.unknownExchanges = unknownExchanges
        self.exchangesMissingVolume = exchangesMissingVolume
        self.exchangesMissingOpenInterest = exchangesMissingOpenInterest
        self.volumeChangePercent24h = volumeChangePercent24h
        self.openInterestChangePercent24h = openInterestChangePercent24h
        self.comparedExchanges = comparedExchanges
    }
}

/// One factor of one model at one hour: the row of `model_score`.
public struct ModelScore: Hashable, Sendable {
    /// The hour that the row belongs to, in UTC.
    public var hour: Hour
    /// The model that gave the score.
    public var model: SentimentModel
    /// The factor that is scored.
    public var factor: SentimentFactor
    /// -1 to 1; `nil` when the factor is absent.
    public var score: Double?
    /// 0 to 1, the share of its weight that the factor keeps; `nil` in `seed-v1` and for divergence.
    public var quality: Double?
    /// The share of the composite before quality; of divergence in `v2`, the largest discount.
    public var weight: Double

    /// Takes one column per argument.
    public init(
        hour: Hour, model: SentimentModel, factor: SentimentFactor, score: Double?, quality: Double?,
        weight: Double
    ) {
        self.hour = hour
        self.model = model
        self.factor = factor
        self.score = score
        self.quality = quality
        self.weight = weight
    }
}
