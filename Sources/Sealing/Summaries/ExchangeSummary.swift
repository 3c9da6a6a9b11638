import PerpCore

/// The weights that an exchange's mean funding rate was taken with.
public enum FundingBasis: String, Hashable, Sendable, CaseIterable {
    case openInterest = "oi"
    case volume
}

/// One exchange at one hour: the row of `exchange_summary`. Sums run over its trading perpetuals.
public struct ExchangeSummary: Hashable, Sendable {
    /// The hour that the row belongs to, in UTC.
    public var hour: Hour
    /// The exchange that the row is about.
    public var exchange: Exchange
    /// How the hour of the exchange went.
    public var status: ExchangeStatus
    /// Why the status is not `ok`; of a failed exchange all measures are `nil`.
    public var reason: String?

    /// Dollars traded in the rolling day; `nil` if no instrument has a volume.
    public var volumeUSD: Double?
    /// Dollars of open interest, one side; `nil` if no instrument has any.
    public var openInterestUSD: Double?
    /// Dollars traded in the rolling day by the instruments with open interest.
    public var matchedVolumeUSD: Double?
    /// `matchedVolumeUSD / volumeUSD`, 0 to 1.
    public var openInterestCoverage: Double?
    /// `openInterestUSD / matchedVolumeUSD`, a ratio of figures of the same instruments.
    public var openInterestToVolume: Double?
    /// Percent per eight hours, weighted as `fundingBasis` says; positive when longs pay.
    public var fundingPercent8h: Double?
    /// What the funding mean was weighted by; `nil` without a mean.
    public var fundingBasis: FundingBasis?
    /// Dollars: the sum of the weights taken.
    public var fundingWeightUSD: Double?
    /// Share of `volumeUSD` in the instruments whose rate was used, 0 to 1.
    public var fundingCoverage: Double?
    /// Percent against a day ago, weighted by volume, outliers clamped.
    public var priceChangePercent: Double?
    /// Share of `volumeUSD` in the instruments whose change was used, 0 to 1.
    public var priceCoverage: Double?
    /// Trading perpetuals on coins.
    public var markets: Int
    /// Other classes of assets, dated contracts and those that do not trade.
    public var otherMarkets: Int
    /// Trades in the rolling day; `nil` if no instrument has a count.
    public var tradeCount: Int64?
    /// Of the reference BTC perpetual, percent per its own interval; only `seed-v1` uses it.
    public var seedFundingPercent: Double?
    /// Of the reference BTC perpetual, percent against a day ago; only `seed-v1` uses it.
    public var seedPriceChangePercent: Double?

    /// Whether the figures count coins only: they are compared with such figures alone.
    public var knowsClasses: Bool
    /// Dollars: the median of the last 168 stored hours of 30 days, or else what it was before them; `nil` when the
    /// exchange was never loaded.
    public var usualVolumeUSD: Double?
    /// Dollars of open interest: the same median; `nil` when the exchange was never loaded.
    public var usualOpenInterestUSD: Double?
    /// Trading perpetuals on coins with a volume above 0.
    public var volumeMarkets: Int
    /// Trading perpetuals on coins with open interest above 0.
    public var openInterestMarkets: Int
    /// The contracts that each have at least 5 % of the volume: their symbols with a space between them.
    public var volumeLeaders: String
    /// The same for open interest.
    public var openInterestLeaders: String
    /// Whether the volume is that of as many contracts as in the hours before, and of the same large ones.
    public var isVolumeWhole: Bool
    /// Whether the open interest is that of as many contracts, by number and by volume, as in the hours before, and of
    /// the same large ones.
    public var isOpenInterestWhole: Bool
    /// Why the exchange is absent; `nil` where it is there.
    public var cause: String?
    /// The first hour of its absence.
    public var absentSince: Hour?
    /// The first hour in which it was absent because it does not serve us, or is not asked.
    public var blockedSince: Hour?
    /// The fields of tickers that nearly all of them have.
    public var filledFields: TickerFields
    /// Fraction of BTC accounts that are long, 0 to 1.
    public var longFractionBTC: Double?
    /// Fraction of ETH accounts that are long, 0 to 1.
    public var longFractionETH: Double?

