import GRDB
import PerpCore

/// A table whose rows are a key followed by a record: its inserts and selects are made from the record's fields.
struct RecordTable<Record: FieldRecord>: Sendable {
    let name: String
    /// The columns of the key, which come before those of the record.
    let key: [String]
    let fields: [Field<Record>]

    init(_ name: String, key: [String] = [], fields: [Field<Record>] = Record.fields) {
        self.name = name
        self.key = key
        self.fields = fields
    }

    /// The same table with a few of its fields, to be read: those that are left out keep the values of an unread record.
    func with(_ names: String...) -> RecordTable {
        let wanted = fields.filter { names.contains("\($0.name)") }
        precondition(wanted.count == names.count, "\(name) has no such fields: \(names)")
        return RecordTable(name, key: key, fields: wanted)
    }

    /// All columns, in the order of inserts and selects.
    var columns: [String] { key + fields.map { "\($0.name)" } }
    /// All columns for a select, separated by commas.
    var columnList: String { columns.joined(separator: ", ") }
    /// The columns of the record for a select, separated by commas, each after a prefix.
    func fieldList(prefix: String = "") -> String { fields.map { "\(prefix)\($0.name)" }.joined(separator: ", ") }

    /// A query for the rows of one hour, in the order of the table's key.
    var rowsOfHour: String { "SELECT \(columnList) FROM \(name) WHERE hour = ? ORDER BY \(naturalKey)" }
    private var naturalKey: String { StoredTable.all.first { $0.name == name }?.naturalKey ?? "hour" }

    /// - Parameters:
    ///   - conflict: what to do with a row whose key exists: `ON CONFLICT …`; when empty, it is an error.
    ///   - rows: how many rows one run inserts.
    func insert(_ database: Database, conflict: String = "", rows: Int = 1) throws -> Insert<Record> {
        let marks = "(" + columns.map { _ in "?" }.joined(separator: ", ") + ")"
        let values = Array(repeating: marks, count: rows).joined(separator: ", ")
        let statement = try Statement(
            database, "INSERT INTO \(name) (\(columnList)) VALUES \(values) \(conflict)")
        return Insert(statement: statement, table: self)
    }
}

/// Inserts records into a table.
struct Insert<Record: FieldRecord> {
    fileprivate let statement: Statement
    fileprivate let table: RecordTable<Record>

    /// Inserts a record with a key.
    func run<each Key: FieldConvertible>(_ record: Record, _ key: repeat each Key) throws {
        statement.bind(repeat each key)
        try withUnsafePointer(to: record) { try run(at: $0) }
    }

    /// Sets the key of the following records.
    func bind<each Key: FieldConvertible>(_ key: repeat each Key) { statement.bind(repeat each key) }

    /// Sets a whole number as one value of the key of one of the rows that a run inserts.
    @inline(__always)
    func bind(_ value: Int64, key: Int, row: Int) {
        statement.bind(value, at: row * (table.key.count + table.fields.count) + key + 1)
    }

    /// Sets the record of one of the rows that a run inserts.
    @inline(__always)
    func bind(at record: UnsafePointer<Record>, row: Int) {
        let first = row * (table.key.count + table.fields.count)
        statement.bind(table.fields, of: record, behind: first + table.key.count)
    }

    /// Inserts the rows whose keys and records are set: all of them, or none when one of them is refused.
    func runBound() throws { try statement.runBound() }

    /// The number of rows that the last insert wrote: 0 where a conflict kept it from writing.
    var changedRows: Int { statement.changedRows }

    /// Inserts a record with the key that was bound last.
    @inline(__always)
    func run(at record: UnsafePointer<Record>) throws {
        statement.bind(table.fields, of: record, behind: table.key.count)
        try statement.runBound()
    }
}
