/// A funding rate that longs and shorts settled.
public struct FundingSettlement: Hashable, Sendable {
    public var symbol: String
    public var asset: String
    /// The settlement time that the venue states, floored to the minute.
    public var settledAt: Timestamp
    /// Fraction of notional for one interval; positive when longs paid shorts.
    public var fundingRate: Double
    /// Hours between settlements; `nil` when the answers do not say.
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
