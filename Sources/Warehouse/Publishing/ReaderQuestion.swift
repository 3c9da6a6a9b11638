import WarehouseSQL

/// A question that people ask of the views, with the query that answers it in the latest hours.
///
/// SQLite and DuckDB read the query alike: `pipeline/docs/reading.md` says what keeps it so.
public struct ReaderQuestion: Hashable, Sendable {
    /// `best_funding_spreads`
    public let name: String
    /// The question as a sentence.
    public let title: String
    /// One query without a semicolon.
    public let sql: String

    /// - Parameter text: the title behind two dashes, then the query.
    init(_ name: String, _ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        self.name = name
        title = lines.prefix { $0.hasPrefix("--") }.map { $0.drop { "- ".contains($0) } }.joined(separator: " ")
        sql = lines.drop { $0.hasPrefix("--") }.joined(separator: "\n")
    }

    /// The ten questions that go with a published copy.
    public static let all = [
        ReaderQuestion("best_funding_spreads", WarehouseSQL.query("questions.best_funding_spreads")),
        ReaderQuestion("largest_funding_rates", WarehouseSQL.query("questions.largest_funding_rates")),
        ReaderQuestion("widest_price_spreads", WarehouseSQL.query("questions.widest_price_spreads")),
        ReaderQuestion("basis", WarehouseSQL.query("questions.basis")),
        ReaderQuestion("market_by_hour", WarehouseSQL.query("questions.market_by_hour")),
        ReaderQuestion("market_shares", WarehouseSQL.query("questions.market_shares")),
        ReaderQuestion("open_interest_changes", WarehouseSQL.query("questions.open_interest_changes")),
        ReaderQuestion("liquidations_by_coin", WarehouseSQL.query("questions.liquidations_by_coin")),
        ReaderQuestion("funding_paid", WarehouseSQL.query("questions.funding_paid")),
        ReaderQuestion("exchanges_now", WarehouseSQL.query("questions.exchanges_now")),
    ]
}
