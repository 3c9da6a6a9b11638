import GRDB
import PerpCore
import WarehouseSQL

/// What the pages show: rows of views and tables, each with the query that gave them, so that a page can show it. Only sealed
/// hours are asked for.
public struct PageReader {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The answer to a question about an hour.
    /// - Throws: an error of the database.
    public func answer(_ question: PageQuestion<Hour>, of hour: Hour) throws -> StoredRows {
        try answer(question.sql, [hour.fieldValue])
    }

    /// The answer to a question about a span of hours, both ends included.
    /// - Throws: an error of the database.
    public func answer(_ question: PageQuestion<ClosedRange<Hour>>, of hours: ClosedRange<Hour>) throws -> StoredRows {
        try answer(question.sql, [hours.lowerBound.fieldValue, hours.upperBound.fieldValue])
    }

    /// The answer to a question about what has a name.
    /// - Throws: an error of the database.
    public func answer(_ question: PageQuestion<String>, of name: String) throws -> StoredRows {
        try answer(question.sql, [.text(name)])
    }

    /// The answer to a question about all that is stored.
    /// - Throws: an error of the database.
    public func answer(_ question: PageQuestion<Void>) throws -> StoredRows { try answer(question.sql, []) }

    /// The answer to a query whose parameters are `?1`, `?2` and so on.
    private func answer(_ sql: String, _ values: [FieldValue]) throws -> StoredRows {
        let arguments = StatementArguments(values.map(Self.argument))
        return StoredRows(sql: Self.written(sql, values), rows: try warehouse.storedRows(sql, arguments))
    }

    /// A query as anybody can ask it: with the values in place of its parameters.
    static func written(_ sql: String, _ values: [FieldValue]) -> String {
        var text = sql
        for (index, value) in values.enumerated().reversed() {
            text = text.replacing("?\(index + 1)", with: literal(value))
        }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func literal(_ value: FieldValue) -> String {
        switch value {
        case .missing: "NULL"
        case .number(let number): "\(number)"
        case .integer(let number): "\(number)"
        case .text(let text): "'\(text.replacing("'", with: "''"))'"
        }
    }

    private static func argument(_ value: FieldValue) -> (any DatabaseValueConvertible)? {
        switch value {
        case .missing: nil
        case .number(let number): number
        case .integer(let number): number
        case .text(let text): text
        }
    }
}
