import GRDB
import PerpCore
import Sealing
import Trends
import WarehouseSQL

/// Writes what each sealed hour adds to the series of the market and of the coins.
final class SeriesStore {
    private let reader: HourReader
    private let lastHour: Statement
    private let lastStored: Statement
    private let insert: Statement
    private let mark: Statement
    /// The chains after the hour that was written last, in the order of `TrendScope.all`.
    private var chains: (hour: Hour, scopes: [ScopeChains])?

    init(_ database: Database, reader: HourReader) throws {
        self.reader = reader
        lastHour = try Statement(database, "SELECT max(hour) FROM series_hour WHERE hour < ?")
        lastStored = try Statement(database, WarehouseSQL.query("trend_store.last_stored"))
        insert = try Statement(database, WarehouseSQL.query("trend_store.insert_series"))
        mark = try Statement(database, WarehouseSQL.query("trend_store.mark"))
    }

    /// Writes the rows of an hour, and marks it and later ones: their trends are to be made again.
    func write(_ summary: HourSummary) throws {
        guard !summary.scopes.isEmpty else { return }
        var scopes = try chains(before: summary.hour)
        let scores = scores(of: summary)
        for place in scopes.indices {
            guard let measure = summary.scopes.first(where: { $0.scope == scopes[place].scope }) else { continue }
            let isMarket = measure.scope == TrendScope.market
            try write(scopes[place].measure(measure, scores: isMarket ? scores : [:]))
        }
        chains = (summary.hour, scopes)
        try mark.run(summary.hour)
    }

    /// The composites that are of coins alone.
    private func scores(of summary: HourSummary) -> [SentimentModel: Double] {
        summary.markets.reduce(into: [:]) { scores, row in
            if row.knowsClasses { scores[row.model] = row.compositeScore }
        }
    }

    private func write(_ row: SeriesHour) throws {
        let (price, openInterest) = (Gap(row.price), Gap(row.openInterest))
        try insert.run(
            row.hour, row.scope, price.hours, price.change, openInterest.hours, openInterest.change,
            row.fundingPercent8h, row.scores[.v2], row.scores[.seedV1])
    }

    /// The chains before an hour: kept from the hour before it, or begun anew after the last hours that are stored in them.
    private func chains(before hour: Hour) throws -> [ScopeChains] {
        let last = try lastHour.first(hour, as: Hour?.self) ?? nil
        if let chains, chains.hour == last { return chains.scopes }
        var stored: [String: (price: Hour?, openInterest: Hour?)] = [:]
        try lastStored.forEach(hour.advanced(by: -Step.longestGap), hour) { scope, price, openInterest in
            stored[scope] = (price, openInterest)
        }
        var snapshots: [Hour: [ScopeMeasure]] = [:]
        for hour in Set(stored.values.flatMap { [$0.price, $0.openInterest] }.compactMap { $0 }) {
            snapshots[hour] = try reader.scopes(at: hour)
        }
        return TrendScope.all.map { scope in
            func snapshot(_ hour: Hour?) -> ScopeSnapshot? {
                hour.flatMap { snapshots[$0]?.first { $0.scope == scope }?.snapshot }
            }
            return ScopeChains(
                scope: scope, price: snapshot(stored[scope]?.price),
                openInterest: snapshot(stored[scope]?.openInterest))
        }
    }
}

/// A chain's value as two columns: the hours since the stored hour before, 0 where the chain begins, and the change.
struct Gap {
    var hours: Int?
    var change: Double?

    init(_ value: SeriesValue?) {
        switch value {
        case .step(let step): (hours, change) = (step.gapHours, step.change)
        case .start: hours = 0
        case .level, nil: break
        }
    }

    init(hours: Int?, change: Double?) {
        self.hours = hours
        self.change = change
    }

    var value: SeriesValue? {
        guard let hours else { return nil }
        return hours == 0 ? .start : change.map { .step(Step(gapHours: hours, change: $0)) }
    }
}
