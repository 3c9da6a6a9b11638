/// The weights that a venue's mean funding rate was taken with.
public enum FundingBasis: String, Hashable, Sendable, CaseIterable {
    case openInterest = "oi"
    case volume
}

/// One venue at one hour: the row of `exchange_summary`. Sums run over its trading perpetuals.
public struct ExchangeSummary: Hashable, Sendable {
    public var hour: Hour
    public var exchange: Exchange
    public var status: VenueStatus
    /// Why the status is not `ok`; of a failed venue all measures are `nil`.
    public var reason: String?

    /// Dollars traded in the rolling day; `nil` if no instrument has a volume.
    public var volume: Double?
    /// Dollars of open interest, one side; `nil` if no instrument has any.
    public var openInterest: Double?
    /// Dollars traded in the rolling day by the instruments with open interest.
    public var matchedVolume: Double?
    /// `matchedVolume / volume`, 0 to 1.
    public var oiCoverage: Double?
    /// `openInterest / matchedVolume`: like with like.
    public var oiVolRatio: Double?
    /// Percent per eight hours, weighted as `fundingBasis` says; positive when longs pay.
    public var fundingRate: Double?
    public var fundingBasis: FundingBasis?
    /// Dollars: the sum of the weights taken.
    public var fundingWeight: Double?
    /// Share of `volume` in the instruments whose rate was used.
    public var fundingCoverage: Double?
    /// Percent against a day ago, weighted by volume, outliers clamped.
    public var priceChange: Double?
    /// Share of `volume` in the instruments whose change was used.
    public var priceCoverage: Double?
    /// Trading perpetuals.
    public var markets: Int
    /// Dated contracts and those that do not trade.
    public var otherMarkets: Int
    /// Trades in the rolling day; `nil` if no instrument has a count.
    public var numTrades: Int64?
    /// Of the reference BTC perpetual, percent per its own interval; only `seed-v1` uses it.
    public var seedFundingRate: Double?
    /// Of the reference BTC perpetual, percent against a day ago; only `seed-v1` uses it.
    public var seedPriceChange: Double?

    public init(
        hour: Hour, exchange: Exchange, status: VenueStatus, reason: String? = nil,
        volume: Double? = nil, openInterest: Double? = nil, matchedVolume: Double? = nil,
        oiCoverage: Double? = nil, oiVolRatio: Double? = nil, fundingRate: Double? = nil,
        fundingBasis: FundingBasis? = nil, fundingWeight: Double? = nil, fundingCoverage: Double? = nil,
        priceChange: Double? = nil, priceCoverage: Double? = nil, markets: Int = 0, otherMarkets: Int = 0,
        numTrades: Int64? = nil, seedFundingRate: Double? = nil, seedPriceChange: Double? = nil
    ) {
        self.hour = hour
        self.exchange = exchange
        self.status = status
        self.reason = reason
        self.volume = volume
        self.openInterest = openInterest
        self.matchedVolume = matchedVolume
        self.oiCoverage = oiCoverage
        self.oiVolRatio = oiVolRatio
        self.fundingRate = fundingRate
        self.fundingBasis = fundingBasis
        self.fundingWeight = fundingWeight
        self.fundingCoverage = fundingCoverage
        self.priceChange = priceChange
        self.priceCoverage = priceCoverage
        self.markets = markets
        self.otherMarkets = otherMarkets
        self.numTrades = numTrades
        self.seedFundingRate = seedFundingRate
        self.seedPriceChange = seedPriceChange
    }
}
