import PerpCore

/// What one stored hour says: the market, its mood, its funding, its strategies, and how far to trust it.
public struct HourReport: Hashable, Sendable, Codable {
    struct Summary: Hashable, Sendable, Codable {
        /// Dollars, rolling day; `nil` is unknown, here and below.
        var volumeUSD: Double?
        var openInterestUSD: Double?
        var markets: Int
        /// Percent against a day ago.
        var priceChange: Double?
        /// Percent against the hour a day ago (within one hour), over the exchanges that both hours have.
        var volumeChange24h: Double?
        var openInterestChange24h: Double?
        /// Exchanges that one of the two hours lacks; or why nothing can be compared.
        var volumeComparedWithout: [String]
        var openInterestComparedWithout: [String]
        var notCompared: String?
        /// Dollars of the exchanges that reported.
        var reportedVolumeUSD: Double?
        var reportedOpenInterestUSD: Double?
        /// Dollars of absent exchanges' last figures in the totals, and the age of the oldest of them in hours.
        var carriedVolumeUSD: Double?
        var carriedOpenInterestUSD: Double?
        var carriedAgeHours: Int?
        /// Exchanges without volume, and without their whole open interest, in this hour.
        var volumeAbsent: [String]
        var openInterestAbsent: [String]
        /// Of these, exchanges that have been away for so long that totals go on without them.
        var totalsWithout: [String]
        var oiVolRatio: Double?
    }

    struct Sentiment: Hashable, Sendable, Codable {
        struct Factor: Hashable, Sendable, Codable {
            var name: String
            /// -1 to 1; `nil`: absent.
            var score: Double?
            var weight: Double
            /// 0 to 1: the share of its weight that it keeps.
            var quality: Double?
        }

        /// -1 to 1; `nil` when the hour is insufficient.
        var composite: Double?
        var label: String?
        var strength: String?
        var confidence: Double?
        var factors: [Factor]
    }

    struct Funding: Hashable, Sendable, Codable {
        /// One exchange, and its reference perpetual of BTC.
        struct ExchangeFunding: Hashable, Sendable, Codable {
            var exchange: String
            /// Percent for 8 h.
            var rate: Double?
            var basis: String?
            /// Share of volume, 0 to 1.
            var coverage: Double?
            /// Percent for 8 h and a year, on the contract's own interval.
            var btcRate8h: Double?
            var btcAPR: Double?
            var btcIntervalHours: Double?
        }

        struct Spread: Hashable, Sendable, Codable {
            var asset: String
            var short: String
            var long: String
            /// Percent per year, after fees over the days held.
            var netAPR: Double
            var grossAPR: Double
            var breakEvenDays: Double?
            var capacityUSD: Double?
            /// Fractions of notional, paid at opening and at closing; and the days between.
            var shortTakerFee: Double
            var longTakerFee: Double
            var holdDays: Double
        }

        /// Percent for 8 h.
        var rate: Double?
        var divergence: Double?
        var venues: [ExchangeFunding]
        /// The best ones that are not thin.
        var spreads: [Spread]
    }

    /// A contract whose interval of funding is another one than before.
    struct IntervalChange: Hashable, Sendable, Codable {
        var exchange: String
        var symbol: String
        var asset: String
        /// The first hour of which it is known, `2025-10-23T16`.
        var hour: String
        var previousHours: Double
        var hours: Double
        /// `instrument`: a list of that hour states it; `settlements`: they prove it, perhaps learnt later.
        var evidence: String
        /// Percent per interval, for 8 h and a year; `nil` is unknown.
        var previousRate: Double?
        var previousRate8h: Double?
        var previousAPR: Double?
        var rate: Double?
        var rate8h: Double?
        var apr: Double?
        /// Dollars, rolling day.
        var volumeUSD: Double?
        /// All of it as a sentence.
        var text: String
    }

    /// What the next settlement of an exchange's perpetual is forecast to be.
    struct Forecast: Hashable, Sendable, Codable {
        var asset: String
        var exchange: String
        var symbol: String
        /// `2025-10-23T16:00:00.000Z`
        var settlesAt: String
        /// Hours from the hour of the report.
        var leadHours: Int
        var intervalHours: Int
        /// Percent per interval; positive: longs pay. The interval holds at least 80 % of outcomes, by `pastErrors`.
        var rate: Double
        var low: Double?
        var high: Double?
        /// What the exchange shows, and what settled last.
        var displayed: Double?
        var lastSettled: Double?
        /// `model`, `displayed`, `samples`, `habit` or `last`.
        var method: String
        var pastErrors: Int
        /// Percent of the settlements of the next eight hours together.
        var next8h: Double?
        var flags: [String]
    }

