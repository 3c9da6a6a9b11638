import GRDB
import PerpCore
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

    /// The market's logarithmic change since the hour before in each sealed hour, ascending; `nil` where that hour is missing.
    /// - Throws: an error of the database.
    public func marketChanges() throws -> [(hour: Hour, change: Double?)] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("weights.market_changes")).map { ($0, $1) }
        }
    }
}
