import PerpCore

/// What the `v2` sentiment is computed from. `nil` is unknown: the factor is then absent.
public struct SentimentInputs: Hashable, Sendable {
    /// Open interest and price over one hour, both logarithmic.
    public struct HourlyPair: Hashable, Sendable {
        /// The change of the mark price.
        public var markChange: Double
        /// The growth of open interest, price taken out.
        public var openInterestGrowth: Double

        public init(markChange: Double, openInterestGrowth: Double) {
            self.markChange = markChange
            self.openInterestGrowth = openInterestGrowth
        }
    }

    /// How long the market's accounts usually are: over the trailing 30 days.
    public struct LongShortBaseline: Hashable, Sendable {
        /// The median of `ln(L / (1 - L))`.
        public var medianLogit: Double
        /// Hours in the sample.
        public var hours: Int

        public init(medianLogit: Double, hours: Int) {
            self.medianLogit = medianLogit
            self.hours = hours
        }

        public static let none = LongShortBaseline(medianLogit: 0, hours: 0)
    }

    /// Percent per eight hours, and the share of volume behind it.
    public var fundingPercent8h: Double?
    public var fundingCoverage: Double?
    /// Percent against a day ago, and the share of volume behind it.
    public var priceChangePercent: Double?
    public var priceCoverage: Double?
    /// Share of accounts that are long, 0 to 1, and the series behind it.
    public var longFraction: Double?
    public var longShortSeries = 0
    public var baseline = LongShortBaseline.none
    public var openInterestToVolume: Double?
    /// Logarithmic growth of open interest in a day, price taken out.
    public var openInterestGrowth24h: Double?
    /// Percent.
    public var fundingDivergencePercent: Double?
    /// At most 24, those of the last day.
    public var pairs: [HourlyPair] = []
    /// Whether an exchange's funding was weighted by volume.
    public var hasImputedOpenInterest = false

    public init() {}
}
