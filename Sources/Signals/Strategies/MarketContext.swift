import PerpCore
import Sealing
import Trends

/// Everything that a detector may look at in one hour. `nil` is unknown.
public struct MarketContext: Hashable, Sendable {
    /// The liquidations of the last hour.
    public struct Cascade: Hashable, Sendable {
        /// The cascade score, 0 to 1; `nil` without evidence.
        public var score: Double?
        /// Liquidations over the volume of the reporting exchanges in that hour; under the seed-v1 rules, over that of the
        /// market in a day.
        public var volumeShare: Double?
        /// Exchanges whose liquidations are seen.
        public var reportingExchanges: Int
        /// Dollars of longs that were closed by force.
        public var longUSD: Double
        /// Dollars of shorts that were closed by force.
        public var shortUSD: Double
        /// Share of open interest whose liquidations are seen, 0 to 1.
        public var coverage: Double?
        /// Whether the dollars are a lower bound.
        public var isFloor: Bool
        /// The assets with the most dollars, the largest first; empty where they are not told apart.
        public var largest: [AssetLiquidations] = []

        /// Takes dollars, and shares of 0 to 1.
        public init(
            score: Double?, volumeShare: Double?, reportingExchanges: Int = 0, longUSD: Double, shortUSD: Double,
            coverage: Double? = nil, isFloor: Bool = false
        ) {
            self.score = score
            self.volumeShare = volumeShare
            self.reportingExchanges = reportingExchanges
            self.longUSD = longUSD
            self.shortUSD = shortUSD
            self.coverage = coverage
            self.isFloor = isFloor
        }

        /// Dollars of longs and shorts.
        public var totalUSD: Double { longUSD + shortUSD }
    }

    /// What was closed by force of one asset.
    public struct AssetLiquidations: Hashable, Sendable {
        /// The canonical coin.
        public var asset: String
        /// Dollars of longs and shorts.
        public var totalUSD: Double

        /// Takes dollars.
        public init(asset: String, totalUSD: Double) {
            self.asset = asset
            self.totalUSD = totalUSD
        }
    }

    /// The basis of one exchange, percent, with its id.
    public struct ExchangeBasis: Hashable, Sendable {
        /// The id of the exchange.
        public var exchangeID: String
        /// The canonical coin.
        public var asset: String
        /// Percent of the spot price; positive when the perpetual is above.
        public var percent: Double
        /// Percent per eight hours; `nil` is unknown.
        public var fundingPercent8h: Double?
        /// The perpetual, as the exchange spells it; `nil` where there is no spot market.
        public var perpetual: String?
        /// The spot market, as the exchange spells it; `nil` where there is none.
        public var spot: String?
        /// Dollars that the perpetual traded in the rolling day; `nil` is unknown.
        public var perpetualVolumeUSD: Double?

        /// The name people read.
        public var exchangeName: String { Exchange.displayName(id: exchangeID) }

        /// Takes a basis in percent, and funding in percent per eight hours.
        public init(exchangeID: String, asset: String, percent: Double, fundingPercent8h: Double? = nil) {
            self.exchangeID = exchangeID
            self.asset = asset
            self.percent = percent
            self.fundingPercent8h = fundingPercent8h
        }
    }

    /// The hour that is looked at, in UTC.
    public var hour: Hour
    /// When the liquidations were looked at, where that is later than the hour; else `nil`.
    public var liveAt: Timestamp?
    /// The model whose figures these are.
    public var model: SentimentModel
    /// `MARKET`, or the coin that the spreads and bases are narrowed to.
    public var scope = Detection.market
    /// Share of the usual volume that reported, 0 to 1.
    public var coverage = 1.0
    /// Exchanges that are expected and were never loaded: their share is in no coverage.
    public var exchangesUnknown = 0
    /// Weight of evidence behind the score, 0 to 1; `nil` when unknown.
    public var quality: Double? = 1
    /// Exchanges that reported tickers.
    public var exchangesReporting = 0
    /// Exchanges that are enabled, or were loaded before.
    public var exchangesEnabled = 0

    /// s: the composite, -1 to 1.
    public var composite: Double?
    /// F: the funding rate, in percent per eight hours; positive when longs pay. Under the seed-v1 rules per interval.
    public var fundingPercent: Double?
    /// f: the score of the funding factor, -1 to 1.
    public var fundingScore: Double?
    /// P: the price change, in percent against a day ago.
    public var priceChangePercent: Double?
    /// p: the score of the price factor, -1 to 1.
    public var priceScore: Double?
    /// C: open interest over volume, a ratio.
    public var openInterestToVolume: Double?
    /// D: how far the exchanges' funding rates lie apart, in percent.
    public var divergencePercent: Double?
    /// L: the fraction of accounts that are long, 0 to 1.
    public var longFraction: Double?
    /// V: dollars traded in the rolling day; `nil` when the volume of an exchange is missing.
    public var volumeUSD: Double?
    /// The median of `volumeUSD` over 30 days; `nil` with less than a week.
    public var usualVolumeUSD: Double?
    /// g: logarithmic growth of open interest in a day, price taken out.
    public var openInterestGrowth24h: Double?
    /// Whether the composite has stayed on one side; `nil` is unknown.
    public var sustained: SustainedHour?
    /// Trends and volatility; all unknown until they are set.
    public var trend = TrendContext()
    /// Best net rate first.
    public var fundingTrades: [FundingTrade] = []
    /// The basis per exchange and coin.
    public var bases: [ExchangeBasis] = []
    /// How far the mark price is above the exchange's own index, per exchange that has no spot market beside it.
    public var indexBases: [ExchangeBasis] = []
    /// Contracts whose interval of funding is another one since this hour, those with the most volume first.
    public var intervalChanges: [FundingIntervalChange] = []
    /// The liquidations of the last hour; `nil` when no exchange reported.
    public var cascade: Cascade?

