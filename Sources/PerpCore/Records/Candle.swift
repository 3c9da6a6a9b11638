/// What the price of a candle is.
public enum CandlePrice: String, Hashable, Sendable, CaseIterable {
    /// The price of trades.
    case last
    /// The exchange's fair price.
    case mark
    /// The price of the index behind the contract.
    case index
}

/// How a price moved within one hour.
public struct Candle: Hashable, Sendable {
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// The canonical asset, with its class where it is not a coin: `stock:TSLA`.
    public var asset: String
    /// What the price is.
    public var priceKind: CandlePrice
    /// The first instant of the hour.
    public var from: Timestamp
    /// Quote units per canonical coin at the hour's start.
    public var open: Double
    /// The highest price of the hour.
    public var high: Double
    /// The lowest price of the hour.
    public var low: Double
    /// The price at the hour's end.
    public var close: Double
    /// Canonical coins traded in the hour; `nil` when the exchange does not say, and for prices that are not of trades.
    public var volumeBase: Double?
    /// Dollars traded in the hour, as stated, or else the coins at the mean of open and close; `nil` as for `volumeBase`, and
    /// when the quote asset is not a dollar.
    public var volumeUSD: Double?

    /// Creates a candle; without volumes they are unknown.
    public init(
        symbol: String, asset: String, priceKind: CandlePrice, from: Timestamp, open: Double, high: Double,
        low: Double, close: Double, volumeBase: Double? = nil, volumeUSD: Double? = nil
    ) {
        self.symbol = symbol
        self.asset = asset
        self.priceKind = priceKind
        self.from = from
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volumeBase = volumeBase
        self.volumeUSD = volumeUSD
    }
}

extension CandlePrice: FieldConvertible {}

extension Candle: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = Candle(
        symbol: "", asset: "", priceKind: .last, from: Timestamp(milliseconds: 0), open: 0, high: 0, low: 0, close: 0)

    /// The fields of the record `candle`, in the order of staged lines.
    public static let fields: [Field<Candle>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("asset", \.asset, unit: "canonical asset, with its class where it is no coin"),
        Field("price_kind", \.priceKind, unit: "last, mark or index"),
        Field("from_ms", \.from, unit: "UTC milliseconds, the start of the hour"),
        Field("open", \.open, unit: "quote per coin"),
        Field("high", \.high, unit: "quote per coin"),
        Field("low", \.low, unit: "quote per coin"),
        Field("close", \.close, unit: "quote per coin"),
        Field("volume_base", \.volumeBase, unit: "coins in the hour"),
        Field(
            "volume_usd", \.volumeUSD,
            unit: "dollars in the hour; where not stated, coins at the mean of open and close"),
    ]
}
