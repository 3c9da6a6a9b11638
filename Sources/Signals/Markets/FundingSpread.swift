import PerpCore
import Sealing

/// A trade between two exchanges' perpetuals of one coin: short where funding is high, long where low.
public struct FundingSpread: Hashable, Sendable {
    /// One side of the trade.
    public struct Leg: Hashable, Sendable {
        /// The exchange that lists the contract.
        public var exchange: Exchange
        /// The contract, as the exchange spells it.
        public var symbol: String
        /// Percent per year, simple, on the leg's own interval; positive when longs pay.
        public var apr: Double
        /// Quote units per coin; `nil` when unknown.
        public var price: Double?
        /// Dollars of open interest, one side; `nil` when unknown.
        public var openInterestUSD: Double?
        /// Dollars traded in the rolling day.
        public var volumeUSD: Double
        /// Fraction of notional that a taker pays.
        public var takerFee: Double
        /// The next settlement; `nil` when unknown.
        public var nextFundingAt: Timestamp?
        /// When the exchange observed the rate.
        public var observedAt: Timestamp
        /// The mean APR of the settlements of the last 7 days, and their number.
        public var settled: SettledFunding?
    }

    /// Days that a trade is held unless told otherwise.
    public static let defaultHoldDays = 7.0
    static let neededSettlements = 15
    static let thinCapacity = 100_000.0

    /// The canonical coin.
    public let asset: String
    /// The leg with the higher rate.
    public let short: Leg
    /// The leg with the lower rate.
    public let long: Leg
    /// Days after which both legs are closed.
    public let holdDays: Double

    /// Percent per year between the two current rates.
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
    /// The fees, and the days that share them.
    public var costs: TradeCosts {
        TradeCosts(shortFee: short.takerFee, longFee: long.takerFee, holdDays: holdDays)
    }
    /// The fees as percent per year over the days held.
    public var feeAPR: Double { 100 * fees * 365 / holdDays }
    /// Percent per year that is left after fees.
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
    /// How far the short leg is above the long one, in hundredths of a percent: a gain when positive; `nil` when a price
    /// is unknown.
    public var entryGapBps: Double? { ratio(short.price, long.price).map { 10_000 * ($0 - 1) } }
}

/// What an instrument's settlements of the last 7 days came to.
public struct SettledFunding: Hashable, Sendable {
    /// Percent per year, simple.
    public var meanAPR: Double
    /// Settlements in the mean.
    public var count: Int

    /// Takes percent per year and the number of settlements.
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

/// A funding rate per year.
public enum FundingAPR {
    /// Percent per year, not compounded; positive when longs pay.
    /// - Parameters:
    ///   - rate: a fraction of notional per interval.
    ///   - intervalHours: the hours between two settlements.
    public static func percent(rate: Double, intervalHours: Double) -> Double {
        100 * rate * 8760 / intervalHours
    }
}
