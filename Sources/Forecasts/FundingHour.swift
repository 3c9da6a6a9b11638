import PerpCore

/// What an hour tells of one contract.
public struct FundingHour: Hashable, Sendable {
    /// The stored hour, in UTC.
    public var hour: Hour
    /// The time of the ticker.
    public var observedAt: Timestamp
    /// The price that positions are margined on; `nil` when unknown.
    public var mark: Double?
    /// The price of the underlying; `nil` when unknown.
    public var index: Double?
    /// The exchange's own estimate of the next rate: a fraction for the interval, positive when longs pay; `nil` when unknown.
    public var displayed: Double?
    /// Hours between settlements, 1 to 24; `nil` when unknown.
    public var intervalHours: Int?
    /// When funding settles next, floored to the minute; `nil` when unknown.
    public var nextFundingAt: Timestamp?
    /// Settlements of the contract since its previous stored hour, ascending; none after `observedAt`.
    public var settlements: [FundingSettlement]

    /// Takes what is known.
    public init(
        hour: Hour, observedAt: Timestamp, mark: Double?, index: Double?, displayed: Double?, intervalHours: Int?,
        nextFundingAt: Timestamp?, settlements: [FundingSettlement]
    ) {
        self.hour = hour
        self.observedAt = observedAt
        self.mark = mark
        self.index = index
        self.displayed = displayed
        self.intervalHours = intervalHours
        self.nextFundingAt = nextFundingAt?.flooredToMinute
        self.settlements = settlements.filter { $0.settledAt <= observedAt }
    }

    /// Takes the contract's ticker of an hour, and its settlements in any order.
    public init(hour: Hour, ticker: Ticker, settlements: [FundingSettlement]) {
        self.init(
            hour: hour, observedAt: ticker.observedAt, mark: ticker.markPrice, index: ticker.indexPrice,
            displayed: ticker.fundingRate, intervalHours: Self.wholeHours(ticker.fundingIntervalHours),
            nextFundingAt: ticker.nextFundingAt, settlements: settlements.sorted { $0.settledAt < $1.settledAt })
    }

    /// An interval as whole hours; `nil` when it is unknown, not whole, or not 1 to 24.
    public static func wholeHours(_ interval: Double?) -> Int? {
        guard let interval, let hours = Int(exactly: interval), (1...24).contains(hours) else { return nil }
        return hours
    }

    /// The settlement that is forecast: the next one, where it and the interval are known, it is after the observation and
    /// `leadHours` is within the interval.
    var upcoming: Upcoming? {
        guard let intervalHours, let nextFundingAt, nextFundingAt > observedAt else { return nil }
        let distance = nextFundingAt.milliseconds - hour.startMilliseconds
        let lead = Int((Double(distance) / Double(Hour.milliseconds)).rounded())
        guard (1...intervalHours).contains(lead) else { return nil }
        return Upcoming(settlesAt: nextFundingAt, leadHours: lead, intervalHours: intervalHours)
    }

    /// The next settlement of a contract.
    struct Upcoming: Hashable, Sendable {
        var settlesAt: Timestamp
        /// 1 to `intervalHours`.
        var leadHours: Int
        var intervalHours: Int
    }
}
