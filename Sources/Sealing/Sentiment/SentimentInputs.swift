import PerpCore

/// What the `v2` sentiment is computed from. `nil` is unknown: the factor is then absent.
struct SentimentInputs: Hashable, Sendable {
    /// Open interest and price over one hour, both logarithmic.
    struct HourlyPair: Hashable, Sendable {
        /// The change of the mark price.
        var markChange: Double
        /// The growth of open interest, price taken out.
        var openInterestGrowth: Double

        init(markChange: Double, openInterestGrowth: Double) {
            self.markChange = markChange
            self.openInterestGrowth = openInterestGrowth
        }
    }

    /// How long the market's accounts usually are: over the trailing 30 days.
    struct LongShortBaseline: Hashable, Sendable {
        /// The median of `ln(L / (1 - L))`.
        var medianLogit: Double
        /// Hours in the sample.
        var hours: Int

        init(medianLogit: Double, hours: Int) {
            self.medianLogit = medianLogit
            self.hours = hours
        }

        static let none = LongShortBaseline(medianLogit: 0, hours: 0)
    }

    /// Percent per eight hours, and the share of volume behind it.
    var fundingPercent8h: Double?
    var fundingCoverage: Double?
    /// Percent against a day ago, and the share of volume behind it.
    var priceChangePercent: Double?
    var priceCoverage: Double?
    /// Share of accounts that are long, 0 to 1, and the series behind it.
    var longFraction: Double?
    var longShortSeries = 0
    var baseline = LongShortBaseline.none
    var openInterestToVolume: Double?
    /// Logarithmic growth of open interest in a day, price taken out.
    var openInterestGrowth24h: Double?
    /// Percent.
    var fundingDivergencePercent: Double?
    /// At most 24, those of the last day.
    var pairs: [HourlyPair] = []
    /// Whether an exchange's funding was weighted by volume.
    var hasImputedOpenInterest = false

    init() {}
}
