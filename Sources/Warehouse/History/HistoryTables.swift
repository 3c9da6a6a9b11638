import PerpCore
import Sealing

/// A record of a contract's past.
protocol HistoryFact: FieldRecord, Hashable {
    /// The contract, in the exchange's own spelling.
    var symbol: String { get }
    /// The canonical asset.
    var asset: String { get }
}

extension Candle: HistoryFact {}
extension OpenInterest: HistoryFact {}
extension FundingSettlement: HistoryFact {}
extension LongShortRatio: HistoryFact {}

/// A table of facts of the past: a row is a version of a fact, with the file that states it first.
struct HistoryTable<Record: HistoryFact>: Sendable {
    /// The columns: contract, version and file, then the record without its contract.
    let rows: RecordTable<Record>
    /// The fields that, with the contract, say which fact it is.
    let key: [Field<Record>]

    init(_ name: String, by key: [String]) {
        let fields = Record.fields.filter { !["symbol", "asset"].contains("\($0.name)") }
        rows = RecordTable(name, key: ["contract_id", "version", "file_id"], fields: fields)
        self.key = key.compactMap { name in fields.first { "\($0.name)" == name } }
    }

    /// The names of the fields of the key, in the order of the table.
    var keyNames: [String] { key.map { "\($0.name)" } }
    /// `contract_id = ? AND from_ms = ?`
    var isFact: String { (["contract_id"] + keyNames).map { "\($0) = ?" }.joined(separator: " AND ") }
}

/// The tables of the past whose facts have versions.
enum HistoryTables {
    static let candle = HistoryTable<Candle>("candle", by: ["price_kind", "from_ms"])
    static let openInterest = HistoryTable<OpenInterest>("open_interest", by: ["observed_at_ms"])
    static let settlement = HistoryTable<FundingSettlement>("history_settlement", by: ["settled_at_ms"])
    static let longShort = HistoryTable<LongShortRatio>(
        "history_long_short", by: ["population", "period", "observed_at_ms"])
    static let rejection = RecordTable<Rejection>("history_rejection", key: ["file_id", "number"])
    static let reconstructed = RecordTable<ReconstructedHour>("reconstructed_hour", key: ["as_known_ms", "feed"])
    /// The names of all tables that point to a contract.
    static let ofContracts = [
        "candle", "open_interest", "history_settlement", "history_long_short", "history_liquidation",
    ]
}
