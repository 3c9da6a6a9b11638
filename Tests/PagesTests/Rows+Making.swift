import PerpCore

@testable import Pages

/// Rows that a test writes down: `nil` is NULL.
func stored(_ rows: [[(String, Any?)]], sql: String = "SELECT 1") -> StoredRows {
    StoredRows(
        sql: sql,
        rows: rows.map { row in
            StoredRow(
                columns: row.map { name, value in
                    let field: FieldValue =
                        switch value {
                        case let number as Int: .integer(Int64(number))
                        case let number as Int64: .integer(number)
                        case let number as Double: .number(number)
                        case let text as String: .text(text)
                        default: .missing
                        }
                    return StoredRow.Column(name: name, value: field)
                })
        })
}

extension SiteFrame {
    /// The frame of a test.
    init(hour: Hour, assets: [String], exchangeIDs: [String]) {
        self.init(hour: hour, exchanges: stored(exchangeIDs.map { [("exchange_id", $0), ("status", "ok")] }), assets: assets)
    }
}
