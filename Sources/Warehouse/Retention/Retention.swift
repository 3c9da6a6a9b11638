import GRDB
import PerpCore
import WarehouseSQL

/// What a removal of old hours removed, or would remove.
public struct RemovedHours: Hashable, Sendable {
    /// The number of hours that the warehouse knew.
    public var hours = 0
    /// The number of tickers.
    public var tickers = 0
    /// The number of days that have a roll-up now.
    public var rolledUpDays = 0
}

/// The removal of old hours, and the return of the room that they took.
public struct Retention {
    let warehouse: Warehouse

    /// Uses a connection, which must be open for writing to remove anything.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The first hour that retention has not removed; `nil` when it never ran. Raw may go back further:
    /// a rebuild from raw must remove the hours before this one again.
    /// - Throws: an error of the database.
    public func keptFrom() throws -> Hour? {
        try warehouse.read { database in
            try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'kept_from'")
                .flatMap(Hour.init)
        }
    }

    /// Returns unused pages to the file system, at most `pages`.
    /// - Returns: the number of pages that were returned.
    /// - Throws: an error of the database.
    @discardableResult
    public func releaseFreePages(atMost pages: Int) throws -> Int {
        try warehouse.queue.writeWithoutTransaction { database in
            let before = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
            try database.execute(sql: "PRAGMA incremental_vacuum(\(pages))")
            return before - (try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0)
        }
    }

    /// Moves the write-ahead log into the database and empties it.
    /// - Returns: `false` when a reader prevents it; a later call may succeed.
    /// - Throws: an error of the database.
    public func shortenLog() throws -> Bool {
        do {
            _ = try warehouse.queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
        {
            return false
        }
    }

    /// What `removeHours` would remove.
    /// - Throws: an error of the database.
    public func hours(before cut: Hour) throws -> RemovedHours {
        try warehouse.read { database in
            RemovedHours(
                hours: try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM hour WHERE hour < ?", arguments: [cut.start]) ?? 0,
                tickers: try Int.fetchOne(
                    database, sql: "SELECT total(tickers) FROM exchange_hour WHERE hour < ?",
                    arguments: [cut.start]) ?? 0,
                rolledUpDays: try daysWithHours(before: cut, database).count)
        }
    }

    /// Removes the derived rows of all hours before `cut`, day by day, after the day has been rolled up.
    ///
    /// Each day is one transaction: a killed program leaves whole days, and the next call continues. What remains
    /// is what loading only the later hours would have given, except that summaries keep the history
    /// that they were made with. `load_log` and the roll-ups stay for good.
    /// - Parameter goesOn: called before each day; `false` ends the work there.
    /// - Throws: an error of the database; the days before it are removed.
    public func removeHours(before cut: Hour, goesOn: () -> Bool = { true }) throws -> RemovedHours {
        var removed = RemovedHours()
        let days = try warehouse.read { try daysWithHours(before: cut, $0) }
        for day in days {
            guard goesOn() else { return removed }
            try warehouse.unit { database in
                try rollUp(day, database)
                removed.rolledUpDays += 1
                let end = min(day.next.start, cut.start)
                try database.execute(
                    sql: "DELETE FROM liquidation WHERE occurred_at_ms < ?1 * 1000 AND until <= ?1",
                    arguments: [end])
                for table in StoredTable.byHour {
                    let first = StoredTable.countedLater.contains(table) ? end - Hour.seconds : end
                    try database.execute(sql: "DELETE FROM \(table) WHERE hour < ?", arguments: [first])
                    if table == "ticker" { removed.tickers += database.changesCount }
                    if table == "hour" { removed.hours += database.changesCount }
                }
                // In the same transaction, so that it is stored even if the program is killed after the last day.
                try keep(from: day == days.last ? cut : day.next.hour(0), database)
            }
        }
        warehouse.forgetPreparedState()
        try warehouse.unit { database in
            try clipRuns(before: cut, database)
            // A gap must have a known hour at either end.
            try database.execute(
                sql: WarehouseSQL.query("retention.forget_gaps_before"))
        }
        try warehouse.refreshFundingIntervals(before: cut)
        return removed
    }

    /// Stores the first hour that is kept.
    private func keep(from hour: Hour, _ database: Database) throws {
        try database.execute(
            sql: WarehouseSQL.query("retention.keep_from"),
            arguments: [hour.description])
    }

    /// Writes the roll-up of a day, which stays when its hours are removed.
    private func rollUp(_ day: CalendarDay, _ database: Database) throws {
        for sql in WarehouseSQL.rollUps {
            try database.cachedStatement(sql: sql).execute(arguments: ["day": day.start])
        }
    }

    /// The days with hours before `cut`, ascending.
    private func daysWithHours(before cut: Hour, _ database: Database) throws -> [CalendarDay] {
        try Int64.fetchAll(
            database,
            sql: "SELECT DISTINCT hour / 86400 FROM exchange_hour WHERE hour < ?1 UNION "
                + "SELECT DISTINCT hour / 86400 FROM hour WHERE hour < ?1 ORDER BY 1",
            arguments: [cut.start]
        ).map(CalendarDay.init(number:))
    }

    /// Stores the classes that removed versions stated for contracts that are not on coins.
    private func keepClasses(before firstList: String, _ database: Database) throws {
        let lastStated = """
            FROM instrument
            WHERE class_stated = 1 AND asset_class IS NOT NULL AND valid_from < \(firstList) AND valid_from = (
                SELECT max(o.valid_from) FROM instrument AS o
                WHERE o.exchange_id = instrument.exchange_id AND o.symbol = instrument.symbol AND o.class_stated = 1
                    AND o.asset_class IS NOT NULL AND o.valid_from < \(firstList))
            """
        try database.execute(
            sql: WarehouseSQL.query("retention.forget_coins", ["lastStated": lastStated]))
        try database.execute(
            sql: WarehouseSQL.query("retention.keep_classes", ["lastStated": lastStated]))
    }

    /// Shortens the versions of instruments and the runs of liquidations to the files that are left.
    private func clipRuns(before cut: Hour, _ database: Database) throws {
        func first(_ table: String, _ condition: String) -> String {
            """
            (SELECT min(x.hour) FROM exchange_hour AS x
            WHERE x.exchange_id = \(table).exchange_id AND x.\(condition))
            """
        }
        let firstList = first("instrument", "instruments > 0")
        try keepClasses(before: firstList, database)
        try database.execute(
            sql: "DELETE FROM instrument WHERE valid_to <= \(firstList) OR \(firstList) IS NULL")
        try database.execute(
            sql: "UPDATE instrument SET valid_from = \(firstList) WHERE valid_from < \(firstList)")
        // Files before the cut state no event after it, which limits the search.
        let firstFile = first("liquidation", "staged_sha256 IS NOT NULL")
        let old = "occurred_at_ms < \(cut.next.startMilliseconds)"
        try database.execute(
            sql: "DELETE FROM liquidation WHERE \(old) AND (until <= \(firstFile) OR \(firstFile) IS NULL)")
        try database.execute(
            sql: "UPDATE liquidation SET hour = \(firstFile) WHERE \(old) AND hour < \(firstFile)")
    }
}
