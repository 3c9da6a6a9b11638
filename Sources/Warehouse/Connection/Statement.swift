import GRDB
import GRDBSQLite
import PerpCore

/// A statement of SQLite, prepared once and run many times: the bulk path, below GRDB's statements.
///
/// Values go to question marks, and columns to values, in their order in the text: no number says which. It belongs to the connection that prepared it and is used on that connection's queue only.
final class Statement {
    private let pointer: OpaquePointer
    private let connection: OpaquePointer
    private let sql: String
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

    /// Binds values to the question marks, in their order.
    func bind<each Value: FieldConvertible>(_ values: repeat each Value) {
        var index: Int32 = 0
        for value in repeat each values {
            index += 1
            bind(value.fieldValue, at: index)
        }
    }

    /// Binds the fields of a record to the question marks behind the first `count`.
    @inline(__always)
    func bind<Record>(_ fields: [Field<Record>], of record: UnsafePointer<Record>, behind count: Int) {
        // Through the buffer: a field taken out of the array would be copied with its closures.
        fields.withUnsafeBufferPointer { fields in
            for index in fields.indices { bind(fields[index].value(in: record), at: Int32(count + index + 1)) }
        }
    }

    @inline(__always)
    private func bind(_ value: FieldValue, at index: Int32) {
        switch value {
        case .missing: sqlite3_bind_null(pointer, index)
        case .number(let value): sqlite3_bind_double(pointer, index, value)
        case .integer(let value): sqlite3_bind_int64(pointer, index, value)
        case .text(let value): bind(value, at: index)
        }
    }

