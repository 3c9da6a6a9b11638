/// A funding rate that longs and shorts settled.
public struct FundingSettlement: Hashable, Sendable {
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// The canonical asset, with its class where it is not a coin: `stock:TSLA`.
    public var asset: String
    /// The settlement time that the exchange states, floored to the minute.
    public var settledAt: Timestamp
    /// Fraction of notional for one interval; positive when longs paid shorts.
    public var fundingRate: Double
    /// Hours of the period that the rate covers; `nil` when the responses do not show it.
    public var fundingIntervalHours: Double?

    /// Creates a settlement; without `fundingIntervalHours` the length of its period is unknown.
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
    /// The lengths of settlement periods that exchanges use, in hours.
    public static let periods = [1, 2, 4, 8, 12, 24]

    /// Hours between two consecutive settlements; `nil` when no exchange has such a period, because a settlement between
    /// them is missing.
    public static func intervalHours(from earlier: Timestamp, to later: Timestamp) -> Double? {
        let distance = later.milliseconds - earlier.milliseconds
        let hours = periods.first { abs(distance - Int64($0) * Hour.milliseconds) <= 60_000 }
        return hours.map(Double.init)
    }
}

extension [FundingSettlement] {
    /// The settlements sorted by symbol and time, each with the length in hours of the period that its rate covers: as
    /// stated, or else the time since the symbol's previous settlement. The oldest settlement of a symbol keeps `nil`
    /// when it states none: the interval of today need not be that of the past. The view `funding_settlements` says the same, but for what
    /// it knows from the table of intervals.
    public var withPeriods: [FundingSettlement] {
        var rows = sorted { ($0.symbol, $0.settledAt) < ($1.symbol, $1.settledAt) }
        for index in rows.indices.dropFirst() where rows[index].fundingIntervalHours == nil {
            guard rows[index - 1].symbol == rows[index].symbol else { continue }
            rows[index].fundingIntervalHours = FundingSettlement.intervalHours(
                from: rows[index - 1].settledAt, to: rows[index].settledAt)
        }
        return rows
    }
}

extension FundingSettlement: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = FundingSettlement(
        symbol: "", asset: "", settledAt: Timestamp(milliseconds: 0), fundingRate: 0)

    /// The fields of the table `funding_settlement`, in the order of staged lines.
    public static let fields: [Field<FundingSettlement>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("asset", \.asset, unit: "canonical asset, with its class where it is no coin"),
        Field("settled_at_ms", \.settledAt, unit: "UTC milliseconds, floored to the minute"),
        Field("funding_rate", \.fundingRate, unit: "fraction of notional per interval, positive: longs paid"),
        Field("funding_interval_hours", \.fundingIntervalHours, unit: "hours"),
    ]
}
