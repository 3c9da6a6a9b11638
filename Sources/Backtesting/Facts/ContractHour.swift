import PerpCore

/// What is stored of a contract at an hour.
public struct ContractHour: Hashable, Sendable {
    /// The hour of the row.
    public var hour: Hour
    /// The mark price; for a spot market the middle of bid and ask. Quote units per coin, above zero.
    public var markPrice: Double
    /// The best bid; `nil` when unknown.
    public var bidPrice: Double?
    /// The best ask; `nil` when unknown.
    public var askPrice: Double?
    /// When the exchange observed the prices. Rows of a contract ascend by it as they do by hour.
    public var observedAt: Timestamp
    /// Dollars traded in the rolling day; `nil` when unknown.
    public var volumeUSD24h: Double?
    /// The displayed rate for the running interval, positive when longs will pay; `nil` when unknown.
    public var fundingRate: Double?
    /// The next settlement; `nil` when unknown.
    public var nextFundingAt: Timestamp?
    /// Hours between settlements; `nil` when unknown.
    public var fundingIntervalHours: Double?

    /// Takes a row; what is left out is unknown.
    public init(
        hour: Hour, markPrice: Double, bidPrice: Double? = nil, askPrice: Double? = nil, observedAt: Timestamp,
        volumeUSD24h: Double? = nil, fundingRate: Double? = nil, nextFundingAt: Timestamp? = nil,
        fundingIntervalHours: Double? = nil
    ) {
        self.hour = hour
        self.markPrice = markPrice
        self.bidPrice = bidPrice
        self.askPrice = askPrice
        self.observedAt = observedAt
        self.volumeUSD24h = volumeUSD24h
        self.fundingRate = fundingRate
        self.nextFundingAt = nextFundingAt
        self.fundingIntervalHours = fundingIntervalHours
    }

    /// Half of the distance between bid and ask, a fraction of their middle; `nil` when unknown, crossed or wider than
    /// half a percent.
    var halfSpread: Double? {
        guard let bidPrice, let askPrice, bidPrice > 0 else { return nil }
        let half = (askPrice - bidPrice) / (askPrice + bidPrice)
        return (0...0.005).contains(half) ? half : nil
    }

    /// The displayed rate in a simple fraction a year; `nil` when it or its interval is unknown.
    var displayedRateOfYear: Double? {
        guard let fundingRate, let fundingIntervalHours, fundingIntervalHours > 0 else { return nil }
        return fundingRate * 8760 / fundingIntervalHours
    }
}
