/// How the holders of an instrument are split between long and short.
public struct LongShortRatio: Hashable, Sendable {
    /// Who is counted.
    public enum Population: String, Hashable, Sendable, CaseIterable {
        case accounts
        case topAccounts = "top_accounts"
        case topPositions = "top_positions"
        /// Taker volume: buys are long, sells are short.
        case taker
    }

    public var symbol: String
    public var asset: String
    public var population: Population
    /// The span that the figure covers, as the venue writes it: `1h`, `1H`.
    public var period: String
    /// Longs over shorts as sent; `nil` where the venue sends none.
    public var ratio: Double?
    /// Fractions of the whole; they sum to 1.
    public var longFraction: Double
    public var shortFraction: Double
    public var observedAt: Timestamp

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
    public static let unread = LongShortRatio(
        symbol: "", asset: "", population: .accounts, period: "", longFraction: 0, shortFraction: 0,
        observedAt: Timestamp(milliseconds: 0))

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
