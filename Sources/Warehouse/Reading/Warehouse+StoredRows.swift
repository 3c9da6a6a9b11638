import GRDB
import PerpCore

extension Warehouse {
    /// The rows of a query as they are stored.
    func storedRows(_ sql: String, _ arguments: StatementArguments) throws -> [StoredRow] {
        try read { database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
                StoredRow(
                    columns: zip(row.columnNames, row.databaseValues).map {
                        StoredRow.Column(name: $0, value: Self.value($1))
                    })
            }
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