    /// Takes one column per argument; what is left out is unknown or zero.
    public init(
        hour: Hour, exchange: Exchange, status: ExchangeStatus, reason: String? = nil,
        volumeUSD: Double? = nil, openInterestUSD: Double? = nil, matchedVolumeUSD: Double? = nil,
        openInterestCoverage: Double? = nil, openInterestToVolume: Double? = nil, fundingPercent8h: Double? = nil,
        fundingBasis: FundingBasis? = nil, fundingWeightUSD: Double? = nil, fundingCoverage: Double? = nil,
        priceChangePercent: Double? = nil, priceCoverage: Double? = nil, markets: Int = 0, otherMarkets: Int = 0,
        tradeCount: Int64? = nil, seedFundingPercent: Double? = nil, seedPriceChangePercent: Double? = nil,
        knowsClasses: Bool = true, usualVolumeUSD: Double? = nil, usualOpenInterestUSD: Double? = nil,
        volumeMarkets: Int = 0, openInterestMarkets: Int = 0, volumeLeaders: String = "",
        openInterestLeaders: String = "", isVolumeWhole: Bool = true,
        isOpenInterestWhole: Bool = true, cause: String? = nil, absentSince: Hour? = nil, blockedSince: Hour? = nil,
        filledFields: TickerFields = [], longFractionBTC: Double? = nil, longFractionETH: Double? = nil
    ) {
        self.hour = hour
        self.exchange = exchange
        self.status = status
        self.reason = reason
        self.volumeUSD = volumeUSD
        self.openInterestUSD = openInterestUSD
        self.matchedVolumeUSD = matchedVolumeUSD
        self.openInterestCoverage = openInterestCoverage
        self.openInterestToVolume = openInterestToVolume
        self.fundingPercent8h = fundingPercent8h
        self.fundingBasis = fundingBasis
        self.fundingWeightUSD = fundingWeightUSD
        self.fundingCoverage = fundingCoverage
        self.priceChangePercent = priceChangePercent
        self.priceCoverage = priceCoverage
        self.markets = markets
        self.otherMarkets = otherMarkets
        self.tradeCount = tradeCount
        self.seedFundingPercent = seedFundingPercent
        self.seedPriceChangePercent = seedPriceChangePercent
        self.knowsClasses = knowsClasses
        self.usualVolumeUSD = usualVolumeUSD
        self.usualOpenInterestUSD = usualOpenInterestUSD
        self.volumeMarkets = volumeMarkets
        self.openInterestMarkets = openInterestMarkets
        self.volumeLeaders = volumeLeaders
        self.openInterestLeaders = openInterestLeaders
        self.isVolumeWhole = isVolumeWhole
        self.isOpenInterestWhole = isOpenInterestWhole
        self.cause = cause
        self.absentSince = absentSince
        self.blockedSince = blockedSince
        self.filledFields = filledFields
        self.longFractionBTC = longFractionBTC
        self.longFractionETH = longFractionETH
    }
}

extension ExchangeSummary {
    /// After so many hours of being blocked, or without ever a response, an exchange no longer holds the market back.
    static let hoursInGates = 24

    /// Whether the exchange was ever loaded: in this hour, or before, and then something is usual of it.
    var wasLoaded: Bool { status != .failed || usualVolumeUSD != nil || usualOpenInterestUSD != nil }

    /// Whether the exchange has its part in what makes an hour sufficient.
    ///
    /// Who does not serve us, is not asked or never answered leaves after a day; who is merely down does not.
    public var isInGates: Bool {
        guard status == .failed else { return true }
        guard let since = wasLoaded ? blockedSince : absentSince else { return true }
        return since.distance(to: hour) < Self.hoursInGates
    }
}

extension ExchangeSummary {
    /// For so many hours an absence is a hole; then the market without the exchange is the measure.
    public static let freshHours = 6

    /// Dollars of volume where they are whole; else `nil`, since a part can be compared with nothing.
    public var wholeVolumeUSD: Double? { isVolumeWhole ? volumeUSD : nil }
    /// Dollars of open interest where they are whole; else `nil`.
    public var wholeOpenInterestUSD: Double? { isOpenInterestWhole ? openInterestUSD : nil }

    /// Whether the exchange told of its volume in earlier hours, and not of all of it in this one.
    public var lacksVolume: Bool { wholeVolumeUSD == nil && usualVolumeUSD != nil }
    /// Whether the exchange told of its open interest in earlier hours, and not of all of it in this one.
    public var lacksOpenInterest: Bool { wholeOpenInterestUSD == nil && usualOpenInterestUSD != nil }

    /// How many hours old a figure may be that stands in for one that is missing.
    public static let standInHours = 6

    /// Dollars of a rolling day that shares are taken of: what is usual, where a part of the contracts told less.
    public var volumeUSDForShares: Double? {
        volumeUSD.map { isVolumeWhole ? $0 : max($0, usualVolumeUSD ?? 0) }
    }

