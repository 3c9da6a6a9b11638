/// The state of one trading contract at one hour.
///
/// Prices and base quantities are per canonical coin. `nil` is unknown, never zero.
public struct Ticker: Hashable, Sendable {
    public var symbol: String
    /// The canonical asset; without a class the ticker alone.
    public var asset: String
    /// What the exchange's instruments say that the asset is; `nil` where they say nothing of the symbol.
    public var assetClass: AssetClass?
    public var kind: ContractKind
    public var contract: ContractTerm
    public var quote: String

    /// Quote units a coin.
    @Packed public var lastPrice: Double?
    /// The price that positions are margined on, quote units a coin.
    @Packed public var markPrice: Double?
    /// The price of the underlying, quote units a coin.
    @Packed public var indexPrice: Double?
    @Packed public var bidPrice: Double?
    @Packed public var askPrice: Double?

    /// Coins traded in the rolling day, each trade counted once.
    @Packed public var volumeBase24h: Double?
    /// Dollars traded in the rolling day, each trade counted once.
    @Packed public var volumeUSD24h: Double?

    /// The venue's own count, one side.
    @Packed public var openInterestContracts: Double?
    /// Coins, one side.
    @Packed public var openInterestBase: Double?
    /// Dollars, one side.
    @Packed public var openInterestUSD: Double?

    /// Fraction of notional each interval; positive when longs pay shorts.
    @Packed public var fundingRate: Double?
    /// Hours between settlements.
    @Packed public var fundingIntervalHours: Double?
    /// The coming settlement.
    public var nextFundingAt: Timestamp?

    /// Fraction against the price a day ago.
    @Packed public var priceChange24h: Double?
    /// Trades in the rolling day.
    public var trades24h: Int64?
    /// The venue's time for the price, or our time of receipt where it sends none.
    public var observedAt: Timestamp

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

    /// The funding rate as a fraction of notional for eight hours; `nil` without an interval.
    public var fundingRate8h: Double? {
        guard let fundingRate, let fundingIntervalHours else { return nil }
        return fundingRate * 8 / fundingIntervalHours
    }
}
