/// Who was liquidated.
public enum LiquidationSide: String, Hashable, Sendable, CaseIterable {
    /// A long position was closed by a forced sale.
    case long
    /// A short position was closed by a forced purchase.
    case short
}

/// What the price of a liquidation is.
public enum LiquidationPrice: String, Hashable, Sendable, CaseIterable {
    /// The mean price at which the order was filled.
    case fill
    /// The price at which the position's margin was used up, which lies beyond the market.
    case bankruptcy
    /// The limit of the order that closed the position.
    case order
}

/// The coverage class of an exchange: how much of its liquidations its responses can show.
public enum LiquidationCoverage: String, Hashable, Sendable, CaseIterable {
    /// Every event.
    case complete
    /// Totals that the exchange publishes.
    case aggregate
    /// A lower bound: not every event is sent, or not every instrument is asked for.
    case sampled
    /// The exchange publishes no liquidations: they are unknown, not zero.
    case none
}

/// One forced closing of a position.
public struct Liquidation: Hashable, Sendable {
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// The canonical asset, with its class where it is not a coin: `stock:TSLA`.
    public var asset: String
    /// Which side was liquidated.
    public var side: LiquidationSide
    /// Quote units per canonical coin.
    public var price: Double
    /// Contracts as sent, where the exchange counts contracts; `nil` where it counts coins.
    public var quantityContracts: Double?
    /// Canonical coins, by the size that the contract had in the hour of the response.
    public var quantityBase: Double
    /// Dollars; `nil` when the quote asset is not a dollar.
    public var valueUSD: Double?
    /// When the position was closed, by the exchange's clock.
    public var occurredAt: Timestamp
    /// The exchange's own id; `nil` when it gives none.
    public var id: String?

    /// Creates a liquidation; `quantityContracts` is left out where the exchange counts coins.
    public init(
        symbol: String, asset: String, side: LiquidationSide, price: Double, quantityContracts: Double? = nil,
        quantityBase: Double, valueUSD: Double?, occurredAt: Timestamp, id: String? = nil
    ) {
        self.symbol = symbol
        self.asset = asset
        self.side = side
        self.price = price
        self.quantityContracts = quantityContracts
        self.quantityBase = quantityBase
        self.valueUSD = valueUSD
        self.occurredAt = occurredAt
        self.id = id
    }
}

/// Liquidations of a span, summed by the exchange.
public struct LiquidationTotal: Hashable, Sendable {
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// The canonical asset, with its class where it is not a coin: `stock:TSLA`.
    public var asset: String
    /// The beginning of the span, included.
    public var from: Timestamp
    /// The end of the span, excluded.
    public var to: Timestamp
    /// Dollars of longs that were closed.
    public var longUSD: Double
    /// Dollars of shorts that were closed.
    public var shortUSD: Double
    /// Number of longs that were closed; `nil` when the exchange does not say.
    public var longCount: Int64?
    /// Number of shorts that were closed; `nil` when the exchange does not say.
    public var shortCount: Int64?

    /// Creates a total; the counts are left out where the exchange gives dollars only.
    public init(
        symbol: String, asset: String, from: Timestamp, to: Timestamp, longUSD: Double,
        shortUSD: Double, longCount: Int64? = nil, shortCount: Int64? = nil
    ) {
        self.symbol = symbol
        self.asset = asset
        self.from = from
        self.to = to
        self.longUSD = longUSD
        self.shortUSD = shortUSD
        self.longCount = longCount
        self.shortCount = shortCount
    }
}

extension LiquidationSide: FieldConvertible {}
extension LiquidationPrice: FieldConvertible {}
extension LiquidationCoverage: FieldConvertible {}

extension Liquidation: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = Liquidation(
        symbol: "", asset: "", side: .long, price: 0, quantityBase: 0, valueUSD: nil,
        occurredAt: Timestamp(milliseconds: 0))

    /// The fields of the table `liquidation`, in the order of staged lines.
    public static let fields: [Field<Liquidation>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("asset", \.asset, unit: "canonical asset, with its class where it is no coin"),
        Field("side", \.side, unit: "who was liquidated: long or short"),
        Field("price", \.price, unit: "quote units per canonical coin"),
        Field("quantity_contracts", \.quantityContracts, unit: "contracts, where the exchange counts them"),
        Field("quantity_base", \.quantityBase, unit: "canonical coins"),
        Field("value_usd", \.valueUSD, unit: "dollars"),
        Field("occurred_at_ms", \.occurredAt, unit: "UTC milliseconds"),
        Field("id", \.id, unit: "the exchange's own id"),
    ]
}

extension LiquidationTotal: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = LiquidationTotal(
        symbol: "", asset: "", from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: 0), longUSD: 0, shortUSD: 0
    )

    /// The fields of the table `liquidation_total`, in the order of staged lines.
    public static let fields: [Field<LiquidationTotal>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("asset", \.asset, unit: "canonical asset, with its class where it is no coin"),
        Field("from_ms", \.from, unit: "UTC milliseconds, included"),
        Field("to_ms", \.to, unit: "UTC milliseconds, excluded"),
        Field("long_usd", \.longUSD, unit: "dollars of longs closed"),
        Field("short_usd", \.shortUSD, unit: "dollars of shorts closed"),
        Field("long_count", \.longCount, unit: "events"),
        Field("short_count", \.shortCount, unit: "events"),
    ]
}
