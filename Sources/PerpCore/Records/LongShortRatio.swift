/// How the holders of an instrument are split between long and short.
public struct LongShortRatio: Hashable, Sendable {
    /// Who is counted.
    public enum Population: String, Hashable, Sendable, CaseIterable {
        /// Every account with a position, each counted once.
        case accounts
        /// The accounts of the largest traders, each counted once.
        case topAccounts = "top_accounts"
        /// The positions of the largest traders, by size.
        case topPositions = "top_positions"
        /// Taker volume: buys are long, sells are short.
        case taker
    }

    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// The canonical asset.
    public var asset: String
    /// Who is counted.
    public var population: Population
    /// The span that the figure covers, as the exchange writes it: `1h`, `1H`.
    public var period: String
    /// Longs divided by shorts, as sent; `nil` when the exchange does not send it.
    public var ratio: Double?
    /// Fraction that is long, 0 to 1.
    public var longFraction: Double
    /// Fraction that is short, 0 to 1: with `longFraction` it sums to 1.
    public var shortFraction: Double
    /// The exchange's time for the figure.
    public var observedAt: Timestamp

    /// Creates a ratio; `ratio` is left out where the exchange sends fractions only.
    public init(
        symbol: String, asset: String, population: Population, period: String, ratio: Double? = nil,
        longFraction: Double, shortFraction: Double, observedAt: Timestamp
    ) {
        self.symbol = symbol
        self.asset = asset
        self.population = population
        self.period = period
        self.ratio = ratio
        self.longFraction = longFraction
        self.shortFraction = shortFraction
        self.observedAt = observedAt
    }
}

extension LongShortRatio.Population: FieldConvertible {}

extension LongShortRatio: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = LongShortRatio(
        symbol: "", asset: "", population: .accounts, period: "", longFraction: 0, shortFraction: 0,
        observedAt: Timestamp(milliseconds: 0))

    /// The fields of the table `long_short`, in the order of staged lines.
    public static let fields: [Field<LongShortRatio>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("asset", \.asset, unit: "canonical asset"),
        Field("population", \.population, unit: "accounts, top_accounts, top_positions or taker"),
        Field("period", \.period, unit: "span of the figure, as the exchange writes it"),
        Field("ratio", \.ratio, unit: "longs over shorts, as sent"),
        Field("long_fraction", \.longFraction, unit: "0 to 1"),
        Field("short_fraction", \.shortFraction, unit: "0 to 1"),
        Field("observed_at_ms", \.observedAt, unit: "UTC milliseconds"),
    ]
}
