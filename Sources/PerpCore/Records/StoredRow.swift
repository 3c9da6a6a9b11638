/// A row as it is stored: the names of its columns and their values, in their order.
public struct StoredRow: Hashable, Sendable {
    /// A column of a row.
    public struct Column: Hashable, Sendable {
        /// The name of the column.
        public let name: String
        /// What is stored there.
        public let value: FieldValue

        /// A column with its value.
        public init(name: String, value: FieldValue) { (self.name, self.value) = (name, value) }
    }

    /// The columns, in the order of the query.
    public let columns: [Column]

    /// A row of columns.
    public init(columns: [Column]) { self.columns = columns }

    /// The value of a column; `missing` where there is none of that name too.
    public subscript(name: String) -> FieldValue { columns.first { $0.name == name }?.value ?? .missing }

    /// The number in a column; `nil` for anything else.
    public func number(_ name: String) -> Double? {
        switch self[name] {
        case .number(let value): value
        case .integer(let value): Double(value)
        case .text, .missing: nil
        }
    }

    /// The whole number in a column; `nil` for anything else.
    public func integer(_ name: String) -> Int64? {
        if case .integer(let value) = self[name] { return value }
        return nil
    }

    /// The text in a column; `nil` for anything else.
    public func text(_ name: String) -> String? {
        if case .text(let value) = self[name] { return value }
        return nil
    }
}

/// The answer to a query, with the query itself: whoever asks it again can compare.
public struct StoredRows: Hashable, Sendable {
    /// The query, with its parameters written into it.
    public let sql: String
    /// The rows, in the order of the query.
    public let rows: [StoredRow]

    /// An answer.
    public init(sql: String, rows: [StoredRow]) { (self.sql, self.rows) = (sql, rows) }

    /// No rows, of no query.
    public static let none = StoredRows(sql: "", rows: [])
}
