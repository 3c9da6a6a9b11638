/// The open interest of a contract at an instant of the past, one side counted.
public struct OpenInterest: Hashable, Sendable {
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// The canonical asset, with its class where it is not a coin: `stock:TSLA`.
    public var asset: String
    /// The instant that the exchange states.
    public var observedAt: Timestamp
    /// Contracts; `nil` where the exchange counts coins.
    public var contracts: Double?
    /// Canonical coins; `nil` when neither stated nor known from the size of a contract.
    public var base: Double?
    /// Dollars, as stated; `nil` when the exchange states none.
    public var usd: Double?

    /// Creates a figure; what is left out is unknown.
    public init(
        symbol: String, asset: String, observedAt: Timestamp, contracts: Double? = nil, base: Double? = nil,
        usd: Double? = nil
    ) {
        self.symbol = symbol
        self.asset = asset
        self.observedAt = observedAt
        self.contracts = contracts
        self.base = base
        self.usd = usd
    }
}

extension OpenInterest: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = OpenInterest(symbol: "", asset: "", observedAt: Timestamp(milliseconds: 0))

    /// The fields of the record `open_interest`, in the order of staged lines.
    public static let fields: [Field<OpenInterest>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("asset", \.asset, unit: "canonical asset, with its class where it is no coin"),
        Field("observed_at_ms", \.observedAt, unit: "UTC milliseconds"),
        Field("contracts", \.contracts, unit: "contracts, one side"),
        Field("base", \.base, unit: "coins, one side"),
        Field("usd", \.usd, unit: "dollars, one side, as stated"),
    ]
}
