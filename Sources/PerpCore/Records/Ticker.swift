/// The state of one trading contract at one hour.
///
/// Prices and base quantities are per canonical coin. `nil` means unknown, never zero.
public struct Ticker: Hashable, Sendable {
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// The canonical asset, with its class where it is not a coin: `stock:TSLA`.
    public var asset: String
    /// The class of the asset, as the exchange's instruments state it; `nil` when they do not state one for the symbol.
    public var assetClass: AssetClass?
    /// How the contract is settled.
    public var kind: ContractKind
    /// Whether the contract ends.
    public var contract: ContractTerm
    /// The asset that prices it.
    public var quote: String
    /// Whether the exchange itself lists it, as `Instrument.isCore`: its instruments state it.
    public var isCore = true

    /// Price of the last trade, quote units per coin.
    @Packed public var lastPrice: Double?
    /// The price that positions are margined on, quote units per coin.
    @Packed public var markPrice: Double?
    /// The price of the underlying, quote units per coin.
    @Packed public var indexPrice: Double?
    /// The best bid, quote units per coin.
    @Packed public var bidPrice: Double?
    /// The best offer, quote units per coin.
    @Packed public var askPrice: Double?

    /// Coins traded in the rolling day, each trade counted once.
    @Packed public var volumeBase24h: Double?
    /// Dollars traded in the rolling day, each trade counted once.
    @Packed public var volumeUSD24h: Double?

    /// Contracts as the exchange counts them, one side.
    @Packed public var openInterestContracts: Double?
    /// Coins, one side.
    @Packed public var openInterestBase: Double?
    /// Dollars, one side.
    @Packed public var openInterestUSD: Double?

    /// Fraction of notional per interval; positive when longs pay shorts.
    @Packed public var fundingRate: Double?
    /// Hours between settlements.
    @Packed public var fundingIntervalHours: Double?
    /// When funding settles next.
    public var nextFundingAt: Timestamp?

    /// Change against the price a day ago, as a fraction.
    @Packed public var priceChange24h: Double?
    /// Trades in the rolling day.
    public var trades24h: Int64?
    /// The exchange's time for the price, or our time of receipt where it sends none.
    public var observedAt: Timestamp

    /// Creates a ticker whose measures are all unknown.
    public init(
        symbol: String, asset: String, assetClass: AssetClass? = .crypto, kind: ContractKind, contract: ContractTerm,
        quote: String, observedAt: Timestamp
    ) {
        self.symbol = symbol
        self.asset = asset
        self.assetClass = assetClass
        self.kind = kind
        self.contract = contract
        self.quote = quote
        self.observedAt = observedAt
    }

    /// The funding rate as a fraction of notional per eight hours; `nil` when the rate or its interval is unknown.
    public var fundingRate8h: Double? {
        guard let fundingRate, let fundingIntervalHours else { return nil }
        return fundingRate * 8 / fundingIntervalHours
    }

    /// The funding rate in percent of notional per eight hours; `nil` when the rate or its interval is unknown.
    public var fundingPercent8h: Double? { fundingRate8h.map { 100 * $0 } }
}

extension Ticker: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = Ticker(
        symbol: "", asset: "", assetClass: nil, kind: .linear, contract: .perpetual, quote: "",
        observedAt: Timestamp(milliseconds: 0))

    /// All fields, in the order of staged lines: `contractFields`, then `measures`.
    public static let fields = contractFields + measures

    /// Which contract it is: the same in every hour. A table keeps them once, in `listing`.
    public static let contractFields: [Field<Ticker>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("asset", \.asset, unit: "canonical asset, with its class where it is no coin"),
        Field("kind", \.kind, unit: "linear, inverse or quanto"),
        Field("contract", \.contract, unit: "perpetual or dated"),
        Field("quote", \.quote, unit: "asset that prices it"),
    ]

    /// The fields whose values change from hour to hour: the columns of the table `ticker`.
    public static let measures: [Field<Ticker>] = [
        Field("last_price", \._lastPrice, unit: "quote units per canonical coin"),
        Field("mark_price", \._markPrice, unit: "quote units per canonical coin"),
        Field("index_price", \._indexPrice, unit: "quote units per canonical coin"),
        Field("bid_price", \._bidPrice, unit: "quote units per canonical coin"),
        Field("ask_price", \._askPrice, unit: "quote units per canonical coin"),
        Field("volume_base_24h", \._volumeBase24h, unit: "canonical coins in the rolling day"),
        Field("volume_usd_24h", \._volumeUSD24h, unit: "dollars in the rolling day"),
        Field("open_interest_contracts", \._openInterestContracts, unit: "contracts, one side"),
        Field("open_interest_base", \._openInterestBase, unit: "canonical coins, one side"),
        Field("open_interest_usd", \._openInterestUSD, unit: "dollars, one side"),
        Field("funding_rate", \._fundingRate, unit: "fraction of notional per interval, positive: longs pay"),
        Field("funding_interval_hours", \._fundingIntervalHours, unit: "hours"),
        Field(derived: "funding_rate_8h", unit: "fraction of notional per eight hours") { $0.fundingRate8h },
        Field("next_funding_at_ms", \.nextFundingAt, unit: "UTC milliseconds"),
        Field("price_change_24h", \._priceChange24h, unit: "fraction against a day ago"),
        Field("trades_24h", \.trades24h, unit: "trades in the rolling day"),
        Field("observed_at_ms", \.observedAt, unit: "UTC milliseconds"),
    ]
}
