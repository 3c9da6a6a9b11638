/// Who was liquidated.
public enum LiquidationSide: String, Hashable, Sendable, CaseIterable {
    case long, short
}

/// How much of a venue's liquidations its answers can show.
public enum LiquidationCoverage: String, Hashable, Sendable, CaseIterable {
    /// Every event.
    case complete
    /// Totals that the venue publishes.
    case aggregate
    /// A lower bound: not every event is sent, or not every instrument asked.
    case sampled
    /// The venue offers none; it has no record, which is not a zero.
    case none
}

/// One forced closing of a position.
public struct Liquidation: Hashable, Sendable {
    public var symbol: String
    public var asset: String
    public var side: LiquidationSide
    /// Quote units a canonical coin.
    public var price: Double
    /// Contracts as sent, where the exchange counts contracts; `nil` where it counts coins.
    public var quantityContracts: Double?
    /// Canonical coins, by the size that the contract had in the hour of the answer.
    public var quantityBase: Double
    /// Dollars; `nil` when the quote is not a dollar.
    public var valueUSD: Double?
    public var occurredAt: Timestamp
    /// The venue's own id, where it gives one.
    public var id: String?

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

/// Liquidations of a span, summed by the venue.
public struct LiquidationTotal: Hashable, Sendable {
    public var symbol: String
    public var asset: String
    /// The span, `from` included and `to` excluded.
    public var from: Timestamp
    public var to: Timestamp
    /// Dollars of longs and of shorts that were closed.
    public var longUSD: Double
    public var shortUSD: Double
    /// Events, where known.
    public var longCount: Int64?
    public var shortCount: Int64?

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
extension LiquidationCoverage: FieldConvertible {}

extension Liquidation: FieldRecord {
    public static let unread = Liquidation(
        symbol: "", asset: "", side: .long, price: 0, quantityBase: 0, valueUSD: nil,
        occurredAt: Timestamp(milliseconds: 0))

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
    public static let unread = LiquidationTotal(
        symbol: "", asset: "", from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: 0), longUSD: 0, shortUSD: 0
    )

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