    struct Structure: Hashable, Sendable, Codable {
        struct Share: Hashable, Sendable, Codable {
            var exchange: String
            var share: Double
            /// `day trading`, `balanced`, `position holding`.
            var style: String?
        }

        struct Basis: Hashable, Sendable, Codable {
            var asset: String
            /// Percent of spot: median, smallest and largest over the exchanges.
            var median: Double
            var smallest: Double
            var largest: Double
            var venues: Int
            var structure: String
        }

        var shares: [Share]
        /// Percent of the three largest exchanges, and on decentralized ones.
        var top3: Double?
        var dexPercent: Double?
        var hhi: Double?
        var concentration: String?
        var bases: [Basis]
    }

    struct Liquidations: Hashable, Sendable, Codable {
        var windowHours: Int
        var totalUSD: Double
        var longUSD: Double
        var shortUSD: Double
        var isFloor: Bool
        /// Dollars that the reporting exchanges traded in the window, prorated from a rolling day, and the total over
        /// them.
        var volumeUSD: Double?
        var volumeShare: Double?
        var reportingExchanges: Int
        var score: Double?
        var level: String?
        var coverage: Double?
    }

    struct Detected: Hashable, Sendable, Codable {
        var key: String
        var title: String
        var tier: Int
        var confidence: Int
        var direction: String
    }

    /// What was decided about a detection of the hour.
    public struct Told: Hashable, Sendable, Codable {
        var key: String
        var confidence: Int
        var decision: String

        /// Takes a decision as the table `alert` stores it.
        public init(key: String, confidence: Int, decision: String) {
            self.key = key
            self.confidence = confidence
            self.decision = decision
        }
    }

    struct Doubt: Hashable, Sendable, Codable {
        var kind: String
        var severity: String
        var text: String
    }

    struct Quality: Hashable, Sendable, Codable {
        struct ExchangeQuality: Hashable, Sendable, Codable {
            var exchange: String
            var status: String
            var reason: String?
        }

        /// Trading perpetuals of an exchange whose open interest has no value in dollars, since their quote is none.
        struct MarketsWithoutDollars: Hashable, Sendable, Codable {
            var exchange: String
            var markets: Int
            /// All trading perpetuals of the exchange.
            var ofMarkets: Int
            /// What they are priced in, sorted.
            var quotes: [String]
        }

        /// Share of the usual volume that reported, and weight of the evidence, 0 to 1.
        var coverage: Double
        /// Share of the usual open interest that reported.
        var openInterestCoverage: Double?
        /// Exchanges that were never loaded: their share is in no coverage.
        var unknownExchanges: Int
        var quality: Double?
        var flags: [String]
        /// Those that are not ok.
        var venues: [ExchangeQuality]
        /// Exchanges without such markets are left out.
        var marketsWithoutDollars: [MarketsWithoutDollars]
        /// Values that cannot be true and were left out.
        var findings: Int
    }

    var hour: Hour
    var model: String
    /// `ok` or `insufficient`.
    var status: String
    var venuesReporting: Int
    var venuesEnabled: Int
    var summary: Summary
    var sentiment: Sentiment
    /// Trends and volatility; `nil` where nothing is stored of them.
    var course: Course?
    var funding: Funding
    /// Of the last day, those with the most volume first.
    var intervalChanges: [IntervalChange]
    /// Of BTC and ETH, by exchange; `nil` where it was not read.
    var forecasts: [Forecast]?
    var structure: Structure
    var liquidations: [Liquidations]
    /// The closed hour before `hour`, exchange by exchange; `nil` where it was not read.
    var liquidationVenues: [LiquidationReport.ExchangeLiquidations]?
    /// How the open interest splits by how much of the closed hour's liquidations is told; `nil` when nothing is told.
    var openInterestSplit: CoverageSplit?
    var firing: [Detected]
    /// The three that come nearest.
    var nearest: [Detected]
    var alerts: [Told]
    /// What came of the alerts so far; `nil` where it was not read.
    var record: AlertRecord?
    var anomalies: [Doubt]
    var quality: Quality
}
