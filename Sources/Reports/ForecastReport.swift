import Forecasts
import PerpCore

/// How good the forecasts of funding were: a row for each contract and target.
public struct ForecastReport: Hashable, Sendable, Codable {
    /// So many settled forecasts make a judgement: fewer are luck.
    static let needed = 200

    struct Row: Hashable, Sendable, Codable {
        var exchange: String
        var symbol: String
        var asset: String
        /// `next`, or `next8` where settlements are not eight hours apart.
        var target: String
        /// Forecasts whose outcome is known.
        var settled: Int
        /// Mean absolute errors in basis points of notional for eight hours; `nil` is unknown, here and below.
        var errorBps: Double?
        var displayedErrorBps: Double?
        var lastErrorBps: Double?
        var habitErrorBps: Double?
        var defaultErrorBps: Double?
        /// The baseline with the least error: `displayed`, `last_settled`, `habit` or `default`.
        var bestBaseline: String?
        /// The share of its error that the forecasts saved, and of the error of the exchange's own estimate; negative when they
        /// were worse.
        var skillAgainstBest: Double?
        var skillAgainstDisplayed: Double?
        /// By how many standard errors the forecasts were better than the exchange's own estimate.
        var t: Double?
        /// The share of outcomes within the interval, which asks for 0.8, and over how many.
        var coverage: Double?
        var intervals: Int
        var verdict: String
    }

    var from: Hour
    /// Included.
    var to: Hour
    var rows: [Row]

    /// The forecasts of one contract and target.
    public struct Series: Sendable {
        var exchange: Exchange
        var symbol: String
        var asset: String
        var target: ForecastTarget
        var forecasts: [FundingForecast]

        /// - Parameter forecasts: ascending by hour.
        public init(
            exchange: Exchange, symbol: String, asset: String, target: ForecastTarget, forecasts: [FundingForecast]
        ) {
            self.exchange = exchange
            self.symbol = symbol
            self.asset = asset
            self.target = target
            // Eight hours that hold one settlement are the next settlement again.
            self.forecasts = target == .next ? forecasts : forecasts.filter { $0.intervalHours != 8 }
        }
    }

    /// A report on the forecasts of a span of hours, without any yet.
    public init(_ hours: ClosedRange<Hour>) {
        from = hours.lowerBound
        to = hours.upperBound
        rows = []
    }

    /// Adds a row; none where nothing was forecast. Only the row is kept of the forecasts, which are many.
    public mutating func add(_ series: Series) {
        if !series.forecasts.isEmpty { rows.append(Row(series)) }
    }
}

extension ForecastReport.Row {
    init(_ series: ForecastReport.Series) {
        let skill = FundingSkill(series.forecasts)
        let best = skill?.bestBaseline
        func comparison(_ baseline: FundingSkill.Baseline) -> FundingSkill.Comparison? {
            skill?.comparisons.first { $0.baseline == baseline }
        }
        self.init(
            exchange: series.exchange.displayName, symbol: series.symbol, asset: series.asset,
            target: series.target.rawValue, settled: skill?.count ?? 0, errorBps: skill?.error,
            displayedErrorBps: comparison(.displayed)?.error, lastErrorBps: comparison(.lastSettled)?.error,
            habitErrorBps: comparison(.habit)?.error, defaultErrorBps: comparison(.interest)?.error,
            bestBaseline: best?.baseline.rawValue, skillAgainstBest: best?.skill,
            skillAgainstDisplayed: comparison(.displayed)?.skill, t: skill?.t, coverage: skill?.interval?.coverage,
            intervals: skill?.interval?.count ?? 0, verdict: Self.verdict(skill))
    }

    private static func verdict(_ skill: FundingSkill?) -> String {
        let count = skill?.count ?? 0
        guard count >= ForecastReport.needed else {
            return "needs \(ForecastReport.needed) settled forecasts, has \(count)"
        }
        return skill?.verdict ?? "the venue shows no estimate of its own"
    }
}
