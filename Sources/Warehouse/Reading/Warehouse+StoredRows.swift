import GRDB
import PerpCore

extension Warehouse {
    /// The rows of a query as they are stored.
    func storedRows(_ sql: String, _ arguments: StatementArguments) throws -> [StoredRow] {
        try read { database in
            let statement = try database.makeStatement(sql: sql)
            let names = statement.columnNames
            let cursor = try Row.fetchCursor(statement, arguments: arguments)
            var rows: [StoredRow] = []
            while let row = try cursor.next() {
                // Straight from SQLite: a row that is kept would be copied once more.
                rows.append(
                    StoredRow(
                        columns: names.indices.map { StoredRow.Column(name: names[$0], value: Self.value(row[$0])) }))
            }
            return rows
        }
    }

    private static func value(_ stored: DatabaseValue) -> FieldValue {
        switch stored.storage {
        case .null, .blob: .missing
        case .int64(let value): .integer(value)
        case .double(let value): .number(value)
        case .string(let text): .text(text)
        }
    }
}
