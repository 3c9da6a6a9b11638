/// The spot market of a coin at one hour, the other leg of a basis.
public struct SpotTicker: Hashable, Sendable {
    public var symbol: String
    public var asset: String
    public var quote: String
    /// Quote units a canonical coin; `nil` is unknown.
    public var lastPrice: Double?
    public var bidPrice: Double?
    public var askPrice: Double?
    /// Dollars traded in the rolling day.
    public var volumeUSD24h: Double?
    public var observedAt: Timestamp

    public init(
        symbol: String, asset: String, quote: String, lastPrice: Double? = nil,
        bidPrice: Double? = nil, askPrice: Double? = nil, volumeUSD24h: Double? = nil,
        observedAt: Timestamp
    ) {
        self.symbol = symbol
        self.asset = asset
        self.quote = quote
        self.lastPrice = lastPrice
        self.bidPrice = bidPrice
        self.askPrice = askPrice
        self.volumeUSD24h = volumeUSD24h
        self.observedAt = observedAt
    }
}
