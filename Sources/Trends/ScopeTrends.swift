import PerpCore
import Sealing

/// All trends and the volatility of one scope, hour by hour.
public struct ScopeTrends: Sendable {
    /// The rows of one hour.
    public struct Rows: Hashable, Sendable {
        /// One for each series and window.
        public var trends: [TrendHour]
        /// Of the price.
        public var volatility: VolatilityHour
        /// The changes that were found in the hour.
        public var events: [VolatilityEvent]
    }

    /// `MARKET`, or a coin.
    public let scope: String
    /// One for each series, `score` for the market alone.
    public private(set) var trends: [SeriesTrend]
    /// Of the price.
    public private(set) var volatility: ScopeVolatility

    /// Begins without a past.
    public init(scope: String) {
        self.init(
            scope: scope, trends: TrendSeries.of(scope).map { SeriesTrend($0, scope: scope) },
            volatility: ScopeVolatility(scope: scope))
    }

    /// Continues from what was stored.
    public init(scope: String, trends: [SeriesTrend], volatility: ScopeVolatility) {
        self.scope = scope
        self.trends = trends
        self.volatility = volatility
    }

    /// Moves on to a later hour of its scope.
    public mutating func advance(_ series: SeriesHour) -> Rows {
        var rows: [TrendHour] = []
        for place in trends.indices { rows += trends[place].advance(to: series.hour, series[trends[place].series]) }
        let (row, events) = volatility.advance(to: series.hour, series.price)
        return Rows(trends: rows, volatility: row, events: events)
    }
}

/// The trends of the market and of the coins, and whether the scores are sustained: all that an hour leads to.
public struct MarketTrends: Sendable {
    /// One for each scope, in the order of `TrendScope.all`.
    public private(set) var scopes: [ScopeTrends]
    /// One for each model.
    public private(set) var sustained: [SustainedScore]

    /// Continues from what was stored; begins without a past.
    public init(
        scopes: [ScopeTrends] = TrendScope.all.map { ScopeTrends(scope: $0) },
        sustained: [SustainedScore] = SentimentModel.allCases.map { SustainedScore($0) }
    ) {
        self.scopes = scopes
        self.sustained = sustained
    }

    /// Moves on to a later hour.
    /// - Parameter series: one for each scope; a scope without one has no value in the hour.
    public mutating func advance(to hour: Hour, _ series: [SeriesHour]) -> (rows: HourTrends, events: [VolatilityEvent])
    {
        var rows = HourTrends()
        var events: [VolatilityEvent] = []
        for place in scopes.indices {
            let own = series.first { $0.scope == scopes[place].scope }
            let found = scopes[place].advance(own ?? SeriesHour(hour: hour, scope: scopes[place].scope))
            rows.trends += found.trends
            rows.volatility.append(found.volatility)
            events += found.events
        }
        let scores = series.first { $0.scope == TrendScope.market }?.scores ?? [:]
        for place in sustained.indices {
            rows.sustained.append(sustained[place].advance(to: hour, scores[sustained[place].model]))
        }
        return (rows, events)
    }
}