    private func bind(_ value: String, at index: Int32) {
        var value = value
        value.withUTF8 { text in
            // An empty buffer may have no address, which SQLite would take for NULL.
            let start = UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self)
            if let start, !text.isEmpty {
                sqlite3_bind_text(pointer, index, start, Int32(text.count), Self.transient)
            } else {
                sqlite3_bind_text(pointer, index, "", 0, Self.transient)
            }
        }
    }

    /// Binds a whole number to a question mark, counted from 1.
    @inline(__always)
    func bind(_ value: Int64, at index: Int) { sqlite3_bind_int64(pointer, Int32(index), value) }

    /// Binds numbers, as the bytes of doubles, to a question mark, counted from 1.
    func bind(numbers: [Double], at index: Int) {
        numbers.withUnsafeBytes { bytes in
            // Without an address SQLite would take it for NULL.
            guard let start = bytes.baseAddress, !bytes.isEmpty else {
                sqlite3_bind_zeroblob(pointer, Int32(index), 0)
                return
            }
            sqlite3_bind_blob(pointer, Int32(index), start, Int32(bytes.count), Self.transient)
        }
    }

    // MARK: - Running

    /// Runs a statement that gives no rows, with the values of its question marks.
    func run<each Value: FieldConvertible>(_ values: repeat each Value) throws {
        bind(repeat each values)
        try runBound()
    }

    /// Runs a statement that gives no rows, with what is bound.
    @inline(__always)
    func runBound() throws {
        let code = sqlite3_step(pointer)
        sqlite3_reset(pointer)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
    }

    /// The number of rows that the connection's last insert, update or delete changed.
    @inline(__always)
    var changedRows: Int { Int(sqlite3_changes(connection)) }

    /// Whether a query gives a row.
    func hasRow<each Value: FieldConvertible>(_ values: repeat each Value) throws -> Bool {
        bind(repeat each values)
        defer { reset() }
        return try step()
    }

    /// The columns of a query's first row; `nil` without one.
    func first<each Value: FieldConvertible, each Column: FieldConvertible>(
        _ values: repeat each Value, as columns: (repeat each Column).Type = (repeat each Column).self
    ) throws -> (repeat each Column)? {
        bind(repeat each values)
        defer { reset() }
        guard try step() else { return nil }
        var index: Int32 = -1
        return (repeat try next((each Column).self, &index))
    }

    /// Runs a query, calling `body` with the columns of each row.
    func forEach<each Value: FieldConvertible, each Column: FieldConvertible>(
        _ values: repeat each Value, row body: (repeat each Column) throws -> Void
    ) throws {
        bind(repeat each values)
        defer { reset() }
        while try step() {
            var index: Int32 = -1
            try body(repeat try next((each Column).self, &index))
        }
    }

    /// Runs a query and returns what `body` makes of the columns of each row.
    func map<each Value: FieldConvertible, each Column: FieldConvertible, Result>(
        _ values: repeat each Value, row body: (repeat each Column) throws -> Result
    ) throws -> [Result] {
        bind(repeat each values)
        defer { reset() }
        var results: [Result] = []
        while try step() {
            var index: Int32 = -1
            results.append(try body(repeat try next((each Column).self, &index)))
        }
        return results
    }

    /// Runs a query, calling `body` on each row.
    func forEachRow<each Value: FieldConvertible>(
        _ values: repeat each Value, body: (Statement) throws -> Void
    ) throws {
        bind(repeat each values)
        defer { reset() }
        while try step() { try body(self) }
    }

    /// Goes to the next row; `false` after the last one, and then the statement can run again.
    private func step() throws -> Bool {
        let code = sqlite3_step(pointer)
        if code == SQLITE_ROW { return true }
        sqlite3_reset(pointer)
        guard code == SQLITE_DONE else { throw failure(code) }
        return false
    }

    /// Gives up the rows that are left.
    private func reset() { sqlite3_reset(pointer) }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)), sql: sql)
    }

    // MARK: - Columns

    /// The names of the columns that a query gives, in their order.
    var columnNames: [String] {
        (0..<sqlite3_column_count(pointer)).map { String(cString: sqlite3_column_name(pointer, $0)) }
    }

    /// The value in a column, counted from 0, with the type that it is stored with. Bytes become hexadecimal text.
    func anyValue(_ column: Int) -> FieldValue {
        let index = Int32(column)
        switch sqlite3_column_type(pointer, index) {
        case SQLITE_NULL: return .missing
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(pointer, index))
        case SQLITE_FLOAT: return .number(sqlite3_column_double(pointer, index))
        case SQLITE_BLOB: return .text(hexadecimal(index))
        default: return .text(text(index))
        }
    }

    private func hexadecimal(_ column: Int32) -> String {
        guard let start = sqlite3_column_blob(pointer, column) else { return "" }
        let count = Int(sqlite3_column_bytes(pointer, column))
        let digits = Array("0123456789abcdef".utf8)
        let bytes = UnsafeRawBufferPointer(start: start, count: count)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The columns of the row, from the first on.
    func columns<each Column: FieldConvertible>(
        as columns: (repeat each Column).Type = (repeat each Column).self
    ) throws -> (repeat each Column) {
        var index: Int32 = -1
        return (repeat try next((each Column).self, &index))
    }

    /// The value in a column, counted from 0. Where there are thousands of rows, their columns are read one by one: the code for
    /// columns of any number and type asks for the type of each value at run time.
    @inline(__always)
    func value<Value: FieldConvertible>(_ column: Int) throws -> Value { try value(at: Int32(column)) }

    /// The integer in a column, counted from 0.
    @inline(__always)
    func integer(_ column: Int) throws -> Int64 { try value(column) }

    /// The numbers in a column that holds the bytes of doubles, counted from 0.
    func numbers(_ column: Int) throws -> [Double] {
        let bytes = Int(sqlite3_column_bytes(pointer, Int32(column)))
        guard bytes.isMultiple(of: MemoryLayout<Double>.size) else { throw unreadable(Int32(column)) }
        guard let start = sqlite3_column_blob(pointer, Int32(column)) else { return [] }
        return Array(unsafeUninitializedCapacity: bytes / MemoryLayout<Double>.size) { numbers, count in
            UnsafeMutableRawBufferPointer(numbers).copyMemory(from: UnsafeRawBufferPointer(start: start, count: bytes))
            count = bytes / MemoryLayout<Double>.size
        }
    }

    /// The number in a column, counted from 0.
    @inline(__always)
    func number(_ column: Int) throws -> Double { try value(column) }

    /// The number in a column, counted from 0; `nil` where it is missing.
    @inline(__always)
    func optionalNumber(_ column: Int) -> Double? {
        let index = Int32(column)
        return sqlite3_column_type(pointer, index) == SQLITE_NULL ? nil : sqlite3_column_double(pointer, index)
    }

    @inline(__always)
    private func next<Value: FieldConvertible>(_: Value.Type, _ column: inout Int32) throws -> Value {
        column += 1
        return try value(at: column)
    }

    /// A record whose fields are the columns behind the first `count`.
    @inline(__always)
    func record<Record: FieldRecord>(
        _ fields: [Field<Record>] = Record.fields, into record: consuming Record = Record.unread, behind count: Int = 0
    ) throws -> Record {
        try Record.read(fields, into: record) { index throws(WarehouseError) in
            stored(Int32(count + index), fields[index].type)
        } refusal: { index, _ in
            unreadable(Int32(count + index))
        }
    }

    /// The value of a column, counted from 0; throws when it is not one of its type.
    @inline(__always)
    private func value<Value: FieldConvertible>(at column: Int32) throws -> Value {
        guard let value = Value(fieldValue: stored(column, Value.fieldType)) else { throw unreadable(column) }
        return value
    }

    @inline(__always)
    private func stored(_ column: Int32, _ type: FieldType) -> FieldValue {
        if sqlite3_column_type(pointer, column) == SQLITE_NULL { return .missing }
        switch type {
        case .number: return .number(sqlite3_column_double(pointer, column))
        case .integer, .time: return .integer(sqlite3_column_int64(pointer, column))
        case .text: return .text(text(column))
        }
    }

    /// The text in a column, counted from 0; empty when it is missing.
    @inline(__always)
    func text(_ column: Int) -> String { text(Int32(column)) }

    /// Whether a column, counted from 0, has no value.
    @inline(__always)
    func isMissing(_ column: Int) -> Bool { sqlite3_column_type(pointer, Int32(column)) == SQLITE_NULL }

    /// The error for a value in a column, counted from 0, that is not one of its type.
    func unreadable(_ column: Int) -> WarehouseError { unreadable(Int32(column)) }

    private func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(pointer, column) else { return "" }
        let count = Int(sqlite3_column_bytes(pointer, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func unreadable(_ column: Int32) -> WarehouseError {
        let table = sql.firstMatch(of: /(?i)\bFROM\s+(\w+)/)?.1
        return .unreadable(
            table: table.map(String.init) ?? "", column: String(cString: sqlite3_column_name(pointer, column)),
            value: sqlite3_column_type(pointer, column) == SQLITE_NULL ? "NULL" : text(column))
    }

    /// Adds the values of the row from a column on, with their types, to a hash.
    func add(to hash: inout StableHash, from first: Int32 = 0) {
        for column in first..<sqlite3_column_count(pointer) {
            let type = sqlite3_column_type(pointer, column)
            hash.add(UInt64(type))
            switch type {
            case SQLITE_INTEGER: hash.add(UInt64(bitPattern: sqlite3_column_int64(pointer, column)))
            case SQLITE_FLOAT: hash.add(sqlite3_column_double(pointer, column).bitPattern)
            case SQLITE_NULL: break
            default:
                let start = sqlite3_column_text(pointer, column)
                hash.add(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
            }
        }
    }
}
