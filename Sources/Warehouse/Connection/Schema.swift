import GRDB
import PerpCore
import WarehouseSQL

/// Brings a database to the present schema.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in WarehouseSQL.migrations {
            // Checked at once: a check of the whole database would read a year of tickers.
            migrator.registerMigration(migration.name, foreignKeyChecks: .immediate) { database in
                try database.execute(sql: migration.sql)
            }
        }
        return migrator
    }

    /// A database without rows of the present schema, made once: a new file is a copy of its few pages, which takes a
    /// hundredth of the time of all migrations.
    private static let empty = Result {
        let queue = try DatabaseQueue(configuration: Warehouse.configuration(.writing))
        try update(queue, path: ":memory:")
        return queue
    }

    /// Applies missing migrations, writes the exchanges and recreates views whose text changed.
    static func migrate(_ queue: DatabaseQueue, path: String) throws {
        if try queue.read({ try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }) == 0 {
            try empty.get().backup(to: queue)
        } else {
            try update(queue, path: path)
        }
    }

    /// Does so step by step, whatever is there already.
    static func update(_ queue: DatabaseQueue, path: String) throws {
        let migrator = migrator
        if try queue.read(migrator.hasBeenSuperseded) { throw WarehouseError.newerSchema(path: path) }
        try migrator.migrate(queue)
        try queue.write { database in
            try writeExchanges(database)
            try writePlannerStatistics(database)
            try recreateViews(database)
        }
    }

    static func check(_ queue: DatabaseQueue, path: String) throws {
        let migrator = migrator
        try queue.read { database in
            if try migrator.hasBeenSuperseded(database) { throw WarehouseError.newerSchema(path: path) }
            if try !migrator.hasCompletedMigrations(database) { throw WarehouseError.olderSchema(path: path) }
        }
    }

    private static func writeExchanges(_ database: Database) throws {
        for exchange in Exchange.allCases {
            try database.execute(
                sql: WarehouseSQL.query("schema.write_exchanges"),
                arguments: [
                    exchange.id, exchange.displayName, exchange.custody.rawValue, exchange.position,
                ])
        }
    }

    private static func recreateViews(_ database: Database) throws {
        let wanted = WarehouseSQL.views.map { (name: $0.name, sql: definition(in: $0.sql)) }
        let rows = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'view'")
        let stored = Dictionary(
            uniqueKeysWithValues: try rows.map { try ($0.value("name") as String, $0.value("sql") as String) })
        // Views that are not ours belong to the user and stay. A migration drops one of ours that is no longer wanted.
        for view in wanted where stored[view.name] != view.sql {
            try database.execute(sql: "DROP VIEW IF EXISTS \(view.name.quotedName)")
            try database.execute(sql: view.sql)
        }
    }

    /// The text from `CREATE VIEW` on, as SQLite stores it.
    private static func definition(in file: String) -> String {
        let (newline, semicolon) = (UInt8(ascii: "\n"), UInt8(ascii: ";"))
        var text = file.utf8[...]
        while text.first == newline || text.starts(with: "--".utf8) {
            text = text.drop { $0 != newline }.dropFirst()
        }
        while let last = text.last, last == newline || last == semicolon { text.removeLast() }
        return String(Substring(text))
    }

    /// Gives the query planner the statistics of a full database, so that its plans are the same on the first
    /// day and in the second year, and no `ANALYZE` ever has to read the tickers.
    private static func writePlannerStatistics(_ database: Database) throws {
        try database.execute(sql: "ANALYZE exchange")  // makes the table of statistics when there is none
        let isPresent = try plannerStatistics.allSatisfy { row in
            try Bool.fetchOne(
                database, sql: "SELECT 1 FROM sqlite_stat1 WHERE tbl = ? AND idx IS ? AND stat = ?",
                arguments: [row.table, row.index, row.stat]) ?? false
        }
        if isPresent { return }
        for row in plannerStatistics {
            try database.execute(
                sql: "DELETE FROM sqlite_stat1 WHERE tbl = ? AND idx IS ?", arguments: [row.table, row.index])
            try database.execute(
                sql: "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
                arguments: [row.table, row.index, row.stat])
        }
        try database.execute(sql: "ANALYZE sqlite_schema")  // reads the statistics, not the tables
    }

    /// Rows, then rows for each value of the first column, the first two and so on.
    private static let plannerStatistics: [(table: String, index: String?, stat: String)] = [
        ("ticker", "ticker", "29000000 3300 1"),
        ("hour", nil, "8760"),
        ("listing", "listing_symbol", "4000 3"),
        ("listing", "listing_asset", "4000 8 2"),
        ("listing", "sqlite_autoindex_listing_1", "4000 500 1 1 1 1 1 1 1"),
    ]
}
