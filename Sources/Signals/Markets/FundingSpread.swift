import PerpCore
import Sealing

/// A trade between two venues' perpetuals of one coin: short where funding is high, long where low.
public struct FundingSpread: Hashable, Sendable {
    /// One side of the trade.
    public struct Leg: Hashable, Sendable {
        public var exchange: Exchange
        public var symbol: String
        /// Percent a year, simple, on the leg's own interval; positive when longs pay.
        public var apr: Double
        /// Quote units a coin.
        public var price: Double?
        /// Dollars.
        public var openInterestUSD: Double?
        public var volumeUSD: Double
        /// Fraction of notional that a taker pays.
        public var takerFee: Double
        public var nextFundingAt: Timestamp?
        public var observedAt: Timestamp
        /// The mean APR of the settlements of the last 7 days, and their number.
        public var settled: SettledFunding?
    }

    public static let defaultHoldDays = 7.0
    static let neededSettlements = 15
    static let thinCapacity = 100_000.0

    public let asset: String
    public let short: Leg
    public let long: Leg
    public let holdDays: Double

    /// Percent a year between the two current rates.
    public var grossAPR: Double { short.apr - long.apr }
    /// Whether a side has too few settlements to say what persists.
    public var isNew: Bool {
        min(short.settled?.count ?? 0, long.settled?.count ?? 0) < Self.neededSettlements
    }
    /// The smaller of the gross rate and the mean of what was settled in 7 days.
    public var persistentAPR: Double {
        guard !isNew, let high = short.settled, let low = long.settled else { return grossAPR }
        return min(grossAPR, high.meanAPR - low.meanAPR)
    }
    /// Fraction of notional to open and close both legs.
    public var fees: Double { 2 * (short.takerFee + long.takerFee) }
    public var costs: TradeCosts {
        TradeCosts(shortFee: short.takerFee, longFee: long.takerFee, holdDays: holdDays)
    }
    /// The fees as percent a year over the days held.
    public var feeAPR: Double { 100 * fees * 365 / holdDays }
    /// Percent a year that is left after fees.
    public var netAPR: Double { persistentAPR - feeAPR }
    /// Days until funding has paid the fees; `nil` if it never does.
    public var breakEvenDays: Double? { persistentAPR > 0 ? 36_500 * fees / persistentAPR : nil }
    /// Dollars that are 1 % of open interest and 0.1 % of volume on both sides; `nil` if unknown.
    public var capacityUSD: Double? {
        guard let high = short.openInterestUSD, let low = long.openInterestUSD else { return nil }
        return min(0.01 * high, 0.01 * low, 0.001 * short.volumeUSD, 0.001 * long.volumeUSD)
    }
    /// Whether too little fits; such a trade does not count for the strategy.
    public var isThin: Bool { (capacityUSD ?? 0) < Self.thinCapacity }
    /// How far the short leg is above the long one, hundredths of a percent: a gain when positive.
    public var entryGapBps: Double? { ratio(short.price, long.price).map { 10_000 * ($0 - 1) } }
}

/// What an instrument's settlements of the last 7 days came to.
public struct SettledFunding: Hashable, Sendable {
    /// Percent a year, simple.
    public var meanAPR: Double
    public var count: Int

    public init(meanAPR: Double, count: Int) {
        self.meanAPR = meanAPR
        self.count = count
    }

    /// Of one instrument's settlements; those without an interval are left out, `nil` if none is left.
    public init?(_ settlements: [FundingSettlement]) {
        let rates = settlements.compactMap { settlement in
            settlement.fundingIntervalHours.map {
                FundingAPR.percent(rate: settlement.fundingRate, intervalHours: $0)
            }
        }
        guard let mean = mean(rates) else { return nil }
        self.init(meanAPR: mean, count: rates.count)
    }
}

/// A funding rate a year.
public enum FundingAPR {
    /// Percent, simple: `rate` is a fraction for each interval.
    public static func percent(rate: Double, intervalHours: Double) -> Double {
        100 * rate * 8760 / intervalHours
    }
}
