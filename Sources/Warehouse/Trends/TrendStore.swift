import GRDB
import PerpCore
import Sealing
import Trends
import WarehouseSQL

/// Keeps trends, volatility and the sustained scores equal to what the series show: a function of `series_hour` alone.
///
/// Sealing an hour marks it; `refresh` makes the rows of the first marked hour and of all later ones. An hour that is later
/// than all others costs its own rows, and one that came late those of the hours after it as well.
final class TrendStore {
    let reader: TrendReader
    private let due: Statement
    private let firstHour: Statement
    private let deletions: [Statement]
    private let insertTrend: Statement
    private let insertSustained: Statement
    private let insertVolatility: Statement
    private let insertEvent: Statement
    private let moveMark: Statement
    private let unmark: Statement

    /// The tables that are made from `series_hour`.
    private static let tables = ["trend_hour", "sustained_hour", "volatility_hour", "volatility_event"]
    /// Hours that are made in one transaction.
    private static let hoursAtATime = 336

    init(_ database: Database) throws {
        reader = try TrendReader(database)
        due = try Statement(database, "SELECT from_hour FROM trend_due")
        firstHour = try Statement(database, "SELECT min(hour) FROM series_hour WHERE hour >= ?")
        deletions = try Self.tables.map {
            try Statement(database, "DELETE FROM \($0) WHERE hour >= ? AND hour < ?")
        }
        insertTrend = try Statement(database, WarehouseSQL.query("trend_store.insert_trend"))
        insertSustained = try Statement(database, WarehouseSQL.query("trend_store.insert_sustained"))
        insertVolatility = try Statement(database, WarehouseSQL.query("trend_store.insert_volatility"))
        insertEvent = try Statement(database, WarehouseSQL.query("trend_store.insert_event"))
        moveMark = try Statement(database, WarehouseSQL.query("trend_store.move_mark"))
        unmark = try Statement(database, "DELETE FROM trend_due")
    }

    /// The first marked hour that is stored; `nil` when nothing is to be done.
    func dueHour() throws -> Hour? {
        guard let marked = try due.first(as: Hour.self) else { return nil }
        return try firstHour.first(marked, as: Hour?.self) ?? nil
    }

    /// Makes the rows of the next hours from `first` on, and moves the mark behind them.
    /// - Parameter state: as it was before `first`; it is moved on.
    func refresh(from first: Hour, _ state: inout MarketTrends) throws {
        let end = first.advanced(by: Self.hoursAtATime)
        for deletion in deletions { try deletion.run(first, end) }
        for (hour, scopes) in try reader.series(from: first, before: end) {
            let (rows, events) = state.advance(to: hour, scopes)
            try write(rows, events)
        }
        try moveMark.run(end)
    }

    /// Removes the mark when no hour is left.
    func finish() throws { try unmark.run() }

    private func write(_ rows: HourTrends, _ events: [VolatilityEvent]) throws {
        for row in rows.trends {
            try insertTrend.run(
                row.hour, row.scope, row.series, row.window, row.storedRows, row.numbers?.slopePerHour,
                row.numbers?.efficiency, row.numbers?.z, row.state, row.since, row.version)
        }
        for row in rows.sustained {
            try insertSustained.run(
                row.hour, row.model, row.side, row.since, row.hours, row.storedRows, row.status, row.version)
        }
        for row in rows.volatility {
            try insertVolatility.run(
                row.hour, row.scope, row.sigma, row.coveredHours, row.historyCount, row.rank, row.regime, row.since,
                row.sums.up.value, row.sums.up.zeroAt, row.sums.down.value, row.sums.down.zeroAt, row.flags, row.version
            )
        }
        for event in events { try write(event) }
    }

    private func write(_ event: VolatilityEvent) throws {
        var (old, new, onset): (VolatilityRegime?, VolatilityRegime?, Hour?)
        switch event.kind {
        case .regime(let before, let after): (old, new) = (before, after)
        case .up(let began), .down(let began): onset = began
        }
        try insertEvent.run(
            event.hour, event.scope, event.kind.name, old, new, onset, event.sigma, event.rank, event.version)
    }
}

extension Warehouse {
    /// Makes the trends of the hours again of which something changed, some weeks in a transaction: a program that is killed
    /// leaves the mark, and the next call goes on.
    /// - Throws: an error of the database; the hours before it are made.
    func refreshTrends() throws {
        var state: MarketTrends?
        while let first = try queue.inDatabase({ try trends($0).dueHour() }) {
            try unit { database in
                let store = try trends(database)
                var trends = try state ?? store.reader.state(before: first)
                try store.refresh(from: first, &trends)
                state = trends
            }
        }
        if try queue.inDatabase({ try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM trend_due)") }) == true {
            try unit { try trends($0).finish() }
        }
    }

    func trends(_ database: Database) throws -> TrendStore {
        if let trendsStorage { return trendsStorage }
        let store = try TrendStore(database)
        trendsStorage = store
        return store
    }
}

extension SealedHours {
    /// What the history of hours says at a sealed hour; `nil` when nothing is stored of it.
    /// - Throws: an error of the database.
    public func trends(at hour: Hour) throws -> HourTrends? {
        try warehouse.read { try warehouse.trends($0).reader.rows(at: hour) }
    }
}
