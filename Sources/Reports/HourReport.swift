import PerpCore

/// What one stored hour says: the market, its mood, its funding, its strategies, and how far to trust it.
public struct HourReport: Hashable, Sendable, Codable {
    public struct Summary: Hashable, Sendable, Codable {
        /// Dollars, rolling day; `nil` is unknown, here and below.
        public var volumeUSD: Double?
        public var openInterestUSD: Double?
        public var markets: Int
        /// Percent against a day ago.
        public var priceChange: Double?
        /// Percent against the hour a day ago (within one hour), over the exchanges that both hours have.
        public var volumeChange24h: Double?
        public var openInterestChange24h: Double?
        /// Exchanges that one of the two hours lacks; or why nothing can be compared.
        public var volumeComparedWithout: [String]
        public var openInterestComparedWithout: [String]
        public var notCompared: String?
        /// Dollars of the exchanges that reported.
        public var reportedVolumeUSD: Double?
        public var reportedOpenInterestUSD: Double?
        /// Dollars of absent exchanges' last figures in the totals, and the age of the oldest of them in hours.
        public var carriedVolumeUSD: Double?
        public var carriedOpenInterestUSD: Double?
        public var carriedAgeHours: Int?
        /// Exchanges without volume, and without their whole open interest, in this hour.
        public var volumeAbsent: [String]
        public var openInterestAbsent: [String]
        /// Of these, exchanges that have been away for so long that totals go on without them.
        public var totalsWithout: [String]
        public var oiVolRatio: Double?
    }

    public struct Sentiment: Hashable, Sendable, Codable {
        public struct Factor: Hashable, Sendable, Codable {
            public var name: String
            /// -1 to 1; `nil`: absent.
            public var score: Double?
            public var weight: Double
            /// 0 to 1: the share of its weight that it keeps.
            public var quality: Double?
        }

        /// -1 to 1; `nil` when the hour is insufficient.
        public var composite: Double?
        public var label: String?
        public var strength: String?
        public var confidence: Double?
        public var factors: [Factor]
    }

    public struct Funding: Hashable, Sendable, Codable {
        /// One venue, and its reference perpetual of BTC.
        public struct Venue: Hashable, Sendable, Codable {
            public var exchange: String
            /// Percent for 8 h.
            public var rate: Double?
            public var basis: String?
            /// Share of volume, 0 to 1.
            public var coverage: Double?
            /// Percent for 8 h and a year, on the contract's own interval.
            public var btcRate8h: Double?
            public var btcAPR: Double?
            public var btcIntervalHours: Double?
        }

        public struct Spread: Hashable, Sendable, Codable {
            public var asset: String
            public var short: String
            public var long: String
            /// Percent a year, after fees over the days held.
            public var netAPR: Double
            public var grossAPR: Double
            public var breakEvenDays: Double?
            public var capacityUSD: Double?
            /// Fractions of notional, paid at opening and at closing; and the days between.
            public var shortTakerFee: Double
            public var longTakerFee: Double
            public var holdDays: Double
        }

        /// Percent for 8 h.
        public var rate: Double?
        public var divergence: Double?
        public var venues: [Venue]
        /// The best ones that are not thin.
        public var spreads: [Spread]
    }

    public struct Structure: Hashable, Sendable, Codable {
        public struct Share: Hashable, Sendable, Codable {
            public var exchange: String
            public var share: Double
            /// `day trading`, `balanced`, `position holding`.
            public var style: String?
        }

        public struct Basis: Hashable, Sendable, Codable {
            public var asset: String
            /// Percent of spot: median, smallest and largest over the venues.
            public var median: Double
            public var smallest: Double
            public var largest: Double
            public var venues: Int
            public var structure: String
        }

        public var shares: [Share]
        /// Percent of the three largest venues, and on decentralized ones.
        public var top3: Double?
        public var dexPercent: Double?
        public var hhi: Double?
        public var concentration: String?
        public var bases: [Basis]
    }

    public struct Liquidations: Hashable, Sendable, Codable {
        public var windowHours: Int
        public var totalUSD: Double
        public var longUSD: Double
        public var shortUSD: Double
        public var isFloor: Bool
        /// Dollars that the reporting exchanges traded in the window, prorated from a rolling day, and the total over
        /// them.
        public var volumeUSD: Double?
        public var volumeShare: Double?
        public var reportingExchanges: Int
        public var score: Double?
        public var level: String?
        public var coverage: Double?
    }

    public struct Strategy: Hashable, Sendable, Codable {
        public var key: String
        public var title: String
        public var tier: Int
        public var confidence: Int
        public var direction: String
    }

    /// What was decided about a detection of the hour.
    public struct Alert: Hashable, Sendable, Codable {
        public var key: String
        public var confidence: Int
        public var decision: String

        public init(key: String, confidence: Int, decision: String) {
            self.key = key
            self.confidence = confidence
            self.decision = decision
        }
    }

    public struct Doubt: Hashable, Sendable, Codable {
        public var kind: String
        public var severity: String
        public var text: String
    }

    public struct Quality: Hashable, Sendable, Codable {
        public struct Venue: Hashable, Sendable, Codable {
            public var exchange: String
            public var status: String
            public var reason: String?
        }

        /// Share of the usual volume that reported, and weight of the evidence, 0 to 1.
        public var coverage: Double
        /// Share of the usual open interest that reported.
        public var openInterestCoverage: Double?
        /// Exchanges that were never loaded: their share is in no coverage.
        public var unknownExchanges: Int
        public var quality: Double?
        public var flags: [String]
        /// Those that are not ok.
        public var venues: [Venue]
        /// Values that cannot be true and were left out.
        public var findings: Int
    }

    public var hour: Hour
    public var model: String
    /// `ok` or `insufficient`.
    public var status: String
    public var venuesReporting: Int
    public var venuesEnabled: Int
    public var summary: Summary
    public var sentiment: Sentiment
    public var funding: Funding
    public var structure: Structure
    public var liquidations: [Liquidations]
    public var firing: [Strategy]
    /// The three that come nearest.
    public var nearest: [Strategy]
    public var alerts: [Alert]
    public var anomalies: [Doubt]
    public var quality: Quality
}
