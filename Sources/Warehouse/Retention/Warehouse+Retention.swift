import GRDB
import PerpCore
import WarehouseSQL

/// A loading of a raw file, by way of its staged file.
public struct RawLoading: Hashable, Sendable {
    public let exchange: Exchange
    public let rawSHA256: String
    public let transformVersion: Int
}

/// What a removal of old hours did, or would do.
public struct RemovedHours: Hashable, Sendable {
    /// Hours that the warehouse knew about.
    public var hours = 0
    public var tickers = 0
    /// Days that have a roll-up now.
    public var rolledUpDays = 0
}

extension Warehouse {
    /// Tables with an `hour`, children before their parents.
    static let tablesByHour = [
        "ticker", "long_short", "liquidation_total", "spot_ticker", "funding_settlement",
        "rejection", "field_finding", "market_liquidation", "liquidation_summary", "model_score",
        "market_summary", "exchange_summary", "exchange_class_summary", "exchange_hour_endpoint", "exchange_hour",
        "extract_run_endpoint", "extract_run_venue", "extract_run", "hour",
    ]

    /// The first hour that no retention has removed; `nil` when none ever ran. Raw may go back further:
    /// whoever rebuilds from it removes the hours before this one again.
    public func keptFrom() throws -> Hour? {
        try read { database in
            try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'kept_from'")
                .flatMap(Hour.init)
        }
    }

    /// Every loading of an hour's files there ever was, also of hours that are removed.
    public func loadings(of hour: Hour) throws -> [RawLoading] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT exchange_id, raw_sha256, transform_version FROM load_log WHERE hour = ?",
                arguments: [hour.start]
            ).map {
                try RawLoading(exchange: exchange(in: $0, at: 0), rawSHA256: $0.value(1), transformVersion: $0.value(2))
            }
        }
    }

    /// Brings the write-ahead log back to the database and to no length; `false` where a reader is in the way, and a
    /// later call may do it.
    public func shortenLog() throws -> Bool {
        do {
            _ = try queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
        {
            return false
        }
    }

    /// What `removeHours` would remove.
    public func hours(before cut: Hour) throws -> RemovedHours {
        try read { database in
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
    /// A day is one transaction: whoever is killed leaves whole days, and the next call goes on. What stays
    /// is what loading only the later hours would have given, but for summaries, which keep the history
    /// that they were made with. `load_log` and the roll-ups stay for good.
    /// - Parameter goesOn: asked before each day; `false` ends the work there.
    public func removeHours(before cut: Hour, goesOn: () -> Bool = { true }) throws -> RemovedHours {
        var removed = RemovedHours()
        let days = try read { try daysWithHours(before: cut, $0) }
        for day in days {
            guard goesOn() else { return removed }
            try unit { database in
                try rollUp(day, database)
                removed.rolledUpDays += 1
                let end = min(day.next.start, cut.start)
                try database.execute(
                    sql: "DELETE FROM liquidation WHERE occurred_at_ms < ?1 * 1000 AND until <= ?1",
                    arguments: [end])
                for table in Self.tablesByHour {
                    try database.execute(sql: "DELETE FROM \(table) WHERE hour < ?", arguments: [end])
                    if table == "ticker" { removed.tickers += database.changesCount }
                    if table == "hour" { removed.hours += database.changesCount }
                }
                // With the rows, so that whoever is killed after the last day has said so too.
                try keep(from: day == days.last ? cut : day.next.hour(0), database)
            }
        }
        forgetPreparedState()
        try unit { database in
            try clipRuns(before: cut, database)
            // A gap needs a known hour at either end.
            try database.execute(
                sql: WarehouseSQL.query("retention.forget_gaps_before"))
        }
        return removed
    }

    /// Notes the first hour that stays.
    private func keep(from hour: Hour, _ database: Database) throws {
        try database.execute(
            sql: WarehouseSQL.query("retention.keep_from"),
            arguments: [hour.description])
    }

    /// Writes the rows that stay of a day when its hours are gone.
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

    /// Keeps what the versions that go stated of contracts that are no coins.
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

    /// Makes versions of instruments, and runs of liquidations, be runs over the files that are left.
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
        // Files before the cut state no event after it, which bounds the search.
        let firstFile = first("liquidation", "staged_sha256 IS NOT NULL")
        let old = "occurred_at_ms < \(cut.next.startMilliseconds)"
        try database.execute(
            sql: "DELETE FROM liquidation WHERE \(old) AND (until <= \(firstFile) OR \(firstFile) IS NULL)")
        try database.execute(
            sql: "UPDATE liquidation SET hour = \(firstFile) WHERE \(old) AND hour < \(firstFile)")
    }
}
