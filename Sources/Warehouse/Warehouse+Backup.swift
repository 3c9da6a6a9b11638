import Foundation
import GRDB
import PerpCore

extension Warehouse {
    /// Writes a copy of a whole database as it is at one moment, while others read and write it, and
    /// checks the copy. A file that is there is replaced.
    ///
    /// The copy is one file of its own, without a write-ahead log.
    public static func backUp(_ source: String, to path: String) throws {
        let source = try openBackup(source)
        try removeFiles(at: path)
        do {
            let copy = try DatabaseQueue(path: path)
            try source.backup(to: copy)
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try requireSound(copy)
            try copy.close()
        } catch {
            try? removeFiles(at: path)  // the first error is the one to report
            throw isFull(error) ? WarehouseError.noRoom(path: path) : error
        }
    }

    /// Copies a backup over a warehouse, which the caller holds the lock of. Connections that are open go on
    /// with the new content. A database that is damaged is kept beside it: the result is its new path.
    public static func restore(_ backup: String, to path: String, keptAside suffix: String) throws -> String? {
        let source = try openSoundBackup(backup)
        var aside: String?
        if FileManager.default.fileExists(atPath: path), !isSound(path) {
            aside = try keepAside(path, suffix: suffix)
        }
        let target = try DatabaseQueue(path: path)
        try source.backup(to: target)
        try target.close()
        _ = try Warehouse(path: path)  // brings an older backup to the present schema
        return aside
    }

    /// Moves a database and its log away, for who can still read something out of it; its new path.
    public static func keepAside(_ path: String, suffix: String) throws -> String {
        let kept = path + suffix
        for part in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + part) {
            try FileManager.default.moveItem(atPath: path + part, toPath: kept + part)
        }
        return kept
    }

    /// Takes over the kept tables of a damaged database, as far as they can be read; the names of those that
    /// cannot.
    public func salvageKeptTables(of path: String) throws -> [String] {
        do {
            try execute("ATTACH DATABASE '\(path.replacingOccurrences(of: "'", with: "''"))' AS damaged")
        } catch {
            return Self.keptTables
        }
        defer { try? execute("DETACH DATABASE damaged") }  // closing the connection detaches as well
        return Self.keptTables.filter { table in
            let isTaken: Void? = try? transaction {  // what cannot be read is named
                try execute("DELETE FROM main.\(table); INSERT INTO main.\(table) SELECT * FROM damaged.\(table)")
            }
            return isTaken == nil
        }
    }

    /// A database of any schema, to read from.
    private static func openBackup(_ path: String) throws -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else { throw WarehouseError.missing(path: path) }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func openSoundBackup(_ path: String) throws -> DatabaseQueue {
        do {
            let backup = try openBackup(path)
            try requireSound(backup)
            return backup
        } catch  where isDamage(error) {
            throw WarehouseError.unsound(path: path)
        }
    }

    /// Whether a database can be read whole.
    public static func isSound(_ path: String) -> Bool {
        guard let queue = try? DatabaseQueue(path: path) else { return false }
        return (try? requireSound(queue)) != nil
    }

    private static func requireSound(_ queue: DatabaseQueue) throws {
        let (problems, isWarehouse) = try queue.inDatabase { database in
            (try String.fetchAll(database, sql: "PRAGMA integrity_check(5)"), try database.tableExists("exchange_hour"))
        }
        guard isWarehouse else { throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "holds no warehouse") }
        guard problems == ["ok"] else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: problems.first ?? "integrity_check failed")
        }
    }

    private static func removeFiles(at path: String) throws {
        for part in ["", "-wal", "-shm", "-journal"] where FileManager.default.fileExists(atPath: path + part) {
            try FileManager.default.removeItem(atPath: path + part)
        }
    }
}
