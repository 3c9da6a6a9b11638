import Foundation
import GRDB
import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file of a warehouse, which need not be sound, nor of the present schema, nor exist.
public struct WarehouseFile: Sendable {
    /// The path of the database; its log and journal are beside it.
    public let path: String

    /// Names a file without opening it.
    public init(_ path: String) { self.path = path }

    /// Writes a copy of the whole database as it is at one moment, while others read and write it, and
    /// checks the copy. An existing file is replaced.
    ///
    /// The copy is a single file, without a write-ahead log.
    /// - Throws: `WarehouseError` when there is no database or no room, or an error of the database; no copy is then left.
    public func backUp(to path: String) throws {
        let source = try openForReading()
        let target = WarehouseFile(path)
        try target.remove()
        do {
            let copy = try DatabaseQueue(path: path)
            try source.backup(to: copy)
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try Self.requireSound(copy)
            // The pages are sound; a row that refers to nothing is one that we did not write.
            let isOrphaned = try copy.inDatabase { try Row.fetchOne($0, sql: "PRAGMA foreign_key_check") != nil }
            if isOrphaned {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "rows refer to what is not there")
            }
            try copy.close()
        } catch {
            try? target.remove()  // the first error is the one to report
            throw WarehouseError.isFull(error) ? WarehouseError.noRoom(path: path) : error
        }
    }

    /// Copies a backup over the warehouse, whose lock the caller must hold. Open connections continue with the new content.
    ///
    /// A damaged database is kept beside the new one, once its replacement is complete.
    /// - Returns: the new path of a damaged database, and what is wrong with it; `nil` when it was sound or missing.
    /// - Throws: `WarehouseError` when the backup is missing or not sound, or when a damaged database is open elsewhere.
    public func restore(_ backup: String, keptAside suffix: String) throws -> (path: String, problem: String)? {
        let replacement = WarehouseFile(path + ".new")
        try replacement.remove()
        defer { try? replacement.remove() }  // what is left of it is of no use to anybody
        let source = try Self.ofOurPageSize(WarehouseFile(backup).openSound(), at: replacement.path)
        guard FileManager.default.fileExists(atPath: path), let problem = try damage() else {
            try Self.copy(source, to: path)
            _ = try Warehouse(path: path)  // brings an older backup to the present schema
            return nil
        }
        if source.path != replacement.path { try Self.copy(source, to: replacement.path) }
        try source.close()
        try Warehouse(path: replacement.path).close()
        return (try replaceDamaged(by: replacement.path, keptAside: suffix), problem)
    }

    private static func copy(_ source: DatabaseQueue, to path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let target = try DatabaseQueue(path: path, configuration: configuration)
        try source.backup(to: target)
        try target.close()
    }

    /// Returns a copy with our page size: one with another size cannot replace the pages of a database that others read.
    private static func ofOurPageSize(_ source: DatabaseQueue, at path: String) throws -> DatabaseQueue {
        let size = try source.inDatabase { try Int.fetchOne($0, sql: "PRAGMA page_size") }
        if size == Warehouse.pageSize { return source }
        try source.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA page_size = \(Warehouse.pageSize)")
            try database.execute(sql: "VACUUM INTO ?", arguments: [path])
        }
        return try DatabaseQueue(path: path)
    }

    /// Replaces the damaged database by a complete one, and keeps the damaged one beside it under a name with `suffix`.
    /// - Returns: the new path of the damaged database.
    /// - Throws: `WarehouseError.damagedInUse` when another program has it open, or an error of the file system.
    public func replaceDamaged(by replacement: String, keptAside suffix: String) throws -> String {
        guard !isOpenElsewhere else { throw WarehouseError.damagedInUse(path: path) }
        let kept = path + suffix
        let files = FileManager.default
        for part in ["-wal", "-shm", "-journal"] where files.fileExists(atPath: path + part) {
            try files.moveItem(atPath: path + part, toPath: kept + part)
        }
        // A second name first, then one step that puts the new file in place: there is a database at every moment.
        if link(path, kept) != 0 { try files.copyItem(atPath: path, toPath: kept) }
        guard rename(replacement, path) == 0 else {
            throw DatabaseError(resultCode: .SQLITE_IOERR, message: String(cString: strerror(errno)))
        }
        return kept
    }

    /// Whether another process has the database open, as its locks show: all that use its write-ahead log hold some.
    private var isOpenElsewhere: Bool {
        // Source: https://www.sqlite.org/walformat.html#walidxlocks and https://www.sqlite.org/fileformat2.html, lock-byte page.
        let ranges: [(file: String, start: off_t, length: off_t)] = [(path, 0x4000_0000, 512), (path + "-shm", 120, 9)]
        return ranges.contains { range in
            let file = open(range.file, O_RDWR | O_CLOEXEC)
            guard file >= 0 else { return false }
            defer { close(file) }
            var lock = flock()
            lock.l_type = Int16(F_WRLCK)
            lock.l_whence = Int16(SEEK_SET)
            lock.l_start = range.start
            lock.l_len = range.length
            return fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
        }
    }

    /// Opens a database of any schema for reading.
    func openForReading() throws -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else { throw WarehouseError.missing(path: path) }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private func openSound() throws -> DatabaseQueue {
        do {
            let backup = try openForReading()
            try Self.requireSound(backup)
            return backup
        } catch  where WarehouseError.isDamage(error) {
            throw WarehouseError.unsound(path: path)
        }
    }

    /// Whether the file is a warehouse, of any schema version.
    public var isWarehouse: Bool {
        guard let queue = try? openForReading() else { return false }
        return (try? queue.inDatabase { try $0.tableExists("exchange_hour") }) ?? false  // an error: it is not one
    }

    /// The origin of the hours in the database; `nil` when it has none, cannot be read or does not exist.
    public var origin: Origin? {
        try? Warehouse(path: path, for: .reading).origin()  // what cannot be read does not say
    }

    /// The damage that SQLite or its integrity check finds in the database; `nil` when it is sound.
    ///
    /// Checks twice: SQLite mistakes some failed reads for damage, and a sound database must not be put aside for one.
    /// - Throws: an error of the database when it cannot be checked now: it is locked, or the disk fails.
    public func damage() throws -> String? {
        try complaint() == nil ? nil : complaint()
    }

    private func complaint() throws -> String? {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let tables = try Self.tables(queue)
            // A database that a run has just created has no tables yet.
            if !tables.isEmpty, !tables.contains("grdb_migrations") { return "it holds no warehouse" }
            try Self.requireIntegrity(queue)
            try queue.close()
            return nil
        } catch let error as DatabaseError where WarehouseError.isDamage(error) {
            return error.message ?? "it is no database"
        }
    }

    private static func requireSound(_ queue: DatabaseQueue) throws {
        guard try tables(queue).contains("exchange_hour") else {
            throw DatabaseError(resultCode: .SQLITE_NOTADB, message: "holds no warehouse")
        }
        try requireIntegrity(queue)
    }

    private static func requireIntegrity(_ queue: DatabaseQueue) throws {
        let problems = try queue.inDatabase { try String.fetchAll($0, sql: "PRAGMA integrity_check(5)") }
        guard problems != ["ok"] else { return }
        // A page that could not be read now is reported as well: it says nothing about the file.
        let isUnread = problems.contains {
            $0.contains("error code") && !$0.contains("error code=11") && !$0.contains("error code 11")
        }
        throw DatabaseError(
            resultCode: isUnread ? .SQLITE_IOERR : .SQLITE_CORRUPT, message: problems.first ?? "integrity_check failed")
    }

    static func tables(_ queue: DatabaseQueue) throws -> [String] {
        try queue.inDatabase { try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'") }
    }

    /// Removes the database with its log and journal files.
    /// - Throws: an error of the file system.
    public func remove() throws {
        for part in ["", "-wal", "-shm", "-journal"] where FileManager.default.fileExists(atPath: path + part) {
            try FileManager.default.removeItem(atPath: path + part)
        }
    }
}
