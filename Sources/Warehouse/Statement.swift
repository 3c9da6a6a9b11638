import GRDB
import GRDBSQLite
import PerpCore

/// A statement of SQLite, prepared once and run many times: the bulk path, below GRDB's statements.
///
/// Columns and parameters go by position, parameters from 1 and columns from 0, as in SQLite.
/// It belongs to the connection that prepared it and is used on that connection's queue only.
final class Statement {
    private let pointer: OpaquePointer
    private let connection: OpaquePointer
    private let sql: String
    /// The exchange of the row before.
    var lastExchange: Exchange?

    /// Tells SQLite to copy the text, which moves when Swift likes.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ database: Database, _ sql: String) throws {
        guard let connection = database.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE)
        }
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)),
                sql: sql)
        }
        pointer = prepared
        self.connection = connection
        self.sql = sql
    }

    deinit { sqlite3_finalize(pointer) }

    // MARK: - Parameters

    @inline(__always)
    func bind(_ place: Int32, _ value: Int64) { sqlite3_bind_int64(pointer, place, value) }

    @inline(__always)
    func bind(_ place: Int32, _ value: Int64?) {
        if let value { sqlite3_bind_int64(pointer, place, value) } else { sqlite3_bind_null(pointer, place) }
    }

    @inline(__always)
    func bind(_ place: Int32, _ value: Int?) { bind(place, value.map(Int64.init)) }

    @inline(__always)
    func bind(_ place: Int32, _ value: Double) { sqlite3_bind_double(pointer, place, value) }

    @inline(__always)
    func bind(_ place: Int32, _ value: Double?) {
        if let value { sqlite3_bind_double(pointer, place, value) } else { sqlite3_bind_null(pointer, place) }
    }

    func bind(_ place: Int32, _ value: String?) {
        guard var value else {
            sqlite3_bind_null(pointer, place)
            return
        }
        value.withUTF8 { text in
            // An empty buffer may have no address, which SQLite would take for NULL.
            let start = UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self)
            if let start, !text.isEmpty {
                sqlite3_bind_text(pointer, place, start, Int32(text.count), Self.transient)
            } else {
                sqlite3_bind_text(pointer, place, "", 0, Self.transient)
            }
        }
    }

    // MARK: - Running

    /// Runs a statement that gives no rows.
    @inline(__always)
    func run() throws {
        let code = sqlite3_step(pointer)
        sqlite3_reset(pointer)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
    }

    /// Goes to the next row; `false` after the last one, and then the statement can run again.
    func step() throws -> Bool {
        let code = sqlite3_step(pointer)
        if code == SQLITE_ROW { return true }
        sqlite3_reset(pointer)
        guard code == SQLITE_DONE else { throw failure(code) }
        return false
    }

    /// Gives up the rows that are left.
    func reset() { sqlite3_reset(pointer) }

    /// Runs a query, calling `body` on each row.
    func forEachRow(_ body: (Statement) throws -> Void) throws {
        defer { reset() }
        while try step() { try body(self) }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)), sql: sql)
    }

    // MARK: - Columns

    @inline(__always)
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }

    @inline(__always)
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

    @inline(__always)
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    @inline(__always)
    func real(_ column: Int32) -> Double { sqlite3_column_double(pointer, column) }

    @inline(__always)
    func optionalReal(_ column: Int32) -> Double? { isNull(column) ? nil : real(column) }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(pointer, column) else { return "" }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Adds the values of the row from a column on, with their types, to a hash.
    func add(to hash: inout StableHash, from first: Int32 = 0) {
        for column in first..<sqlite3_column_count(pointer) {
            let type = sqlite3_column_type(pointer, column)
            hash.add(UInt64(type))
            switch type {
            case SQLITE_INTEGER: hash.add(UInt64(bitPattern: integer(column)))
            case SQLITE_FLOAT: hash.add(real(column).bitPattern)
            case SQLITE_NULL: break
            default:
                let start = sqlite3_column_text(pointer, column)
                hash.add(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
            }
        }
    }

    /// Whether a byte stands in a text.
    func contains(_ byte: UInt8, _ column: Int32) -> Bool {
        guard let start = sqlite3_column_text(pointer, column) else { return false }
        return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))).contains(byte)
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
}
