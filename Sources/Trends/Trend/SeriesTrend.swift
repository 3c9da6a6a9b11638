import PerpCore

/// The versions of what this module computes, stored in each row.
public enum TrendVersion {
    /// Of trends and of the sustained score.
    public static let trend = "trend-1"
    /// Of volatility.
    public static let volatility = "vol-1"
}

/// What is looked at for a trend.
public enum TrendSeries: String, CaseIterable, Hashable, Sendable {
    /// The composite of the sentiment model, -1 to 1; of the market alone.
    case score
    /// The logarithm of the price, chained.
    case price
    /// Funding, percent per eight hours; positive when longs pay.
    case funding
    /// The logarithm of open interest with the price taken out, chained.
    case openInterest = "oi"
}

/// The trend of one series, scope and window in one hour.
public struct TrendHour: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// What was looked at.
    public var series: TrendSeries
    /// `MARKET`, or a coin.
    public var scope: String
    /// How far back.
    public var window: TrendWindow
    /// The stored hours in the window, also when they are too few: `window.neededRows` are needed.
    public var storedRows: Int
    /// Slope, efficiency and z; `nil` when the hour is not evaluated.
    public var numbers: TrendNumbers?
    /// As it is shown: unknown when nothing was evaluated within six hours.
    public var state: TrendState
    /// The hour since when the state is so; `nil` when it is unknown.
    public var since: Hour?
    /// The version of the rules.
    public var version = TrendVersion.trend

    /// Takes the trend of one hour.
    public init(
        hour: Hour, series: TrendSeries, scope: String, window: TrendWindow, storedRows: Int, numbers: TrendNumbers?,
        state: TrendState, since: Hour?
    ) {
        self.hour = hour
        self.series = series
        self.scope = scope
        self.window = window
        self.storedRows = storedRows
        self.numbers = numbers
        self.state = state
        self.since = since
    }
}

/// The trends of one series and scope over all windows, hour by hour.
public struct SeriesTrend: Hashable, Sendable {
    /// What is looked at.
    public let series: TrendSeries
    /// `MARKET`, or a coin.
    public let scope: String
    /// The stored hours of the longest window.
    public private(set) var stored: TrailingSeries
    /// What each window remembers, in the order of `TrendWindow.allCases`.
    public private(set) var memories: [TrendMemory]

    /// Begins without a past.
    public init(_ series: TrendSeries, scope: String) { self.init(series, scope: scope, rows: [], memories: [:]) }

    /// Continues from stored hours, ascending, of at least a week, and from what the windows remembered.
    public init(_ series: TrendSeries, scope: String, rows: [SeriesRow], memories: [TrendWindow: TrendMemory]) {
        self.series = series
        self.scope = scope
        self.stored = TrailingSeries(hours: TrendWindow.week.hours, rows: rows)
        self.memories = TrendWindow.allCases.map { memories[$0] ?? TrendMemory() }
    }

    /// Moves on to a later hour; `value` is `nil` when the hour is not stored. One row a window.
    public mutating func advance(to hour: Hour, _ value: SeriesValue?) -> [TrendHour] {
        if let value { stored.append(SeriesRow(hour: hour, value: value)) }
        return TrendWindow.allCases.indices.map { place in
            let window = TrendWindow.allCases[place]
            let numbers = TrendNumbers(stored, window, at: hour)
            let state = memories[place].advance(to: hour, numbers)
            return TrendHour(
                hour: hour, series: series, scope: scope, window: window,
                storedRows: stored.rows(window.hours, upTo: hour).count, numbers: numbers, state: state,
                since: memories[place].since)
        }
    }
}
