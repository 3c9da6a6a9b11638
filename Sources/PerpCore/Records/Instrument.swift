/// How a contract is settled.
public enum ContractKind: String, Hashable, Sendable, CaseIterable {
    /// Profit is paid in the quote asset; a contract is a number of base units.
    case linear
    /// Profit is paid in the base asset; a contract is a number of quote units.
    case inverse
    /// Profit is paid in a third asset.
    case quanto
}

/// Whether a contract ends.
public enum ContractTerm: String, Hashable, Sendable, CaseIterable {
    /// Never expires; funding keeps its price near the index.
    case perpetual
    /// Expires on a day.
    case dated
}

/// Whether an instrument can be traded.
public enum InstrumentStatus: String, Hashable, Sendable, CaseIterable {
    /// Open for trading.
    case trading
    /// Halted for a while.
    case suspended
    /// Expired and being settled.
    case settling
    /// Removed for good.
    case delisted
    /// Listed, but not yet open for trading.
    case prelaunch
}

/// A contract as its exchange describes it in one hour.
public struct Instrument: Hashable, Sendable {
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// The canonical asset: `PEPE` for `1000PEPE`, `stock:TSLA` for a share.
    public var asset: String
    /// What kind of thing the asset is; `nil` when unknown, in rows of older rules that knew no classes.
    public var assetClass: AssetClass?
    /// Whether the response states the class. One that it does not state is taken to be `crypto`, unless an earlier response
    /// stated another.
    public var isClassStated: Bool
    /// What is priced, as the exchange names it: `1000PEPE`.
    public var base: String
    /// What prices it.
    public var quote: String
    /// What pays profit and margin.
    public var settle: String
    /// How the contract is settled.
    public var kind: ContractKind
    /// Whether the contract ends.
    public var contract: ContractTerm
    /// Whether the contract can be traded.
    public var status: InstrumentStatus
    /// Whether the exchange itself lists it. A market that somebody else runs on the exchange, such as `xyz:AAPL`, stays
    /// out of the exchange's and the market's totals.
    public var isCore: Bool
    /// Linear: the exchange's base units per contract; inverse: quote units per contract.
    /// 1 where the exchange counts coins; `nil` when the exchange does not say.
    public var contractMultiplier: Double?
    /// Canonical coins in one of the exchange's base units: 1000 for `1000PEPE`, else 1.
    public var unitMultiplier: Double
    /// Hours between funding settlements; `nil` when unknown, and for a dated contract.
    public var fundingIntervalHours: Double?
    /// When trading began; `nil` when the exchange does not say.
    public var listedAt: Timestamp?

    /// Creates an instrument whose class is, unless stated otherwise, that of a coin.
    public init(
        symbol: String, asset: String, assetClass: AssetClass? = .crypto, isClassStated: Bool = true, base: String,
        quote: String, settle: String, kind: ContractKind, contract: ContractTerm, status: InstrumentStatus,
        isCore: Bool = true, contractMultiplier: Double?, unitMultiplier: Double,
        fundingIntervalHours: Double? = nil, listedAt: Timestamp? = nil
    ) {
        self.symbol = symbol
        self.asset = asset
        self.assetClass = assetClass
        self.isClassStated = isClassStated
        self.base = base
        self.quote = quote
        self.settle = settle
        self.kind = kind
        self.contract = contract
        self.status = status
        self.isCore = isCore
        self.contractMultiplier = contractMultiplier
        self.unitMultiplier = unitMultiplier
        self.fundingIntervalHours = fundingIntervalHours
        self.listedAt = listedAt
    }
}

extension ContractKind: FieldConvertible {}
extension ContractTerm: FieldConvertible {}
extension InstrumentStatus: FieldConvertible {}
extension AssetClass: FieldConvertible {}

extension Instrument: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = Instrument(
        symbol: "", asset: "", assetClass: nil, base: "", quote: "", settle: "", kind: .linear, contract: .perpetual,
        status: .trading, contractMultiplier: nil, unitMultiplier: 1)

    /// The fields of the table `instrument`, in the order of staged lines.
    public static let fields: [Field<Instrument>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("asset", \.asset, unit: "canonical asset, with its class where it is no coin"),
        Field("asset_class", \.assetClass, unit: "crypto, stock, commodity, index, fx or other"),
        Field("class_stated", \.isClassStated, unit: "1 where the response states the class", usual: .integer(1)),
        Field("base", \.base, unit: "what is priced, as the exchange names it"),
        Field("quote", \.quote, unit: "what prices it"),
        Field("settle", \.settle, unit: "what pays profit and margin"),
        Field("kind", \.kind, unit: "linear, inverse or quanto"),
        Field("contract", \.contract, unit: "perpetual or dated"),
        Field("status", \.status, unit: "trading, suspended, settling, delisted or prelaunch"),
        Field("core", \.isCore, unit: "0 where somebody else runs the market on the exchange", usual: .integer(1)),
        Field(
            "contract_multiplier", \.contractMultiplier, unit: "linear: base units per contract; inverse: quote units"),
        Field("unit_multiplier", \.unitMultiplier, unit: "canonical coins per base unit"),
        Field("funding_interval_hours", \.fundingIntervalHours, unit: "hours"),
        Field("listed_at_ms", \.listedAt, unit: "UTC milliseconds"),
    ]
}
