import Foundation
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

extension Warehouse {
    /// Replaces the kept tables and the taker fees, which are settings, by those of another database.
    /// - Throws: an error of the database; nothing is then changed.
    public func copyKeptTables(of other: Warehouse) throws {
        try attach(other.path, as: "live")
        defer { detach("live") }
        try transaction {
            // When the other database is empty, what is loaded here decides the origin.
            try execute("CREATE TEMP TABLE own AS SELECT name, value FROM main.setting WHERE name = 'origin'")
            let isBegun = try queue.inDatabase {
                try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM main.load_log)")
            }
            // A scratch database that is resumed already has the other log, followed by lines of its own.
            for table in StoredTable.kept where table != "load_log" || isBegun == false {
                try copyTable(table, from: "live")
            }
            try execute("INSERT OR IGNORE INTO main.setting (name, value) SELECT name, value FROM own; DROP TABLE own")
            try execute(
                WarehouseSQL.query("rebuild.copy_taker_fees"))
        }
    }

    /// Attaches another database file to this connection, under a name.
    func attach(_ path: String, as name: String) throws {
        try queue.inDatabase { try $0.execute(sql: "ATTACH DATABASE ? AS \(name)", arguments: [path]) }
    }

    /// Detaches a database; an error is ignored, because closing the connection detaches as well.
    func detach(_ name: String) { try? execute("DETACH DATABASE \(name)") }

    /// Replaces the rows of a table by those of an attached database. Columns that only one of them has are ignored.
    func copyTable(_ table: String, from schema: String) throws {
        let columns = try queue.inDatabase { database in
            let names = "SELECT name FROM pragma_table_info(?1, ?2)"
            let theirs = Set(try String.fetchAll(database, sql: names, arguments: [table, schema]))
            return try String.fetchAll(database, sql: names, arguments: [table, "main"]).filter(theirs.contains)
        }
        let list = columns.joined(separator: ", ")
        do {
            try execute(
                "DELETE FROM main.\(table); INSERT INTO main.\(table) (\(list)) SELECT \(list) FROM \(schema).\(table)")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT || columns.isEmpty {
            // Rows that the table's constraints refuse were not written by us.
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "table \(table): \(error.message ?? "unreadable")")
        }
    }

    /// The hours with fewer rows than the ledger says were loaded, one line each; empty when no row is missing.
    /// - Throws: an error of the database.
    public func lostRows() throws -> [String] {
        try queue.inDatabase { database in
            try [("ticker", "tickers"), ("spot_ticker", "spot_tickers"), ("rejection", "rejections")].flatMap {
                table, count in
                try GRDB.Row.fetchAll(
                    database,
                    sql: WarehouseSQL.query("rebuild.lost_rows", ["count": count, "table": table])
                ).map {
                    try
                        "\(table) of \(Hour(containing: $0.value(0) as Int64)): \($0.value(2) as Int) rows of \($0.value(1) as Int)"
                }
            }
        }
    }

    /// Whether the load log contains every line of another database's load log.
    /// - Throws: an error of the database.
    public func holdsLog(of other: Warehouse) throws -> Bool {
        let lines = "SELECT load_id, hour, exchange_id, staged_sha256 FROM load_log"
        func all(_ warehouse: Warehouse) throws -> Set<[DatabaseValue]> {
            try warehouse.queue.inDatabase {
                Set(try GRDB.Row.fetchAll($0, sql: lines).map { Array($0.databaseValues) })
            }
        }
        return try all(other).isSubset(of: all(self))
    }

    /// Two parts of the tables that take about the same time to check.
    public enum Half: CaseIterable, Sendable {
        /// The table of tickers.
        case tickers
        /// All other tables.
        case allElse
    }

    /// The problems that `PRAGMA integrity_check` and the foreign keys find, one line each; empty when there are none.
    /// - Throws: an error of the database.
    public func integrityProblems(in half: Half) throws -> [String] {
        try queue.inDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -4096")  // each page is read about once
            let tables = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name = 'ticker') = ?",
                arguments: [half == .tickers])
            return try tables.flatMap { table in
                let problems = try String.fetchAll(database, sql: "PRAGMA integrity_check(\(table))")
                let orphans = try GRDB.Row.fetchAll(database, sql: "PRAGMA foreign_key_check(\(table))")
                return try problems.filter { $0 != "ok" }
                    + orphans.map {
                        try "row \($0.value(1) as Int64? ?? 0) of \($0.value(0) as String) points to nothing"
                    }
            }
        }
    }

    /// The digests of all derived tables.
    /// - Throws: an error of the database.
    public func digests() throws -> [TableDigest] { try StoredTable.derived.map { try digest(of: $0.name) } }

    /// Replaces the whole content by that of another database, page by page, in one transaction of the live
    /// file: readers see the old content until it ends.
    /// - Parameter isEmpty: whether the live file is still empty. When nobody has it open either, its pages are
    ///   written once, and not first to the write-ahead log.
    /// - Parameter confirm: called before the last page; when it throws, the file keeps its old content.
    /// - Throws: what `confirm` throws, or an error of the database.
    public func replaceContent(
        by other: Warehouse, isEmpty: Bool = false, confirm: @escaping () throws -> Void = {}
    ) throws {
        forgetPreparedState()
        // Pages are copied in order: a large cache is of no use on either side.
        try other.execute("PRAGMA shrink_memory; PRAGMA cache_size = -4096")
        try execute("PRAGMA shrink_memory; PRAGMA cache_size = -4096")
        if isEmpty { try execute("PRAGMA journal_mode = TRUNCATE") }  // stays as it is while others read
        let pages = try other.queue.inDatabase { try CInt.fetchOne($0, sql: "PRAGMA page_count") ?? 2 }
        try other.queue.backup(to: queue, pagesPerStep: pages - 1) { progress in
            if !progress.isCompleted { try confirm() }
        }
        if isEmpty { try execute("PRAGMA journal_mode = WAL") }
    }

    /// Large indices that a rebuild does not use.
    private static let lateIndices = [
        "liquidation_open", "liquidation_total_hour", "funding_settlement_hour", "funding_settlement_symbol",
    ]

    /// Drops indices that are faster to make when all rows exist: `complete` makes them.
    /// - Throws: an error of the database.
    public func dropLateIndices() throws {
        for index in Self.lateIndices { try execute("DROP INDEX IF EXISTS \(index)") }
    }

    /// Makes the indices that another database of the same schema has and this one lacks, copies the user's own
    /// tables, views and triggers, and updates the statistics of the query planner.
    /// - Throws: an error of the database.
    public func complete(like other: Warehouse) throws {
        let indices = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        let wanted = try other.queue.inDatabase { try String.fetchAll($0, sql: indices) }
        let present = Set(try queue.inDatabase { try String.fetchAll($0, sql: indices) })
        // Rows are sorted in pieces of the size of the cache, which are written to files.
        try execute("PRAGMA shrink_memory; PRAGMA cache_size = -16384; PRAGMA temp_store = FILE")
        try takeOver(from: other)
        for index in wanted where !present.contains(index) { try execute(index) }
        try execute("PRAGMA optimize")
    }

    /// Copies the tables of another database that this one does not have, then views and triggers.
    private func takeOver(from other: Warehouse) throws {
        try attach(other.path, as: "other")
        defer { detach("other") }
        try transaction {
            for type in ["table", "view", "trigger"] {
                let rows = try queue.inDatabase { database in
                    try GRDB.Row.fetchAll(
                        database,
                        sql: WarehouseSQL.query("rebuild.take_over"),
                        arguments: [type])
                }
                for row in rows {
                    let name = (try row.value(0) as String).quotedDatabaseIdentifier
                    try execute(try row.value(1))
                    if type == "table" { try execute("INSERT INTO main.\(name) SELECT * FROM other.\(name)") }
                }
            }
        }
    }

    private func digest(of table: String) throws -> TableDigest {
        try queue.inDatabase { database in
            let listings = table == "ticker" ? try listingHashes(database) : [:]
            let query = try Statement(database, Self.comparedRows(of: table))
            var rows = 0
            var sum: UInt64 = 0
            try query.forEachRow { row in
                var hash = StableHash()
                // The number of a listing is a surrogate: the listing itself is compared.
                if !listings.isEmpty {
                    let number = try row.columns(as: Int64.self)
                    if let listing = listings[number] { hash.add(listing) }
                }
                row.add(to: &hash, from: listings.isEmpty ? 0 : 1)
                rows += 1
                sum &+= hash.value
            }
            return TableDigest(table: table, rows: rows, hash: sum)
        }
    }

    private static func comparedRows(of table: String) -> String {
        guard table == "ticker" else { return "SELECT * FROM \(table)" }
        return "SELECT listing_id, hour, \(FactTables.ticker.fieldList()) FROM ticker"
    }

    private func listingHashes(_ database: Database) throws -> [Int64: UInt64] {
        let query = try Statement(
            database, "SELECT listing_id, exchange_id, symbol, asset, asset_class, quote, kind, contract FROM listing")
        var hashes: [Int64: UInt64] = [:]
        try query.forEachRow { row in
            var hash = StableHash()
            row.add(to: &hash, from: 1)
            let number = try row.columns(as: Int64.self)
            hashes[number] = hash.value
        }
        return hashes
    }
}

/// A hash of 64 bits that is the same on every run and system, unlike `Hasher`. It uses the constants of FNV-1a, but takes
/// words of 64 bits and mixes in their upper bits with a shift, so its values are not those of FNV-1a. Never stored.
///
/// Source of the constants: http://www.isthe.com/chongo/tech/comp/fnv/
struct StableHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 ^ (value >> 29) }

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        add(UInt64(bytes.count))
        for byte in bytes { add(UInt64(byte)) }
    }
}
