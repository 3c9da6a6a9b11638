import Foundation
import GRDB
import PerpCore
import WarehouseSQL

/// An exchange's hour, the grain of files.
public struct ExchangeHour: Hashable, Sendable, Comparable {
    public let hour: Hour
    public let exchange: Exchange

    public init(_ exchange: Exchange, _ hour: Hour) {
        self.exchange = exchange
        self.hour = hour
    }

    public static func < (left: ExchangeHour, right: ExchangeHour) -> Bool {
        (left.hour, left.exchange) < (right.hour, right.exchange)
    }
}

/// What is loaded of an exchange's hour.
public struct LoadedRaw: Hashable, Sendable {
    public let rawSHA256: String
    public let transformVersion: Int
    public let stagedSHA256: String
}

/// Rows of a table, and a hash of them that does not depend on their order.
public struct TableDigest: Hashable, Sendable {
    public let table: String
    public let rows: Int
    /// Equal for tables with equal rows; says nothing else.
    public let hash: UInt64
}

extension Warehouse {
    /// What is loaded, by exchange and hour, in a span of hours or in all.
    public func loadedRaw(in hours: ClosedRange<Hour>? = nil) throws -> [ExchangeHour: LoadedRaw] {
        try queue.inDatabase { database in
            let query = try Statement(
                database,
                WarehouseSQL.query("rebuild.loaded_raw"))
            var loaded: [ExchangeHour: LoadedRaw] = [:]
            try query.forEach(hours?.lowerBound.start ?? .min, hours?.upperBound.start ?? .max) {
                hour, exchange, rawSHA256, transformVersion, stagedSHA256 in
                loaded[ExchangeHour(exchange, hour)] = LoadedRaw(
                    rawSHA256: rawSHA256, transformVersion: transformVersion, stagedSHA256: stagedSHA256)
            }
            return loaded
        }
    }

    /// The tables that no rebuild touches.
    static let keptTables = [
        "load_log", "alert", "alert_state", "alert_outbox", "check_result", "schema_drift", "exchange_day",
        "market_day",
        "setting", "known_class",
    ]

    /// Copies the kept tables of another database in place of this one's, and the taker fees, which are settings.
    public func copyKeptTables(of other: Warehouse) throws {
        try attach(other.path, as: "live")
        defer { detach("live") }
        try transaction {
            // Where the other one holds nothing yet, what is loaded here decides the origin.
            try execute("CREATE TEMP TABLE own AS SELECT name, value FROM main.setting WHERE name = 'origin'")
            let isBegun = try queue.inDatabase {
                try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM main.load_log)")
            }
            // A scratch database that goes on has the other one's log already, and lines of its own behind it.
            for table in Self.keptTables where table != "load_log" || isBegun == false {
                try copyTable(table, from: "live")
            }
            try execute("INSERT OR IGNORE INTO main.setting (name, value) SELECT name, value FROM own; DROP TABLE own")
            try execute(
                WarehouseSQL.query("rebuild.copy_taker_fees"))
        }
    }

    /// Makes the tables of another file part of this connection, under a name.
    func attach(_ path: String, as name: String) throws {
        try queue.inDatabase { try $0.execute(sql: "ATTACH DATABASE ? AS \(name)", arguments: [path]) }
    }

    /// Closing the connection detaches as well.
    func detach(_ name: String) { try? execute("DETACH DATABASE \(name)") }

    /// Replaces a table's rows by those of an attached database. Columns of its own are left there.
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
            // Rows that the table's own rules refuse were not written by us.
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "table \(table): \(error.message ?? "unreadable")")
        }
    }

    /// Hours of which the ledger says that more was loaded than is there; empty when all is there.
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

    /// Whether every line of another database's log of loadings is in this one's.
    public func holdsLog(of other: Warehouse) throws -> Bool {
        let lines = "SELECT load_id, hour, exchange_id, staged_sha256 FROM load_log"
        func all(_ warehouse: Warehouse) throws -> Set<[DatabaseValue]> {
            try warehouse.queue.inDatabase {
                Set(try GRDB.Row.fetchAll($0, sql: lines).map { Array($0.databaseValues) })
            }
        }
        return try all(other).isSubset(of: all(self))
    }

    /// Halves of the tables, as to the time that checking them takes.
    public enum Half: CaseIterable, Sendable {
        case tickers
        case allElse
    }

    /// What `PRAGMA integrity_check` and the foreign keys complain of; empty when all is well.
    public func integrityProblems(in half: Half) throws -> [String] {
        try queue.inDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -4096")  // each page is asked for about once
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
    public func digests() throws -> [TableDigest] { try Self.derivedTables.map(digest) }

    /// Replaces the whole content by another database's, page by page, in one transaction of the live
    /// file: who reads meanwhile goes on seeing the old content.
    /// - Parameter isEmpty: whether the live file holds nothing yet. Where nobody has it open either, it is
    ///   written once instead of first into the write-ahead log.
    /// - Parameter confirm: called before the last page; what it throws leaves the file as it was.
    public func replaceContent(
        by other: Warehouse, isEmpty: Bool = false, confirm: @escaping () throws -> Void = {}
    ) throws {
        forgetPreparedState()
        // Pages go from one file to the other in order: neither side has a use for a large cache.
        try other.execute("PRAGMA shrink_memory; PRAGMA cache_size = -4096")
        try execute("PRAGMA shrink_memory; PRAGMA cache_size = -4096")
        if isEmpty { try execute("PRAGMA journal_mode = TRUNCATE") }  // stays as it is while others read
        let pages = try other.queue.inDatabase { try CInt.fetchOne($0, sql: "PRAGMA page_count") ?? 2 }
        try other.queue.backup(to: queue, pagesPerStep: pages - 1) { progress in
            if !progress.isCompleted { try confirm() }
        }
        if isEmpty { try execute("PRAGMA journal_mode = WAL") }
    }

    /// Indices of many rows that no rebuild asks.
    private static let lateIndices = [
        "liquidation_open", "liquidation_total_hour", "funding_settlement_hour", "funding_settlement_symbol",
    ]

    /// Leaves indices out that are made quicker when all rows are there, by `complete`.
    public func dropLateIndices() throws {
        for index in Self.lateIndices { try execute("DROP INDEX IF EXISTS \(index)") }
    }

    /// Makes the indices that another database of the same schema has and this one has not, takes over people's own
    /// tables, views and triggers, and brings the statistics of the query planner up to date.
    public func complete(like other: Warehouse) throws {
        let indices = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        let wanted = try other.queue.inDatabase { try String.fetchAll($0, sql: indices) }
        let present = Set(try queue.inDatabase { try String.fetchAll($0, sql: indices) })
        // Rows are sorted in pieces of the size of the cache, which go to files.
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
                // The number of a listing is a surrogate: what it stands for is what counts.
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

/// A hash of 64 bits that is the same on every run and system, unlike `Hasher`. It has the constants of FNV-1a, but takes
/// words of 64 bits and mixes their upper bits in with a shift: its values are no FNV-1a. Never stored.
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
