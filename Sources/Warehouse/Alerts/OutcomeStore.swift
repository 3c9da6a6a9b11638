import GRDB
import PerpCore
import WarehouseSQL

/// What came of alerts, and which of it must be looked at again.
public struct OutcomeStore {
    static let table = RecordTable<OutcomeRow>("alert_outcome")

    let warehouse: Warehouse

    /// Uses a connection, which must be open for writing to store anything.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// An alert whose outcome is missing, may have become known, or may be another one.
    public struct Due: Hashable, Sendable {
        /// The alert.
        public var event: AlertEvent
        /// Whether its row stands but for the end: it is open, and nothing before the decision has changed.
        public var isOpen: Bool
    }

    /// All rows, by hour and key of the alert.
    /// - Throws: an error of the database.
    public func rows() throws -> [OutcomeRow] {
        try warehouse.read { database in
            let query = try Statement(
                database, "SELECT \(Self.table.columnList) FROM alert_outcome ORDER BY decided, key")
            var rows: [OutcomeRow] = []
            try query.forEachRow { rows.append(try $0.record()) }
            return rows
        }
    }

    /// The first hour of which something was loaded since the last refresh; an old one when there was none, `nil` when
    /// nothing was. A settlement that is stated for the first time changes the hour in which it was settled.
    /// - Throws: an error of the database.
    public func changedFrom() throws -> Hour? {
        try warehouse.read { database in
            guard let done = try progress(database) else { return Hour(containing: 0 as Int64) }
            let first = try Statement(database, WarehouseSQL.query("outcomes.changed_from"))
                .first(done, as: (Hour?, Hour?).self)
            return [first?.0, first?.1].compactMap(\.self).min()
        }
    }

    /// The alerts that must be looked at: those without a row, the open ones, and those whose facts may have changed.
    ///
    /// Rows that look back on removed hours stay as they are once they are known.
    /// - Parameters:
    ///   - changed: the first hour that has changed; `nil` when none has.
    ///   - last: the last sealed hour; an alert of it cannot have an entry yet.
    ///   - kept: the first alert that looks back on whole hours.
    /// - Throws: an error of the database.
    public func due(changedFrom changed: Hour?, before last: Hour, wholeFrom kept: Hour?) throws -> [Due] {
        let changed = changed ?? Hour(containing: Int64(4_102_444_800))
        return try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("outcomes.due"))
                .map(changed, last, kept ?? Hour(containing: 0 as Int64)) {
                    Due(
                        event: AlertEvent(
                            hour: $0, key: $1, strategy: $2, direction: $3, confidence: $4, adjusted: $5, boost: $6,
                            estimate: $7, regime: $8, shortLeg: $9, longLeg: $10),
                        isOpen: $11)
                }
        }
    }

    /// Stores rows in place of those of the same alerts, and that all that is sealed by now is in them.
    /// - Throws: an error of the database; nothing is then stored.
    public func store(_ rows: [OutcomeRow]) throws {
        try warehouse.unit { database in
            let marks = Self.table.columns.map { _ in "?" }.joined(separator: ", ")
            let insert = try Statement(
                database,
                WarehouseSQL.query("outcomes.replace", ["columns": Self.table.columnList, "marks": marks]))
            for row in rows {
                withUnsafePointer(to: row) { insert.bind(Self.table.fields, of: $0, behind: 0) }
                try insert.runBound()
            }
            // What is loaded and not sealed yet is looked at again.
            let loaded = try Int64.fetchOne(database, sql: WarehouseSQL.query("outcomes.loaded")) ?? 0
            guard try progress(database) != loaded else { return }
            try database.execute(sql: "DELETE FROM outcome_progress")
            try database.execute(sql: "INSERT INTO outcome_progress (load_id) VALUES (?)", arguments: [loaded])
        }
    }

    /// Removes all rows, so that a refresh makes them anew.
    /// - Throws: an error of the database; nothing is then removed.
    public func removeAll() throws {
        try warehouse.unit { database in
            try database.execute(sql: "DELETE FROM alert_outcome; DELETE FROM outcome_progress")
        }
    }

    /// Forgets what the rows know, so that a refresh looks at all alerts again that look back on whole hours.
    /// - Throws: an error of the database.
    public func forgetProgress() throws { try warehouse.execute("DELETE FROM outcome_progress") }

    private func progress(_ database: Database) throws -> Int64? {
        try Int64.fetchOne(database, sql: "SELECT load_id FROM outcome_progress")
    }
}
