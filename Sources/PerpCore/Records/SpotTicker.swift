/// The state of a coin's spot market at one hour: the other side of a basis.
public struct SpotTicker: Hashable, Sendable {
    /// The exchange's own spelling: `BTCUSDT`.
    public var symbol: String
    /// The canonical asset.
    public var asset: String
    /// The asset that prices it.
    public var quote: String
    /// Price of the last trade, quote units per canonical coin; `nil` when unknown.
    public var lastPrice: Double?
    /// The best bid, quote units per canonical coin; `nil` when unknown.
    public var bidPrice: Double?
    /// The best offer, quote units per canonical coin; `nil` when unknown.
    public var askPrice: Double?
    /// Dollars traded in the rolling day; `nil` when unknown.
    public var volumeUSD24h: Double?
    /// The exchange's time for the price, or our time of receipt where it sends none.
    public var observedAt: Timestamp

    /// Creates a ticker; values that are left out are unknown.
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
    /// A record without values, which reading fills.
    public static let unread = SpotTicker(symbol: "", asset: "", quote: "", observedAt: Timestamp(milliseconds: 0))

    /// The fields of the table `spot_ticker`, in the order of staged lines.
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
