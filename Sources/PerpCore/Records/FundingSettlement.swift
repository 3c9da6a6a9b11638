/// A funding rate that longs and shorts settled.
public struct FundingSettlement: Hashable, Sendable {
    public var symbol: String
    public var asset: String
    /// The settlement time that the venue states, floored to the minute.
    public var settledAt: Timestamp
    /// Fraction of notional for one interval; positive when longs paid shorts.
    public var fundingRate: Double
    /// Hours of the period that the rate covers; `nil` where the answers do not show it.
    public var fundingIntervalHours: Double?

    public init(
        symbol: String, asset: String, settledAt: Timestamp, fundingRate: Double,
        fundingIntervalHours: Double? = nil
    ) {
        self.symbol = symbol
        self.asset = asset
        self.settledAt = settledAt
        self.fundingRate = fundingRate
        self.fundingIntervalHours = fundingIntervalHours
    }
}

extension FundingSettlement {
    /// Lengths of periods that exchanges settle, in hours.
    public static let periods = [1, 2, 4, 8, 12, 24]

    /// Hours of the period between two settlements that follow each other; `nil` where no exchange has such a period:
    /// one between them is then missing.
    public static func intervalHours(from earlier: Timestamp, to later: Timestamp) -> Double? {
        let distance = later.milliseconds - earlier.milliseconds
        let hours = periods.first { abs(distance - Int64($0) * Hour.milliseconds) <= 60_000 }
        return hours.map(Double.init)
    }
}
