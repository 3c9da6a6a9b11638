import PerpCore

/// One venue's line of the funding table.
public struct FundingTableRow: Hashable, Sendable {
    /// The funding of one reference perpetual.
    public struct Reference: Hashable, Sendable {
        public var symbol: String
        /// Percent for each interval, as the venue prints it.
        public var rate: Double
        public var intervalHours: Double?
        /// Percent per eight hours, and percent a year; `nil` without an interval.
        public var rate8h: Double?
        public var apr: Double?
    }

    public enum Payer: String, Hashable, Sendable, CaseIterable {
        case longs = "longs pay"
        case shorts = "shorts pay"
        case neutral

        /// Of a rate in percent per eight hours; up to 0.01 is the interest that venues add.
        public init(rate8h: Double) { self = rate8h > 0.01 ? .longs : rate8h < 0 ? .shorts : .neutral }
    }

    public let exchange: Exchange
    /// Percent per eight hours, the venue's mean.
    public let fundingRate: Double
    public var payer: Payer { Payer(rate8h: fundingRate) }
    public let bitcoin: Reference?
    public let ether: Reference?
    /// The venue's part in the market's rate, 0 to 1.
    public let weight: Double?
    public let basis: FundingBasis?
    public let coverage: Double?
    /// Dollars that longs pay shorts in a day at the current rates; negative when shorts pay.
    public let spendUSDPerDay: Double

    /// The venues with a funding rate, in the order of `Exchange`.
    public static func rows(_ summary: HourSummary, venues: [GuardedVenue]) -> [FundingTableRow] {
        let ratio = summary.market(.v2)?.oiVolRatio
        let weights = summary.exchanges.map { MarketMeasures.fundingWeight(of: $0, oiVolRatio: ratio) }
        let total = Total.of(weights)
        return zip(summary.exchanges, weights).compactMap { row, weight in
            guard let rate = row.fundingRate, let venue = venues.first(where: { $0.exchange == row.exchange })
            else { return nil }
            return FundingTableRow(
                exchange: row.exchange, fundingRate: rate, bitcoin: reference("BTC", venue),
                ether: reference("ETH", venue), weight: Signals.ratio(weight, total),
                basis: row.fundingBasis, coverage: row.fundingCoverage, spendUSDPerDay: spend(venue))
        }
    }

    private static func reference(_ asset: String, _ venue: GuardedVenue) -> Reference? {
        guard let instrument = venue.reference(asset), let rate = instrument.ticker.fundingRate else {
            return nil
        }
        let hours = instrument.ticker.fundingIntervalHours
        return Reference(
            symbol: instrument.symbol, rate: 100 * rate, intervalHours: hours,
            rate8h: instrument.ticker.fundingRate8h.map { 100 * $0 },
            apr: hours.map { FundingAPR.percent(rate: rate, intervalHours: $0) })
    }

    private static func spend(_ venue: GuardedVenue) -> Double {
        venue.perpetuals.reduce(0) { sum, instrument in
            guard let rate = instrument.ticker.fundingRate8h, let dollars = instrument.ticker.openInterestUSD
            else { return sum }
            return sum + rate * 3 * dollars
        }
    }
}

/// What the dispersion of funding says about the venues.
public enum FundingAgreement: String, Hashable, Sendable, CaseIterable {
    case consensus = "CONSENSUS"
    case mixed = "MIXED"
    case divergent = "DIVERGENT"

    /// Of a divergence in percent.
    public init(divergence: Double) {
        self = divergence < 0.002 ? .consensus : divergence < 0.005 ? .mixed : .divergent
    }
}
