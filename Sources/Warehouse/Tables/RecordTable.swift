import GRDB
import PerpCore

/// A table whose rows are records behind a key: how it is filled and read, made from the record's fields.
struct RecordTable<Record: FieldRecord>: Sendable {
    let name: String
    /// Columns before the record's: where it belongs.
    let key: [String]
    let fields: [Field<Record>]

    init(_ name: String, key: [String] = [], fields: [Field<Record>] = Record.fields) {
        self.name = name
        self.key = key
        self.fields = fields
    }

    /// All columns, in the order of inserts and selects.
    var columns: [String] { key + fields.map { "\($0.name)" } }
    /// For a select: all names with commas between them.
    var columnList: String { columns.joined(separator: ", ") }
    /// The same without the key, each name behind a prefix.
    func fieldList(prefix: String = "") -> String { fields.map { "\(prefix)\($0.name)" }.joined(separator: ", ") }

    /// - Parameter conflict: what is done with a row whose key is there: `ON CONFLICT …`; empty is an error.
    func insert(_ database: Database, conflict: String = "") throws -> Insert<Record> {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let statement = try Statement(
            database, "INSERT INTO \(name) (\(columnList)) VALUES (\(marks)) \(conflict)")
        return Insert(statement: statement, table: self)
    }
}

/// Adds records to a table.
struct Insert<Record: FieldRecord> {
    fileprivate let statement: Statement
    fileprivate let table: RecordTable<Record>

    /// Adds a record under a key.
    func run<each Key: FieldConvertible>(_ record: Record, _ key: repeat each Key) throws {
        statement.bind(repeat each key)
        try withUnsafePointer(to: record) { try run(at: $0) }
    }

    /// Sets the key of the records that follow.
    func bind<each Key: FieldConvertible>(_ key: repeat each Key) { statement.bind(repeat each key) }

    /// Adds a record under the key that was bound last.
    @inline(__always)
    func run(at record: UnsafePointer<Record>) throws {
        statement.bind(table.fields, of: record, behind: table.key.count)
        try statement.runBound()
    }
}
