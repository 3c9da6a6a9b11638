import GRDB

extension WarehouseError {
    /// Whether an error concerns a staged file, and not the database.
    public static func isDataError(_ error: any Error) -> Bool {
        switch error {
        case Self.duplicate, Self.refused, Self.otherOrigin: true
        default: false
        }
    }

    /// Whether an error says that a database file is damaged. A file that merely cannot be opened or read now is not.
    public static func isDamage(_ error: any Error) -> Bool {
        switch error {
        case let error as DatabaseError: error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
        case Self.unreadable: true
        default: isOfLibrary(error)
        }
    }

    /// Whether the library could not read a row: its error for that is not public.
    private static func isOfLibrary(_ error: any Error) -> Bool {
        String(reflecting: type(of: error)).hasPrefix("GRDB.")
    }

    /// Whether an error says that a scratch database is useless, and must be begun again. A fault of the disk or of another
    /// program would affect a new one as well.
    public static func isOfNoUse(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return error is Self || isOfLibrary(error) }
        return switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CONSTRAINT, .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_MISMATCH: true
        default: false
        }
    }

    static func isFull(_ error: any Error) -> Bool { (error as? DatabaseError)?.resultCode == .SQLITE_FULL }

    /// An error in one line, without the statement that caused it.
    public static func explain(_ error: any Error, path: String) -> String {
        guard let error = error as? DatabaseError else {
            return isDamage(error) ? damaged(path, "\(error)") : "\(error)"
        }
        let message = error.message ?? "error \(error.resultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB:
            return
                "\(path): is no database, or its beginning is damaged: see that it is the right file; then 'make reprocess' keeps it aside and makes a new one from raw"
        // A row that our tables would refuse was not written by us.
        case .SQLITE_CORRUPT, .SQLITE_CONSTRAINT: return damaged(path, message)
        case .SQLITE_ERROR where message.hasPrefix("no such"):
            return
                "\(path): its schema was changed (\(message)): 'make restore BACKUP=…' brings a copy back, or move it away, then 'make reprocess'"
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return "\(path): another program is writing: run it again when that has ended"
        case .SQLITE_FULL:
            return "\(path): the disk is full: make room and run it again"
        case .SQLITE_IOERR:
            return "\(path): the disk failed (\(message)): see that it has room and is sound, and run it again"
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            return """
                \(path): cannot be used (\(message)): its folder must be writable, also for who only reads; \
                a copy that 'make backup' wrote can be read anywhere
                """
        default:
            return "\(path): \(message)"
        }
    }

    private static func damaged(_ path: String, _ problem: String) -> String {
        "\(path): is damaged (\(problem)): 'make reprocess' keeps it aside and makes a new one from raw"
    }
}
