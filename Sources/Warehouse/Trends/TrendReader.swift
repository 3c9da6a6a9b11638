import GRDB
import PerpCore
import Sealing
import Trends
import WarehouseSQL

/// Reads series, trends and volatility back.
final class TrendReader {
    private let series: Statement
    private let trends: Statement
    private let volatility: Statement
    private let sustained: Statement
    private let sigmas: Statement
    private let lastVolatility: Statement
    private let lastSustained: Statement

    init(_ database: Database) throws {
        series = try Statement(database, WarehouseSQL.query("trend_store.series"))
        trends = try Statement(database, WarehouseSQL.query("trend_store.trends"))
        volatility = try Statement(database, WarehouseSQL.query("trend_store.volatility"))
        sustained = try Statement(database, WarehouseSQL.query("trend_store.sustained"))
        sigmas = try Statement(database, WarehouseSQL.query("trend_store.sigmas"))
        lastVolatility = try Statement(database, WarehouseSQL.query("trend_store.last_volatility"))
        lastSustained = try Statement(database, WarehouseSQL.query("trend_store.last_sustained"))
    }

    /// The rows of one hour; `nil` without any.
    func rows(at hour: Hour) throws -> HourTrends? {
        let rows = HourTrends(
            trends: try trends(from: hour, before: hour.next),
            volatility: try volatility(from: hour, before: hour.next),
            sustained: try sustained(from: hour, before: hour.next))
        return rows.volatility.isEmpty ? nil : rows
    }

    /// What the hours from `first` to before `end` add to the series, by hour, ascending.
    func series(from first: Hour, before end: Hour) throws -> [(hour: Hour, scopes: [SeriesHour])] {
        var hours: [(hour: Hour, scopes: [SeriesHour])] = []
        try series.forEachRow(first, end) { row in
            let hour: Hour = try row.value(0)
            if hours.last?.hour != hour { hours.append((hour, [])) }
            var scores: [SentimentModel: Double] = [:]
            scores[.v2] = row.optionalNumber(7)
            scores[.seedV1] = row.optionalNumber(8)
            hours[hours.count - 1].scopes.append(
                SeriesHour(
                    hour: hour, scope: try row.value(1),
                    price: Gap(hours: try row.value(2), change: row.optionalNumber(3)).value,
                    openInterest: Gap(hours: try row.value(4), change: row.optionalNumber(5)).value,
                    fundingPercent8h: row.optionalNumber(6), scores: scores))
        }
        return hours
    }

    /// The state of all trends before an hour, from which it goes on.
    func state(before hour: Hour) throws -> MarketTrends {
        let past = try Past(self, before: hour)
        return MarketTrends(
            scopes: TrendScope.all.map { past.trends(of: $0) },
            sustained: SentimentModel.allCases.map { past.sustained($0) })
    }

    private func trends(from first: Hour, before end: Hour) throws -> [TrendHour] {
        try trends.map(first, end) {
            (
                hour: Hour, scope: String, series: TrendSeries, window: TrendWindow, count: Int, slope: Double?,
                efficiency: Double?, z: Double?, state: TrendState, since: Hour?
            ) in
            var numbers: TrendNumbers?
            if let slope, let efficiency, let z {
                numbers = TrendNumbers(rows: count, slopePerHour: slope, efficiency: efficiency, z: z)
            }
            return TrendHour(
                hour: hour, series: series, scope: scope, window: window, storedRows: count, numbers: numbers,
                state: state, since: since)
        }
    }

    private func volatility(from first: Hour, before end: Hour) throws -> [VolatilityHour] {
        try volatility.map(first, end) {
            (
                hour: Hour, scope: String, sigma: Double?, covered: Int, history: Int, rank: Double?,
                regime: VolatilityRegime?, since: Hour?, up: Double, upZero: Hour?, down: Double, downZero: Hour?,
                flags: [VolatilityFlag]
            ) in
            VolatilityHour(
                hour: hour, scope: scope, sigma: sigma, coveredHours: covered, historyCount: history, rank: rank,
                regime: regime, since: since, sums: ChangeSums(up: up, upZero, down: down, downZero), flags: flags)
        }
    }

    private func sustained(from first: Hour, before end: Hour) throws -> [SustainedHour] {
        try sustained.map(first, end) {
            (
                hour: Hour, model: SentimentModel, side: ScoreSide?, since: Hour?, count: Int,
                status: SustainedHour.Status
            ) in
            SustainedHour(hour: hour, model: model, side: side, since: since, storedRows: count, status: status)
        }
    }

