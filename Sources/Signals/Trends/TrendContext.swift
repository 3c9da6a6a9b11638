import PerpCore
import Sealing
import Trends

/// The trend of one series and window as strategies see it.
public struct TrendReading: Hashable, Sendable {
    /// The state that is shown.
    public var state: TrendState
    /// In standard deviations; `nil` when the hour was not evaluated.
    public var z: Double?

    /// Nothing is known.
    public static let unknown = TrendReading(state: .unknown, z: nil)

    /// Takes a state and its z.
    public init(state: TrendState, z: Double?) {
        self.state = state
        self.z = z
    }

    /// Of a row.
    public init(_ row: TrendHour) { self.init(state: row.state, z: row.numbers?.z) }
}

/// What strategies take from the history of hours. `nil` is unknown, and changes nothing.
public struct TrendContext: Hashable, Sendable {
    /// Of the composite over 24 hours.
    public var scoreDay: TrendReading
    /// Of the market's price over 24 hours.
    public var priceDay: TrendReading
    /// Of the market's price over 72 hours.
    public var priceSwing: TrendReading
    /// Of the market.
    public var regime: VolatilityRegime?
    /// The rank of the market's volatility, 0 to 1.
    public var rank: Double?
    /// How many hours of the last 90 days have a volatility: a rank needs 336.
    public var rankedHours: Int?
    /// For strategy 4: the funding that is forecast for the next eight hours on the short side less that on the long side of
    /// the best pair, as a fraction.
    public var forecastSpread8h: Double?

    /// Of the market at one hour.
    public init(_ rows: HourTrends) {
        func reading(_ series: TrendSeries, _ window: TrendWindow) -> TrendReading {
            rows.trend(series, window, of: TrendScope.market).map(TrendReading.init) ?? .unknown
        }
        let volatility = rows.volatility(of: TrendScope.market)
        self.init(
            scoreDay: reading(.score, .day), priceDay: reading(.price, .day), priceSwing: reading(.price, .swing),
            regime: volatility?.regime, rank: volatility?.rank)
        rankedHours = volatility?.historyCount
    }

    /// Takes what is known.
    public init(
        scoreDay: TrendReading = .unknown, priceDay: TrendReading = .unknown, priceSwing: TrendReading = .unknown,
        regime: VolatilityRegime? = nil, rank: Double? = nil, forecastSpread8h: Double? = nil
    ) {
        self.scoreDay = scoreDay
        self.priceDay = priceDay
        self.priceSwing = priceSwing
        self.regime = regime
        self.rank = rank
        self.forecastSpread8h = forecastSpread8h
    }

    /// Whether a strategy may fire: trend following does not when the score's trend is opposite to its side. An unknown
    /// trend lets it pass.
    public func allows(_ strategy: Strategy, _ direction: Direction) -> Bool {
        guard strategy == .trendFollowing, let side = direction.trend else { return true }
        return !scoreDay.state.isOpposite(of: side)
    }

    /// `Trend 72 h up (z 1.9), volatility elevated (rank 0.86)`, a line of the messages of strategies 1 to 3 and 5 to 11;
    /// `nil` for the others.
    public func line(for strategy: Strategy) -> String? {
        switch strategy {
        case .rangeTrading, .scalping, .trendFollowing, .contrarian, .meanReversion, .breakout, .liquidationCascade,
            .volatilityExpansion, .momentumBreakout, .deltaNeutral:
            "Trend 72 h \(Self.text(priceSwing.state.rawValue, "z", priceSwing.z, 1)), "
                + "volatility \(volatility)"
        case .fundingArbitrage, .basisArbitrage, .contangoBackwardation, .institutionalDivergence,
            .fundingIntervalChange:
            nil
        }
    }

    /// `elevated (rank 0.86)`, or what is missing: `unknown (needs 336 hours, has 71)`.
    private var volatility: String {
        if let regime { return Self.text(regime.rawValue, "rank", rank, 2) }
        let needed = ScopeVolatility.neededHistory
        return "unknown" + (rankedHours.map { $0 < needed ? " (needs \(needed) hours, has \($0))" : "" } ?? "")
    }

    private static func text(_ state: String, _ name: String, _ value: Double?, _ decimals: Int) -> String {
        state.lowercased() + (value.map { " (\(name) \(Numbers.fixed($0, decimals)))" } ?? "")
    }
}

extension Direction {
    /// The trend that goes the same way; `nil` for a direction without a side.
    var trend: TrendState? {
        switch self {
        case .long, .bullish: .up
        case .short, .bearish: .down
        case .both, .neutral, .unclear: nil
        }
    }
}
