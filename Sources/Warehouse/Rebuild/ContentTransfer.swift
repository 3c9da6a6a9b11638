import GRDB
import PerpCore
import WarehouseSQL

/// What a database takes over from another one, for a rebuild.
public struct ContentTransfer {
    let warehouse: Warehouse

    /// Uses a connection that is open for writing: the others are only read.
    public init(to warehouse: Warehouse) { self.warehouse = warehouse }

    /// Replaces the kept tables and the taker fees, which are settings, by those of another database.
    /// - Throws: an error of the database; nothing is then changed.
    public func copyKeptTables(of other: Warehouse) throws {
        try attach(other.path, as: "live")
        defer { detach("live") }
        try warehouse.transaction {
            // When the other database is empty, what is loaded here decides the origin.
            try warehouse.execute("CREATE TEMP TABLE own AS SELECT name, value FROM main.setting WHERE name = 'origin'")
            let isBegun = try warehouse.queue.inDatabase {
                try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM main.load_log)")
            }
            // A scratch database that is resumed already has the other log, followed by lines of its own.
            for table in StoredTable.kept where table != "load_log" || isBegun == false {
                try copyTable(table, from: "live")
            }
            try warehouse.execute(
                "INSERT OR IGNORE INTO main.setting (name, value) SELECT name, value FROM own; DROP TABLE own")
            try warehouse.execute(WarehouseSQL.query("rebuild.copy_taker_fees"))
        }
    }

    /// Copies the kept tables of a damaged database as far as they can be read.
    /// - Returns: the names of the tables that cannot be read.
    public func salvageKeptTables(of path: String) throws -> [String] {
        do {
            try attach(path, as: "damaged")
        } catch {
            return StoredTable.kept
        }
        defer { detach("damaged") }
        return StoredTable.kept.filter { table in
            let isTaken: Void? = try? warehouse.transaction {  // what cannot be read is named
                try copyTable(table, from: "damaged")
            }
            return isTaken == nil
        }
    }

    /// Replaces the whole content by that of another database, page by page, in one transaction of the live
    /// file: readers see the old content until it ends.
    /// - Parameter isEmpty: whether the live file is still empty. When nobody has it open either, its pages are
    ///   written once, and not first to the write-ahead log.
    /// - Parameter confirm: called before the last page; when it throws, the file keeps its old content.
    /// - Throws: what `confirm` throws, or an error of the database.
    public func replaceContent(
        by other: Warehouse, isEmpty: Bool = false, confirm: @escaping () throws -> Void = {}
    ) throws {
        warehouse.forgetPreparedState()
        // Pages are copied in order: a large cache is of no use on either side.
        try other.execute("PRAGMA shrink_memory; PRAGMA cache_size = -4096")
        try warehouse.execute("PRAGMA shrink_memory; PRAGMA cache_size = -4096")
        if isEmpty { try warehouse.execute("PRAGMA journal_mode = TRUNCATE") }  // stays as it is while others read
        let pages = try other.queue.inDatabase { try CInt.fetchOne($0, sql: "PRAGMA page_count") ?? 2 }
        try other.queue.backup(to: warehouse.queue, pagesPerStep: pages - 1) { progress in
            if !progress.isCompleted { try confirm() }
        }
        if isEmpty { try warehouse.execute("PRAGMA journal_mode = WAL") }
    }

    /// Large indices that a rebuild does not use.
    private static let lateIndices = [
        "liquidation_open", "liquidation_total_hour", "funding_settlement_symbol",
    ]

    /// Drops indices that are faster to make when all rows exist: `complete` makes them.
    /// - Throws: an error of the database.
    public func dropLateIndices() throws {
        for index in Self.lateIndices { try warehouse.execute("DROP INDEX IF EXISTS \(index)") }
    }

    /// Makes the index by which the end of sealing finds the settlements of each contract. Without it every contract would
    /// read all of them.
    /// - Throws: an error of the database.
    public func makeSettlementIndex(like other: Warehouse) throws {
        let definition = try other.queue.inDatabase {
            try String.fetchOne(
                $0, sql: "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = 'funding_settlement_symbol'")
        }
        let isMissing = try warehouse.queue.inDatabase {
            try String.fetchOne($0, sql: "SELECT name FROM sqlite_schema WHERE name = 'funding_settlement_symbol'")
                == nil
        }
        guard let definition, isMissing else { return }
        try sortingInFiles { try warehouse.execute(definition) }
    }

    /// Runs `body`, which makes an index, with a small cache: rows are sorted in pieces of its size, which are written to
    /// files.
    private func sortingInFiles(_ body: () throws -> Void) throws {
        try warehouse.execute("PRAGMA shrink_memory; PRAGMA cache_size = -16384; PRAGMA temp_store = FILE")
        try body()
        try warehouse.execute("\(Warehouse.scratchCache); \(Warehouse.sortsInMemory)")
    }

    /// Makes the indices that another database of the same schema has and this one lacks, copies the user's own
    /// tables, views and triggers, and updates the statistics of the query planner.
    /// - Throws: an error of the database.
    public func complete(like other: Warehouse) throws {
        let indices = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        let wanted = try other.queue.inDatabase { try String.fetchAll($0, sql: indices) }
        let present = Set(try warehouse.queue.inDatabase { try String.fetchAll($0, sql: indices) })
        // Rows are sorted in pieces of the size of the cache, which are written to files.
        try warehouse.execute("PRAGMA shrink_memory; PRAGMA cache_size = -16384; PRAGMA temp_store = FILE")
        try takeOver(from: other)
        for index in wanted where !present.contains(index) { try warehouse.execute(index) }
        try warehouse.execute("PRAGMA optimize")
    }

    /// Copies the tables of another database that this one does not have, then views and triggers.
    private func takeOver(from other: Warehouse) throws {
        try attach(other.path, as: "other")
        defer { detach("other") }
        try warehouse.transaction {
            for type in ["table", "view", "trigger"] {
                let rows: [(name: String, sql: String)] = try warehouse.queue.inDatabase { database in
                    try Statement(database, WarehouseSQL.query("rebuild.take_over")).map(type) { ($0, $1) }
                }
                for row in rows {
                    let name = row.name.quotedName
                    try warehouse.execute(row.sql)
                    if type == "table" { try warehouse.execute("INSERT INTO main.\(name) SELECT * FROM other.\(name)") }
                }
            }
        }
    }

    // MARK: - Parts

    /// Attaches another database file to this connection, under a name.
    private func attach(_ path: String, as name: String) throws {
        try warehouse.queue.inDatabase { try $0.execute(sql: "ATTACH DATABASE ? AS \(name)", arguments: [path]) }
    }

    /// Detaches a database; an error is ignored, because closing the connection detaches as well.
    private func detach(_ name: String) { try? warehouse.execute("DETACH DATABASE \(name)") }

    /// Replaces the rows of a table by those of an attached database. Columns that only one of them has are ignored.
    private func copyTable(_ table: String, from schema: String) throws {
        let columns = try warehouse.queue.inDatabase { database in
            let names = "SELECT name FROM pragma_table_info(?1, ?2)"
            let theirs = Set(try String.fetchAll(database, sql: names, arguments: [table, schema]))
            return try String.fetchAll(database, sql: names, arguments: [table, "main"]).filter(theirs.contains)
        }
        let list = columns.joined(separator: ", ")
        do {
            try warehouse.execute(
                "DELETE FROM main.\(table); INSERT INTO main.\(table) (\(list)) SELECT \(list) FROM \(schema).\(table)")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT || columns.isEmpty {
            // Rows that the table's constraints refuse were not written by us.
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "table \(table): \(error.message ?? "unreadable")")
        }
    }
}
