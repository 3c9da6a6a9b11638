import Foundation
import GRDBSQLite
import PerpCore

/// Reads the database that `load` made, through SQLite's C interface.
final class LoadedRows {
    private var database: OpaquePointer?

    init(path: String) throws {
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
            throw ConformanceFailure("\(path): cannot be opened")
        }
    }

    deinit { sqlite3_close_v2(database) }

    /// Compares the rows of an exchange's hour with the lines of its staged file. Returns the differences.
    func problems(_ exchange: Exchange, _ hour: Hour, staged: StagedLines) throws -> [String] {
        let here = "exchange_id = '\(exchange.id)' AND hour = \(hour.start)"
        var problems: [String] = []
        func compare(_ record: String, _ sql: String, _ staged: Int) throws {
            let loaded = try count(sql)
            if loaded != staged { problems.append("\(record): \(staged) staged, \(loaded) loaded") }
        }
        try compare(
            "ticker", "SELECT count(*) FROM ticker JOIN listing USING (listing_id) WHERE \(here)",
            staged.all("ticker").count)
        // A row covers a run of hours: from the first file that states it until a later file does not.
        func running(_ from: String, _ to: String) -> String {
            "exchange_id = '\(exchange.id)' AND \(from) <= \(hour.start) AND (\(to) IS NULL OR \(to) > \(hour.start))"
        }
        // An hour whose instruments response has no rows changes nothing: the earlier rows stay valid.
        if !staged.all("instrument").isEmpty {
            try compare(
                "instrument", "SELECT count(*) FROM instrument WHERE \(running("valid_from", "valid_to"))",
                staged.all("instrument").count)
        }
        for (table, key) in [
            ("long_short", ["symbol", "population", "period", "observed_at_ms"]),
            ("funding_settlement", ["symbol", "settled_at_ms"]), ("spot_ticker", ["symbol", "quote"]),
        ] {
            // Two lines that state the same event make one row.
            let distinct = Set(staged.all(table).map { record in key.map { "\(record[$0] ?? "")" } }).count
            try compare(table, "SELECT count(*) FROM \(table) WHERE \(here)", distinct)
        }
        // Equal liquidations of one response are different events.
        try compare(
            "liquidation", "SELECT count(*) FROM liquidation WHERE \(running("hour", "until"))",
            staged.all("liquidation").count)
        try compare("rejection", "SELECT count(*) FROM rejection WHERE \(here)", staged.all("rejection").count)
        return problems
    }

    private func count(_ sql: String) throws -> Int {
        guard let number = try rows(sql).first?.first as? Double else { throw ConformanceFailure("\(sql): returns no number") }
        return Int(number)
    }

    /// The rows of a query's result: texts, numbers, and `nil` for NULL.
    func rows(_ sql: String) throws -> [[Any?]] {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        func refuse() -> ConformanceFailure {
            ConformanceFailure("the warehouse refuses '\(sql)': \(String(cString: sqlite3_errmsg(database)))")
        }
        guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else { throw refuse() }
        var rows: [[Any?]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append((0..<sqlite3_column_count(statement)).map { value(statement, $0) })
            case SQLITE_DONE: return rows
            default: throw refuse()
            }
        }
    }

    private func value(_ statement: OpaquePointer?, _ column: Int32) -> Any? {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_NULL: nil
        case SQLITE_TEXT: sqlite3_column_text(statement, column).map { String(cString: $0) }
        default: sqlite3_column_double(statement, column)
        }
    }
}
