import PerpCore
import Sealing

/// What was measured of one scope in one hour, for storing: later hours go on from it.
public struct SeriesHour: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// `MARKET`, or a coin.
    public var scope: String
    /// What each series adds; an hour that is not stored in a series has none.
    public var values: [TrendSeries: SeriesValue]

    /// Takes one hour's values.
    public init(hour: Hour, scope: String, values: [TrendSeries: SeriesValue]) {
        self.hour = hour
        self.scope = scope
        self.values = values
    }
}

/// All trends and the volatility of one scope, hour by hour.
public struct ScopeTrends: Sendable {
    /// The rows of one hour.
    public struct Rows: Hashable, Sendable {
        /// What was measured.
        public var series: SeriesHour
        /// One for each series and window.
        public var trends: [TrendHour]
        /// Of the price.
        public var volatility: VolatilityHour
        /// The changes that were found in the hour.
        public var events: [VolatilityEvent]
    }

    /// `MARKET`, or a coin.
    public let scope: String
    /// The steps of the price.
    public private(set) var price: Chain
    /// The steps of open interest.
    public private(set) var openInterest: Chain
    /// One for each series, `score` for the market alone.
    public private(set) var trends: [SeriesTrend]
    /// Of the price.
    public private(set) var volatility: ScopeVolatility

    /// Begins without a past.
    public init(scope: String, isMarket: Bool) {
        self.init(
            scope: scope, price: Chain(.price), openInterest: Chain(.openInterest),
            trends: TrendSeries.allCases.filter { isMarket || $0 != .score }.map { SeriesTrend($0, scope: scope) },
            volatility: ScopeVolatility(scope: scope))
    }

    /// Continues from what was stored.
    public init(
        scope: String, price: Chain, openInterest: Chain, trends: [SeriesTrend], volatility: ScopeVolatility
    ) {
        self.scope = scope
        self.price = price
        self.openInterest = openInterest
        self.trends = trends
        self.volatility = volatility
    }

    /// Moves on to a later hour.
    ///
    /// - Parameters:
    ///   - snapshot: the prices and open interest of the hour; `nil` when there are none.
    ///   - fundingPercent8h: percent per eight hours; `nil` is unknown.
    ///   - score: the composite, for the market; `nil` when the hour is insufficient.
    public mutating func advance(
        to hour: Hour, _ snapshot: ScopeSnapshot?, fundingPercent8h: Double?, score: Double? = nil
    ) -> Rows {
        var values: [TrendSeries: SeriesValue] = [:]
        values[.price] = snapshot.flatMap { price.append($0) }
        values[.openInterest] = snapshot.flatMap { openInterest.append($0) }
        values[.funding] = fundingPercent8h.map { .level($0) }
        values[.score] = score.map { .level($0) }
        var rows: [TrendHour] = []
        for place in trends.indices { rows += trends[place].advance(to: hour, values[trends[place].series]) }
        let (row, events) = volatility.advance(to: hour, values[.price])
        return Rows(
            series: SeriesHour(hour: hour, scope: scope, values: values), trends: rows, volatility: row, events: events)
    }
}
