import GRDB
import PerpCore

extension Warehouse {
    /// What is done to all rows of later hours, to see whether anything before depends on them.
    public enum Future: Hashable, Sendable {
        /// They are not there.
        case removed
        /// Their numbers are multiplied by factors between a half and two that a seed decides.
        case poisoned(seed: UInt64)
    }

    /// Changes what this connection reads of the hours after `hour`; the database stays as it is, and this connection writes
    /// no more.
    ///
    /// Views of the connection stand in place of the tables with an hour: whatever asks for a table by its name gets the
    /// changed rows. The views of the schema read the tables themselves. To be called before anything else is read, and once.
    /// - Throws: an error of the database.
    public func change(_ future: Future, after hour: Hour) throws {
        forgetPreparedState()
        // What loads files is prepared along with what reads; some of its statements are for tables alone.
        try queue.inDatabase { _ = try loader($0) }
        for table in StoredTable.all where table.origin != .here {
            let columns = try queue.inDatabase { database in
                try Row.fetchAll(
                    database, sql: "SELECT name, type FROM pragma_table_xinfo(?, 'main')", arguments: [table.name]
                ).map { try (name: $0.value("name") as String, type: $0.value("type") as String) }
            }
            guard columns.contains(where: { $0.name == "hour" }) else { continue }
            try stand(in: table.name, Self.rows(of: table.name, columns, future, after: hour))
        }
    }

    /// Puts a view in place of a table. Statements that would write are prepared, and fail when they are run.
    private func stand(in table: String, _ rows: String) throws {
        try execute("CREATE TEMP VIEW \(table) AS \(rows)")
        for change in ["INSERT", "UPDATE", "DELETE"] {
            try execute(
                "CREATE TEMP TRIGGER \(table)_\(change) INSTEAD OF \(change) ON temp.\(table) "
                    + "BEGIN SELECT RAISE(ABORT, 'a changed future is only read'); END")
        }
    }

    private static func rows(
        of table: String, _ columns: [(name: String, type: String)], _ future: Future, after hour: Hour
    ) -> String {
        switch future {
        case .removed: return "SELECT * FROM main.\(table) WHERE hour <= \(hour.start)"
        case .poisoned(let seed):
            let changed = columns.map { poisoned($0.name, $0.type, hour, seed) }
            return "SELECT \(changed.joined(separator: ", ")) FROM main.\(table)"
        }
    }

    /// A column, with its number changed in later hours.
    private static func poisoned(_ name: String, _ type: String, _ hour: Hour, _ seed: UInt64) -> String {
        guard type.hasPrefix("REAL") else { return name }
        // Any factor will do that is another one in each hour.
        let shift = seed % 1_000_003
        let factor = "(0.5 + 1.5 * ((hour / 3600 * 7919 + \(shift)) % 1000) / 1000.0)"
        return "CASE WHEN hour > \(hour.start) THEN \(name) * \(factor) ELSE \(name) END AS \(name)"
    }
}
