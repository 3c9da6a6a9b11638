/// A contract whose funding is settled after other hours than before.
public struct FundingIntervalChange: Hashable, Sendable {
    /// The exchange.
    public var exchange: Exchange
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// The canonical asset.
    public var asset: String
    /// The first hour of which it is known: that of the first list that states the new hours, or that in which their first
    /// period began.
    public var hour: Hour
    /// Hours between two settlements before.
    public var previousHours: Double
    /// Hours between two settlements now.
    public var hours: Double
    /// What it is known from. What `settlements` prove may have been learnt later: alerts know changes from `instrument` only.
    public var evidence: FundingInterval.Evidence
    /// The last rate that was told before, a fraction of notional for `previousHours`; `nil` when none was told in a day.
    public var previousRate: Double?
    /// The rate that was told in `hour`, a fraction of notional for `hours`; `nil` when none was.
    public var rate: Double?
    /// Dollars traded in the day before `hour`; `nil` is unknown.
    public var volumeUSD24h: Double?

    /// Creates a change.
    public init(
        exchange: Exchange, symbol: String, asset: String, hour: Hour, previousHours: Double, hours: Double,
        evidence: FundingInterval.Evidence = .instrument, previousRate: Double? = nil, rate: Double? = nil,
        volumeUSD24h: Double? = nil
    ) {
        self.exchange = exchange
        self.symbol = symbol
        self.asset = asset
        self.hour = hour
        self.previousHours = previousHours
        self.hours = hours
        self.evidence = evidence
        self.previousRate = previousRate
        self.rate = rate
        self.volumeUSD24h = volumeUSD24h
    }
}