    /// Takes the hour and the model; everything else is unknown until it is set.
    public init(hour: Hour, model: SentimentModel) {
        self.hour = hour
        self.model = model
    }

    /// L in percent, 0 to 100.
    var longPercent: Double? { longFraction.map { 100 * $0 } }
    /// g in percent, logarithmic.
    var openInterestGrowthPercent24h: Double? { openInterestGrowth24h.map { 100 * $0 } }

    /// The last line of every message.
    var sourceLine: String {
        let share = exchangesUnknown == 0 ? "" : " (share of \(exchangesUnknown) unknown)"
        let time = liveAt.map { "Live at \($0.clock) UTC; all but the liquidations is of \(hour.spoken)" }
        return "\(time ?? "\(hour.spoken) UTC"), model \(model.rawValue), "
            + "\(exchangesReporting) of \(exchangesEnabled) exchanges, "
            + "coverage \(Phrases.plainPercent(100 * coverage, 0))\(share)"
    }

    /// The bases of one coin.
    func bases(of asset: String) -> [ExchangeBasis] { bases.filter { $0.asset == asset } }

    /// This context; for a strategy about one coin one context per coin that has rows.
    func scopes(of strategy: Strategy) -> [MarketContext] {
        guard strategy.isAboutOneAsset else { return [self] }
        let trades = Dictionary(grouping: fundingTrades, by: \.asset)
        let bases = Dictionary(grouping: bases, by: \.asset)
        let assets = strategy == .fundingArbitrage ? Set(trades.keys) : Set(bases.keys)
        return assets.sorted().map { asset in
            var context = self
            context.scope = asset
            context.fundingTrades = trades[asset] ?? []
            context.bases = bases[asset] ?? []
            context.trend.forecastSpread8h = context.fundingTrades.first?.forecastSpread8h
            return context
        }
    }
}

/// A funding trade as a detector sees it: short where funding is high, long where it is low.
public struct FundingTrade: Hashable, Sendable {
    /// The canonical coin.
    public var asset: String
    /// The id of the exchange with the higher rate.
    public var shortExchangeID: String
    /// The id of the exchange with the lower rate.
    public var longExchangeID: String
    /// Percent per year after fees; under the seed-v1 rules, before them.
    public var netAPR: Double
    /// Days until funding has paid the fees; `nil` if it never does.
    public var breakEvenDays: Double?
    /// Dollars that fit without moving either side; `nil` is unknown.
    public var capacityUSD: Double?
    /// What `netAPR` is after; `nil` under the seed-v1 rules.
    public var costs: TradeCosts?
    /// The funding that is forecast for the next eight hours on the short side less that on the long side, a fraction;
    /// `nil` when either is unknown.
    public var forecastSpread8h: Double?
    /// The contracts of both sides; `nil` under the seed-v1 rules.
    public var legs: TradeLegs?

    /// Takes percent per year, days and dollars.
    public init(
        asset: String, shortExchangeID: String, longExchangeID: String, netAPR: Double, breakEvenDays: Double? = nil,
        capacityUSD: Double? = nil, costs: TradeCosts? = nil
    ) {
        self.asset = asset
        self.shortExchangeID = shortExchangeID
        self.longExchangeID = longExchangeID
        self.netAPR = netAPR
        self.breakEvenDays = breakEvenDays
        self.capacityUSD = capacityUSD
        self.costs = costs
    }

    /// `short Gate.io / long HyperLiquid`
    public var sides: String {
        "short \(Exchange.displayName(id: shortExchangeID)) / long \(Exchange.displayName(id: longExchangeID))"
    }

    /// `Short Gate.io / long HyperLiquid BTC: net +29.98 % a year before fees.`
    var sentence: String { "S\(sides.dropFirst()) \(asset.printable): \(yield)." }

    /// `net +29.98 % a year after fees of 0.055% + 0.050% per leg, held 7 d`
    public var yield: String {
        let rate = "\(Phrases.percent(netAPR, 2)) a year"
        return costs.map { "net \(rate) \($0.words)" } ?? "\(rate) before fees"
    }
}
