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
            throw error
        }
    }

    /// Copies a backup over a warehouse, which the caller holds the lock of. Connections that are open go on
    /// with the new content. A database that is damaged is kept beside it: the result is its new path.
    public static func restore(_ backup: String, to path: String, keptAside suffix: String) throws -> String? {
        let source = try openBackup(backup)
        try requireSound(source)
        var aside: String?
        if FileManager.default.fileExists(atPath: path), !isSound(path) {
            let kept = path + suffix
            for part in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + part) {
                try FileManager.default.moveItem(atPath: path + part, toPath: kept + part)
            }
            aside = kept
        }
        let target = try DatabaseQueue(path: path)
        try source.backup(to: target)
        try target.close()
        _ = try Warehouse(path: path)  // brings an older backup to the present schema
        return aside
    }

    /// A database of any schema, to read from.
    private static func openBackup(_ path: String) throws -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else { throw WarehouseError.missing(path: path) }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func isSound(_ path: String) -> Bool {
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