    /// All that the state before an hour is made from.
    private struct Past {
        var series: [(hour: Hour, scopes: [SeriesHour])]
        var week: ArraySlice<(hour: Hour, scopes: [SeriesHour])>
        var trends: [TrendKey: [TrendHour]]
        var volatility: [String: [VolatilityHour]]
        var sigmas: [String: [TrailingSample.Entry]] = [:]
        var sums: [String: ChangeSums] = [:]
        var sides: [SentimentModel: (side: ScoreSide?, since: Hour?)] = [:]
        let hour: Hour

        struct TrendKey: Hashable {
            var scope: String
            var series: TrendSeries
        }

        init(_ reader: TrendReader, before hour: Hour) throws {
            self.hour = hour
            let day = hour.advanced(by: -24)
            series = try reader.series(from: hour.advanced(by: -ScopeVolatility.usualHours), before: hour)
            let first = hour.advanced(by: -TrendWindow.week.hours)
            week = series.drop { $0.hour < first }
            trends = Dictionary(grouping: try reader.trends(from: day, before: hour)) {
                TrendKey(scope: $0.scope, series: $0.series)
            }
            volatility = Dictionary(grouping: try reader.volatility(from: day, before: hour), by: \.scope)
            try readRest(reader)
        }

        private mutating func readRest(_ reader: TrendReader) throws {
            var (found, sums) = ([String: [TrailingSample.Entry]](), [String: ChangeSums]())
            for scope in TrendScope.all {
                var entries: [TrailingSample.Entry] = []
                entries.reserveCapacity(ScopeVolatility.rankHours)
                try reader.sigmas.forEachRow(hour.advanced(by: -ScopeVolatility.rankHours), hour, scope) { row in
                    entries.append(
                        TrailingSample.Entry(hour: Hour(containing: try row.integer(0)), value: try row.number(1)))
                }
                found[scope] = entries
            }
            try reader.lastVolatility.forEach(hour) {
                (scope: String, up: Double, upZero: Hour?, down: Double, downZero: Hour?) in
                sums[scope] = ChangeSums(up: up, upZero, down: down, downZero)
            }
            (sigmas, self.sums) = (found, sums)
            var sides: [SentimentModel: (side: ScoreSide?, since: Hour?)] = [:]
            try reader.lastSustained.forEach(hour) { (model: SentimentModel, side: ScoreSide?, since: Hour?) in
                sides[model] = (side, since)
            }
            self.sides = sides
        }

        func trends(of scope: String) -> ScopeTrends {
            ScopeTrends(
                scope: scope,
                trends: TrendSeries.of(scope).map { name in
                    let rows = trends[TrendKey(scope: scope, series: name)] ?? []
                    let memories = Dictionary(grouping: rows, by: \.window).mapValues { TrendMemory($0) }
                    return SeriesTrend(name, scope: scope, rows: Self.rows(week, scope, name), memories: memories)
                },
                volatility: ScopeVolatility(
                    scope: scope, steps: Self.rows(series[...], scope, .price), sigmas: sigmas[scope] ?? [],
                    memory: RegimeMemory(volatility[scope] ?? []), sums: sums[scope] ?? ChangeSums()))
        }

        private static func rows(
            _ hours: ArraySlice<(hour: Hour, scopes: [SeriesHour])>, _ scope: String, _ series: TrendSeries
        ) -> [SeriesRow] {
            hours.compactMap { hour, scopes in
                scopes.first { $0.scope == scope }?[series].map { SeriesRow(hour: hour, value: $0) }
            }
        }

        func sustained(_ model: SentimentModel) -> SustainedScore {
            let first = hour.advanced(by: -SustainedScore.windowHours)
            let recent = week.drop { $0.hour < first }.compactMap { hour, scopes in
                scopes.first { $0.scope == TrendScope.market }?.scores[model].map {
                    HourlyScore(hour: hour, composite: $0)
                }
            }
            return SustainedScore(model, recent: recent, side: sides[model]?.side, since: sides[model]?.since)
        }
    }
}

extension ChangeSums {
    fileprivate init(up: Double, _ upZero: Hour?, down: Double, _ downZero: Hour?) {
        self.init(up: Sum(value: up, zeroAt: upZero), down: Sum(value: down, zeroAt: downZero))
    }
}
