import GRDB
import PerpCore
import WarehouseSQL

/// The number of rows of a table, and a hash of them that does not depend on their order.
public struct TableDigest: Hashable, Sendable {
    /// The name of the table.
    public let table: String
    /// The number of rows.
    public let rows: Int
    /// The hash: equal for tables with equal rows, and not stable between versions.
    public let hash: UInt64
}

/// Two parts of the tables that take about the same time to check.
public enum TableHalf: CaseIterable, Sendable {
    /// The table of tickers.
    case tickers
    /// All other tables.
    case allElse
}

/// Whether a database holds what it should: all rows that were loaded, undamaged, and the same as in another one.
public struct Integrity {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The hours with fewer rows than the ledger says were loaded, one line each; empty when no row is missing.
    /// - Throws: an error of the database.
    public func lostRows() throws -> [String] {
        try warehouse.queue.inDatabase { database in
            try [("ticker", "tickers"), ("spot_ticker", "spot_tickers"), ("rejection", "rejections")].flatMap {
                table, count in
                try Statement(database, WarehouseSQL.query("rebuild.lost_rows", ["count": count, "table": table]))
                    .map { (hour: Hour, wanted: Int, rows: Int) in "\(table) of \(hour): \(rows) rows of \(wanted)" }
            }
        }
    }

    /// Whether the load log contains every line of another database's load log.
    /// - Throws: an error of the database.
    public func holdsLog(of other: Warehouse) throws -> Bool {
        let log = "SELECT load_id, hour, exchange_id, staged_sha256 FROM load_log"
        func lines(of warehouse: Warehouse) throws -> Set<[DatabaseValue]> {
            try warehouse.queue.inDatabase {
                Set(try Row.fetchAll($0, sql: log).map { Array($0.databaseValues) })
            }
        }
        return try lines(of: other).isSubset(of: lines(of: warehouse))
    }

    /// The problems that `PRAGMA integrity_check` and the foreign keys find, one line each; empty when there are none.
    /// - Throws: an error of the database.
    public func problems(in half: TableHalf) throws -> [String] {
        try warehouse.queue.inDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -4096")  // each page is read about once
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name = 'ticker') = ?",
                arguments: [half == .tickers])
            return try tables.flatMap { table in
                let problems = try String.fetchAll(database, sql: "PRAGMA integrity_check(\(table))")
                let orphans = try Statement(database, "PRAGMA foreign_key_check(\(table))").map {
                    (table: String, row: Int64?) in "row \(row ?? 0) of \(table) points to nothing"
                }
                return problems.filter { $0 != "ok" } + orphans
            }
        }
    }

    /// The digests of all derived tables.
    /// - Throws: an error of the database.
    public func digests() throws -> [TableDigest] { try StoredTable.derived.map { try digest(of: $0.name) } }

    private func digest(of table: String) throws -> TableDigest {
        try warehouse.queue.inDatabase { database in
            let surrogates = Surrogates.byTable[table]
            // A surrogate number says nothing: what it stands for is compared.
            let meanings = try surrogates?.references.map { try hashes(database, $0) } ?? []
            let query = try Statement(database, surrogates?.comparedRows(of: table) ?? "SELECT * FROM \(table)")
            var rows = 0
            var sum: UInt64 = 0
            try query.forEachRow { row in
                var hash = StableHash()
                for (column, meaning) in meanings.enumerated() {
                    if let meaning = try meaning[row.integer(column)] { hash.add(meaning) }
                }
                row.add(to: &hash, from: Int32(meanings.count))
                rows += 1
                sum &+= hash.value
            }
            return TableDigest(table: table, rows: rows, hash: sum)
        }
    }

    private func hashes(_ database: Database, _ reference: Surrogates.Reference) throws -> [Int64: UInt64] {
        let query = try Statement(
            database, "SELECT \(reference.column), \(reference.meaning.joined(separator: ", ")) FROM \(reference.table)"
        )
        var hashes: [Int64: UInt64] = [:]
        try query.forEachRow { row in
            var hash = StableHash()
            row.add(to: &hash, from: 1)
            hashes[try row.integer(0)] = hash.value
        }
        return hashes
    }
}
