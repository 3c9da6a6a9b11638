import Foundation
import GRDB
import PerpCore

extension WarehouseFile {
    /// What a published copy holds.
    public struct PublishedContent: Hashable, Sendable {
        /// The latest sealed hour; `nil` when none is.
        public let hour: Hour?
        /// The last step of the schema: `0018_backtest`.
        public let schemaVersion: String
        /// Whether the hours are real or simulated; `nil` when there are none.
        public let origin: Origin?
    }

    /// Writes a copy for readers, as the database is at one moment, while others read and write it. An existing file is replaced.
    ///
    /// The copy is one file with a rollback journal, so that nothing appears beside it when it is read; nobody may write it.
    /// The rows of `StoredTable.workings` are left out; all tables and views are there. It keeps the planner's statistics, with
    /// which the views are quick: an `ANALYZE` of its own would be one of the whole of the tickers. Unlike a backup it is not
    /// checked page by page.
    /// - Throws: `WarehouseError` when there is no database, no room or another schema, or an error of the database; no copy
    ///   is then left.
    public func publish(to path: String) throws -> PublishedContent {
        let source = try openForReading()
        let target = WarehouseFile(path)
        try target.remove()
        do {
            let content = try Self.writeCopy(of: source, to: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
            return content
        } catch {
            try? target.remove()  // the first error is the one to report
            throw WarehouseError.isFull(error) ? WarehouseError.noRoom(path: path) : error
        }
    }

    private static func writeCopy(of source: DatabaseQueue, to path: String) throws -> PublishedContent {
        var configuration = Configuration()
        // Rows that only workings refer to may stay, and workings refer to each other.
        configuration.foreignKeysEnabled = false
        let copy = try DatabaseQueue(path: path, configuration: configuration)
        try source.backup(to: copy)
        guard try tables(copy).contains("exchange_hour") else {
            throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "holds no warehouse")
        }
        try Schema.check(copy, path: path)
        let content = try copy.writeWithoutTransaction { database in
            // A file that is made again when the machine fails needs no journal and no syncing while it is written.
            try database.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF")
            try database.inTransaction {
                for table in StoredTable.workings { try database.execute(sql: "DELETE FROM \(table)") }
                return .commit
            }
            _ = try Row.fetchAll(database, sql: "PRAGMA incremental_vacuum")
            return try describe(database)
        }
        try copy.close()
        return content
    }

    private static func describe(_ database: Database) throws -> PublishedContent {
        let hour = try Int64.fetchOne(database, sql: "SELECT max(hour) FROM hour WHERE sealed = 1")
        let version = try String.fetchOne(database, sql: "SELECT max(identifier) FROM grdb_migrations")
        return PublishedContent(
            hour: hour.map(Hour.init(containing:)), schemaVersion: version ?? "",
            origin: try Warehouse.origin(database))
    }
}

extension WarehouseFile.PublishedContent {
    /// The names of the tables that have no rows in a published copy.
    public static var emptiedTables: [String] { StoredTable.workings }
}
