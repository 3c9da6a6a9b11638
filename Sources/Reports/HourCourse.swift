import PerpCore
import Sealing
import Trends

extension HourReport {
    /// What the history of hours says at the hour.
    struct Course: Hashable, Sendable, Codable {
        /// Where one series is going over one window.
        struct Trend: Hashable, Sendable, Codable {
            var scope: String
            /// `score`, `price`, `funding` or `oi`.
            var series: String
            var windowHours: Int
            /// `UP`, `DOWN`, `FLAT`, or `UNKNOWN` where nothing was evaluated within six hours.
            var state: String
            /// Standard deviations of a walk without drift; `nil` where the hour was not evaluated, as the following.
            var z: Double?
            /// The unit of the series an hour.
            var slopePerHour: Double?
            var efficiency: Double?
            var storedHours: Int
            var neededHours: Int
        }

        /// How volatile the last day was.
        struct Volatility: Hashable, Sendable, Codable {
            var scope: String
            /// Percent a year; `nil` with fewer than 18 hours covered.
            var percentPerYear: Double?
            var coveredHours: Int
            /// Among the hours of the last 90 days, 0 to 1; `nil` with fewer than 336.
            var rank: Double?
            var rankedHours: Int
            var regime: String?
            /// `2025-10-23T16`
            var since: String?
        }

        /// Whether the score has stayed on one side.
        struct Sustained: Hashable, Sendable, Codable {
            /// `LONG` or `SHORT`; `nil` where it has not.
            var side: String?
            var since: String?
            var hours: Int?
            /// Stored hours among the last six.
            var storedHours: Int
            var status: String
        }

        var trends: [Trend]
        var volatility: [Volatility]
        var sustained: Sustained?
    }
}

extension HourReport.Course {
    /// Of one hour, the score being that of `model`.
    init(_ rows: HourTrends, model: SentimentModel) {
        trends = TrendScope.all.flatMap { scope in
            TrendSeries.of(scope).flatMap { series in
                TrendWindow.allCases.compactMap { window in rows.trend(series, window, of: scope).map { Trend($0) } }
            }
        }
        volatility = TrendScope.all.compactMap { rows.volatility(of: $0).map { Volatility($0) } }
        sustained = rows.sustained(model).map { Sustained($0) }
    }

    /// A line for each series of the market and for the price of each coin, then volatility and the score.
    var lines: [String] {
        let series = Dictionary(grouping: trends) { "\($0.scope) \($0.series)" }
        let told =
            TrendSeries.of(TrendScope.market).map { "\(TrendScope.market) \($0.rawValue)" }
            + TrendScope.coins.map { "\($0) \(TrendSeries.price.rawValue)" }
        return told.compactMap { name in
            series[name].map { "\(name): " + $0.map(\.text).joined(separator: ", ") }
        } + volatility.map(\.text) + [sustained?.text].compactMap { $0 }
    }
}

extension HourReport.Course.Trend {
    fileprivate init(_ row: TrendHour) {
        self.init(
            scope: row.scope, series: row.series.rawValue, windowHours: row.window.hours, state: row.state.rawValue,
            z: row.numbers?.z, slopePerHour: row.numbers?.slopePerHour, efficiency: row.numbers?.efficiency,
            storedHours: row.storedRows, neededHours: row.window.neededRows)
    }

    /// `72 h up (z 1.9)`, or what is missing.
    fileprivate var text: String {
        if let z { return "\(windowHours) h \(state.lowercased()) (z \(Numbers.fixed(z, 1)))" }
        guard storedHours < neededHours else { return "\(windowHours) h \(state.lowercased())" }
        return "\(windowHours) h needs \(neededHours) hours, has \(storedHours)"
    }
}

extension HourReport.Course.Volatility {
    fileprivate init(_ row: VolatilityHour) {
        self.init(
            scope: row.scope, percentPerYear: row.sigma.map { 100 * $0 }, coveredHours: row.coveredHours,
            rank: row.rank, rankedHours: row.historyCount, regime: row.regime?.rawValue,
            since: row.since.map { "\($0)" })
    }

    /// `MARKET volatility: 42 % a year, rank 0.86 of 900 hours, elevated since 2025-10-23T16`
    fileprivate var text: String {
        guard let percentPerYear else {
            return "\(scope) volatility: needs \(VolatilityEstimate.neededHours) of 24 hours, has \(coveredHours)"
        }
        let size = "\(scope) volatility: \(Numbers.fixed(percentPerYear, 0)) % a year"
        guard let rank else {
            let needed = ScopeVolatility.neededHistory
            return "\(size); a rank needs \(needed) hours, has \(rankedHours)"
        }
        let place = "\(size), rank \(Numbers.fixed(rank, 2)) of \(rankedHours) hours"
        return regime.map { "\(place), \($0.lowercased())" + (since.map { " since \($0)" } ?? "") } ?? place
    }
}

extension HourReport.Course.Sustained {
    fileprivate init(_ row: SustainedHour) {
        self.init(
            side: row.side?.rawValue, since: row.since.map { "\($0)" }, hours: row.hours, storedHours: row.storedRows,
            status: row.status.rawValue)
    }

    fileprivate var text: String {
        guard status == SustainedHour.Status.judged.rawValue else {
            return "Score: sustained needs \(SustainedScore.neededHours) of 6 hours, has \(storedHours)"
        }
        guard let side, let since, let hours else { return "Score: not sustained" }
        return "Score: sustained \(side) since \(since), \(hours) h"
    }
}