    /// Dollars traded in a window of `hours`, of which the exchange reported a share: a part of the rolling day's.
    package func proratedVolumeUSD(hours: Int, reportedShare: Double) -> Double? {
        volumeUSDForShares.map { $0 * Double(hours) / 24 * reportedShare }
    }

    /// Dollars of an exchange's open interest for a window, and whether they were imputed from its volume.
    ///
    /// The whole figure at the window's start, else the whole figure now, else the usual one, else a partial one, else
    /// its volume times the market's open interest over volume: an absent exchange's part of the market is still a part.
    package static func openInterestOfWindow(
        start: ExchangeSummary?, now: ExchangeSummary?, openInterestToVolume: Double?
    ) -> (value: Double?, isImputed: Bool) {
        if let known = start?.wholeOpenInterestUSD ?? now?.wholeOpenInterestUSD ?? now?.usualOpenInterestUSD
            ?? start?.openInterestUSD ?? now?.openInterestUSD
        {
            return (known, false)
        }
        guard let openInterestToVolume, let volumeUSD = now?.volumeUSD else { return (nil, false) }
        return (openInterestToVolume * volumeUSD, true)
    }

    /// The share of contracts that is about as many.
    private static let sameShare = 0.9

    /// Whether two numbers of contracts are of about the same ones: one less is, and so is a tenth. 0 is not known.
    public static func areSame(markets: Int, _ others: Int) -> Bool {
        let (few, many) = (min(markets, others), max(markets, others))
        return few == 0 || many - few < 2 || Double(few) >= sameShare * Double(many)
    }

    /// Whether the exchange told all that it told in its last stored hours.
    /// - Parameter history: the hours before this row's.
    public func isWhole(after history: History) -> Bool {
        status != .failed && isVolumeWhole && isOpenInterestWhole && lostFields(after: history).isEmpty
    }

    /// Whether something of the exchange is missing that was there some hours ago.
    /// - Parameter history: the hours before this row's.
    public func hasFreshHole(after history: History) -> Bool {
        guard isInGates, !isWhole(after: history) else { return false }
        return absentSince.map { $0.distance(to: hour) < Self.freshHours } ?? true
    }

    /// The fields that nearly all tickers of one of its last six stored hours had, and not so many have now: a hole is
    /// not the measure of the hour behind it.
    private func lostFields(after history: History) -> TickerFields {
        fieldsBefore(history, hours: Self.freshHours).subtracting(filledFields)
    }

    /// The fields that nearly all tickers had in one of the last `hours` stored hours within a week.
    func fieldsBefore(_ history: History, hours: Int) -> TickerFields {
        let exchange = exchange
        return history.recent(hours, within: History.usualHours, before: hour) { past in
            past.pointee.filledFields(of: exchange)
        }.reduce(into: TickerFields()) { $0.formUnion($1) }
    }
}

/// Fields of tickers, as a set.
public struct TickerFields: OptionSet, Hashable, Sendable {
    /// Bit `n` is the field at index `n` of `all`.
    public let rawValue: Int

    /// Takes the stored bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The fields that exchanges fill, by their bits.
    public static let all: [(name: String, field: TickerFields)] = [
        "last_price", "mark_price", "index_price", "bid_price", "ask_price", "volume_usd_24h", "open_interest_usd",
        "funding_rate", "price_change_24h",
    ].enumerated().map { ($1, TickerFields(rawValue: 1 << $0)) }

    /// The names of the fields in the set, as tables spell them.
    public var names: [String] { Self.all.filter { contains($0.field) }.map(\.name) }
}

/// Trading perpetuals of one class of assets on an exchange, those that others run apart: the row of
/// `exchange_class_summary`.
public struct ClassSummary: Hashable, Sendable {
    /// The exchange that lists the markets.
    public var exchange: Exchange
    /// The class of the assets.
    public var assetClass: AssetClass
    /// Whether the exchange itself lists the markets, as `Instrument.isCore`.
    public var isCore: Bool
    /// How many trading perpetuals are of the class.
    public var markets: Int
    /// Dollars traded in the rolling day; `nil` if no market has a volume.
    public var volumeUSD: Double?
    /// Dollars of open interest, one side; `nil` if no market has any.
    public var openInterestUSD: Double?

    /// Takes totals in dollars; `nil` when unknown.
    public init(
        exchange: Exchange, assetClass: AssetClass, isCore: Bool = true, markets: Int, volumeUSD: Double?,
        openInterestUSD: Double?
    ) {
        self.exchange = exchange
        self.assetClass = assetClass
        self.isCore = isCore
        self.markets = markets
        self.volumeUSD = volumeUSD
        self.openInterestUSD = openInterestUSD
    }
}
