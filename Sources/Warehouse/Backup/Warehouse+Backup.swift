import Foundation
import GRDB
import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
            // The pages are sound; a row that refers to nothing is one that we did not write.
            let isOrphaned = try copy.inDatabase { try Row.fetchOne($0, sql: "PRAGMA foreign_key_check") != nil }
            if isOrphaned {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "rows refer to what is not there")
            }
            try copy.close()
        } catch {
            try? removeFiles(at: path)  // the first error is the one to report
            throw isFull(error) ? WarehouseError.noRoom(path: path) : error
        }
    }

    /// Copies a backup over a warehouse, which the caller holds the lock of. Connections that are open go on
    /// with the new content. A database that is damaged is kept beside it, once its replacement is complete: the result
    /// is its new path, and what is wrong with it.
    public static func restore(
        _ backup: String, to path: String, keptAside suffix: String
    ) throws -> (path: String, problem: String)? {
        let replacement = path + ".new"
        try removeFiles(at: replacement)
        defer { try? removeFiles(at: replacement) }  // what is left of it is of no use to anybody
        let source = try ofOurPageSize(openSoundBackup(backup), at: replacement)
        guard FileManager.default.fileExists(atPath: path), let problem = try damage(of: path) else {
            try copy(source, to: path)
            _ = try Warehouse(path: path)  // brings an older backup to the present schema
            return nil
        }
        if source.path != replacement { try copy(source, to: replacement) }
        try source.close()
        try Warehouse(path: replacement).close()
        return (try replaceDamaged(path, by: replacement, keptAside: suffix), problem)
    }

    private static func copy(_ source: DatabaseQueue, to path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let target = try DatabaseQueue(path: path, configuration: configuration)
        try source.backup(to: target)
        try target.close()
    }

    /// A copy whose pages are of another size cannot be put over a database that others read: its content is first
    /// written as we write it.
    private static func ofOurPageSize(_ source: DatabaseQueue, at path: String) throws -> DatabaseQueue {
        let size = try source.inDatabase { try Int.fetchOne($0, sql: "PRAGMA page_size") }
        if size == pageSize { return source }
        try source.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA page_size = \(pageSize)")
            try database.execute(sql: "VACUUM INTO ?", arguments: [path])
        }
        return try DatabaseQueue(path: path)
    }

    /// Puts a complete database in the place of a damaged one, which is kept beside it under a name with `suffix`: its
    /// new path. A database that another program has open stays where it is.
    public static func replaceDamaged(
        _ path: String, by replacement: String, keptAside suffix: String
    ) throws -> String {
        guard !isOpenElsewhere(path) else { throw WarehouseError.damagedInUse(path: path) }
        let kept = path + suffix
        let files = FileManager.default
        for part in ["-wal", "-shm", "-journal"] where files.fileExists(atPath: path + part) {
            try files.moveItem(atPath: path + part, toPath: kept + part)
        }
        // One name more, then one step that puts the new file in place: a database stands there at every moment.
        if link(path, kept) != 0 { try files.copyItem(atPath: path, toPath: kept) }
        guard rename(replacement, path) == 0 else {
            throw DatabaseError(resultCode: .SQLITE_IOERR, message: String(cString: strerror(errno)))
        }
        return kept
    }

    /// Whether another process has the database open in a way that locks show: all who use its write-ahead log do.
    private static func isOpenElsewhere(_ path: String) -> Bool {
        // Source: https://www.sqlite.org/walformat.html#walidxlocks and https://www.sqlite.org/fileformat2.html, lock-byte page.
        let ranges: [(file: String, start: off_t, length: off_t)] = [(path, 0x4000_0000, 512), (path + "-shm", 120, 9)]
        return ranges.contains { range in
            let file = systemOpen(range.file)
            guard file >= 0 else { return false }
            defer { systemClose(file) }
            var lock = flock()
            lock.l_type = Int16(F_WRLCK)
            lock.l_whence = Int16(SEEK_SET)
            lock.l_start = range.start
            lock.l_len = range.length
            return fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
        }
    }

    /// Takes over the kept tables of a damaged database, as far as they can be read; the names of those that
    /// cannot.
    public func salvageKeptTables(of path: String) throws -> [String] {
        do {
            try attach(path, as: "damaged")
        } catch {
            return Self.keptTables
        }
        defer { detach("damaged") }
        return Self.keptTables.filter { table in
            let isTaken: Void? = try? transaction {  // what cannot be read is named
                try copyTable(table, from: "damaged")
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

    /// Whether a file is a database of ours, whatever its age.
    public static func isCopy(_ path: String) -> Bool {
        guard let queue = try? openBackup(path) else { return false }
        return (try? queue.inDatabase { try $0.tableExists("exchange_hour") }) ?? false  // an error: it is none
    }

    /// What SQLite, or its integrity check, calls damage in a database; `nil` when it is sound. Throws when that cannot be
    /// said now: it is locked, or the disk fails.
    ///
    /// Asked twice: SQLite takes some reads that fail for damage, and a sound database must not be put aside for one.
    public static func damage(of path: String) throws -> String? {
        try complaint(of: path) == nil ? nil : complaint(of: path)
    }

    private static func complaint(of path: String) throws -> String? {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let tables = try tables(queue)
            // What a run has just begun holds no table yet.
            if !tables.isEmpty, !tables.contains("grdb_migrations") { return "it holds no warehouse" }
            try requireIntegrity(queue)
            try queue.close()
            return nil
        } catch let error as DatabaseError where isDamage(error) {
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
        // A page that could not be read now is a line as well: it says nothing of the file.
        let isUnread = problems.contains {
            $0.contains("error code") && !$0.contains("error code=11") && !$0.contains("error code 11")
        }
        throw DatabaseError(
            resultCode: isUnread ? .SQLITE_IOERR : .SQLITE_CORRUPT, message: problems.first ?? "integrity_check failed")
    }

    private static func tables(_ queue: DatabaseQueue) throws -> [String] {
        try queue.inDatabase { try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'") }
    }

    /// Removes a database and what belongs to it.
    public static func removeFiles(at path: String) throws {
        for part in ["", "-wal", "-shm", "-journal"] where FileManager.default.fileExists(atPath: path + part) {
            try FileManager.default.removeItem(atPath: path + part)
        }
    }
}

// The calls whose names `Warehouse` uses for its own functions.
private func systemOpen(_ path: String) -> CInt { open(path, O_RDWR | O_CLOEXEC) }
private func systemClose(_ file: CInt) { close(file) }
