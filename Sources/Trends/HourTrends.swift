import PerpCore
import Sealing

/// What the history of hours says at one hour: the rows that are stored of it.
public struct HourTrends: Hashable, Sendable {
    /// One for each series, scope and window.
    public var trends: [TrendHour]
    /// One for each scope.
    public var volatility: [VolatilityHour]
    /// One for each model with a score.
    public var sustained: [SustainedHour]

    /// Takes the rows of one hour.
    public init(trends: [TrendHour] = [], volatility: [VolatilityHour] = [], sustained: [SustainedHour] = []) {
        self.trends = trends
        self.volatility = volatility
        self.sustained = sustained
    }

    /// The trend of a series over a window; `nil` without a row.
    public func trend(_ series: TrendSeries, _ window: TrendWindow, of scope: String) -> TrendHour? {
        trends.first { $0.series == series && $0.window == window && $0.scope == scope }
    }

    /// The volatility of a scope; `nil` without a row.
    public func volatility(of scope: String) -> VolatilityHour? { volatility.first { $0.scope == scope } }

    /// Whether the score of a model is sustained; `nil` without a row.
    public func sustained(_ model: SentimentModel) -> SustainedHour? { sustained.first { $0.model == model } }
}
