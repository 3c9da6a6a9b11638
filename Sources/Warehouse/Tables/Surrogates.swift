import PerpCore

/// What the surrogate numbers of a table stand for: they are given in the order of arrival, and differ between databases that
/// are otherwise equal.
struct Surrogates: Sendable {
    /// A column that points to a row of another table.
    struct Reference: Sendable {
        let column: String
        let table: String
        /// The columns there that say what the number stands for.
        let meaning: [String]
    }

    let references: [Reference]
    /// The columns that hold no surrogate number.
    let columns: [String]

    /// The tables with surrogate numbers.
    static let byTable: [String: Surrogates] = [
        FactTables.ticker.name: Surrogates(
            references: [
                Reference(
                    column: "listing_id", table: "listing",
                    meaning: ["exchange_id", "symbol", "asset", "asset_class", "quote", "kind", "contract"])
            ],
            columns: ["hour"] + FactTables.ticker.fields.map { "\($0.name)" }),
        "history_file": Surrogates(
            references: [],
            columns: [
                "exchange_id", "dataset", "stamp", "asked_hour", "staged_sha256", "raw_sha256", "transform_version",
                "simulated", "responses", "responses_ok", "records", "rejections", "observed_from_ms", "observed_to_ms",
                "learnt_ms", "incomplete",
            ]),
        "history_contract": Surrogates(references: [], columns: ["exchange_id", "symbol", "asset"]),
        "candle": versions(HistoryTables.candle),
        "open_interest": versions(HistoryTables.openInterest),
        "history_settlement": versions(HistoryTables.settlement),
        "history_long_short": versions(HistoryTables.longShort),
        "history_liquidation": Surrogates(
            references: [contract, file],
            columns: [
                "occurred_at_ms", "side", "price", "quantity", "id", "in_contracts", "quantity_base", "value_usd",
            ]),
        "history_span": Surrogates(
            references: [file], columns: ["exchange_id", "dataset", "symbol", "from_ms", "to_ms"]),
        "history_rejection": Surrogates(
            references: [file], columns: ["number"] + HistoryTables.rejection.fields.map { "\($0.name)" }),
    ]

    private static let contract = Reference(
        column: "contract_id", table: "history_contract", meaning: ["exchange_id", "symbol", "asset"])
    private static let file = Reference(
        column: "file_id", table: "history_file", meaning: ["exchange_id", "dataset", "stamp"])

    private static func versions(_ table: HistoryTable<some HistoryFact>) -> Surrogates {
        Surrogates(references: [contract, file], columns: ["version"] + table.rows.fields.map { "\($0.name)" })
    }

    /// A query for the numbers of the references, followed by the other columns.
    func comparedRows(of table: String) -> String {
        "SELECT \((references.map(\.column) + columns).joined(separator: ", ")) FROM \(table)"
    }

    /// A query for the rows with what their numbers stand for.
    func naturalRows(of table: String, by key: String) -> String {
        var (meanings, joins): ([String], [String]) = ([], [])
        for (index, reference) in references.enumerated() {
            meanings += reference.meaning.map { "r\(index).\($0)" }
            joins.append(
                "JOIN \(reference.table) AS r\(index) ON r\(index).\(reference.column) = t.\(reference.column)")
        }
        let order = meanings + key.split(separator: ", ").map { "t.\($0)" }
        return """
            SELECT \((meanings + columns.map { "t.\($0)" }).joined(separator: ", "))
            FROM \(table) AS t \(joins.joined(separator: " "))
            ORDER BY \(order.joined(separator: ", "))
            """
    }
}
