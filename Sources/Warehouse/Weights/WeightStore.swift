import GRDB
import PerpCore
import Sealing
import WarehouseSQL

/// Proposals of other weights, and what a person decided about them.
public struct WeightStore {
    static let table = RecordTable<WeightRow>("weight_proposal")

    let warehouse: Warehouse

    /// Uses a connection, which must be open for writing to store anything.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// All proposals, the oldest first.
    /// - Throws: an error of the database.
    public func rows() throws -> [WeightRow] {
        try warehouse.read { database in
            let query = try Statement(
                database, "SELECT \(Self.table.columnList) FROM weight_proposal ORDER BY created_at_ms, id")
            var rows: [WeightRow] = []
            try query.forEachRow { rows.append(try $0.record()) }
            return rows
        }
    }

    /// The proposal of a name; `nil` without one.
    /// - Throws: an error of the database.
    public func row(_ id: String) throws -> WeightRow? { try rows().first { $0.id == id } }

    /// Stores a proposal. One that is there stays as it is: equal facts give an equal name.
    /// - Returns: the stored row.
    /// - Throws: an error of the database; nothing is then stored.
    public func add(_ row: WeightRow) throws -> WeightRow {
        try warehouse.unit { database in
            try Self.table.insert(database, conflict: "ON CONFLICT DO NOTHING").run(row)
        }
        return try self.row(row.id) ?? row
    }

    /// Says what became of a proposal.
    /// - Throws: an error of the database; nothing is then changed.
    public func set(_ status: WeightRow.Status, of id: String) throws {
        try warehouse.unit { database in
            try database.execute(
                sql: "UPDATE weight_proposal SET status = ? WHERE id = ?", arguments: [status.rawValue, id])
        }
    }

    /// A step of the market's path.
    public struct MarketStep: Hashable, Sendable {
        /// The hour in which it ends.
        public let hour: Hour
        /// Hours since the hour before in the path, 0 where it begins; `nil` when the hour is not in the path.
        public let gapHours: Int?
        /// The logarithmic change over them.
        public let change: Double?
        /// The volatility of the last day, an annualised fraction; `nil` is unknown.
        public let volatility: Double?
    }

    /// The market's path over the sealed hours, ascending.
    /// - Throws: an error of the database.
    public func marketSteps() throws -> [MarketStep] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("weights.market_steps")).map(TrendScope.market) {
                MarketStep(hour: $0, gapHours: $1, change: $2, volatility: $3)
            }
        }
    }
}
