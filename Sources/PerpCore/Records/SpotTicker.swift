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

extension SpotTicker: FieldRecord {
    public static let unread = SpotTicker(symbol: "", asset: "", quote: "", observedAt: Timestamp(milliseconds: 0))

    public static let fields: [Field<SpotTicker>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("asset", \.asset, unit: "canonical asset"),
        Field("quote", \.quote, unit: "asset that prices it"),
        Field("last_price", \.lastPrice, unit: "quote units per canonical coin"),
        Field("bid_price", \.bidPrice, unit: "quote units per canonical coin"),
        Field("ask_price", \.askPrice, unit: "quote units per canonical coin"),
        Field("volume_usd_24h", \.volumeUSD24h, unit: "dollars in the rolling day"),
        Field("observed_at_ms", \.observedAt, unit: "UTC milliseconds"),
    ]
}
