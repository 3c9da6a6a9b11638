import GRDB
import PerpCore
import Sealing
import WarehouseSQL

/// The sealed hours of a warehouse: their rows, and what they look back on.
public struct SealedHours {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The first and the last sealed hour; `nil` when there is none.
    /// - Throws: an error of the database.
    public func span() throws -> ClosedRange<Hour>? {
        try warehouse.queue.inDatabase { try CoverageLedger.span(of: "hour WHERE sealed = 1", $0) }
    }

    /// The sealed hours of a span, both ends included, ascending.
    /// - Throws: an error of the database.
    public func hours(from first: Hour, through last: Hour) throws -> [Hour] {
        try warehouse.read { database in
            try Int64.fetchAll(
                database, sql: "SELECT hour FROM hour WHERE sealed = 1 AND hour BETWEEN ? AND ? ORDER BY hour",
                arguments: [first.start, last.start]
            ).map(Hour.init(containing:))
        }
    }

    /// A sealed hour as it is stored, read in one transaction.
    /// - Parameter history: what the hour looks back on, where that is at hand; else it is read.
    /// - Throws: `WarehouseError.notSealed`, or an error of the database.
    public func hour(_ hour: Hour, after history: History? = nil) throws -> SealedHour {
        try warehouse.read { database in
            let isSealed = try Bool.fetchOne(
                database, sql: "SELECT sealed FROM hour WHERE hour = ?", arguments: [hour.start])
            guard isSealed == true else { throw WarehouseError.notSealed(hour) }
            let store = try warehouse.summaries(database)
            let input = try HourInput(
                hour: hour, exchanges: store.reader.exchangeFacts(at: hour),
                history: history ?? store.history(before: hour, snapshots: History.wantedSnapshots))
            var summary = try store.rows.summary(of: hour)
            summary.openInterest = OpenInterestSnapshot(
                hour: hour, exchanges: input.exchanges.sorted { $0.exchange.id < $1.exchange.id })
            var sealed = SealedHour(input: input, summary: summary)
            sealed.intervalChanges = try changes(WarehouseSQL.query("intervals.changed"), hour, hour, database)
            return sealed
        }
    }

    /// The summaries of the sealed hours in a span, both ends included, ascending.
    /// - Throws: an error of the database.
    public func summaries(from first: Hour, through last: Hour) throws -> [PastHour] {
        try warehouse.queue.inDatabase { try warehouse.summaries($0).rows.pastHours(from: first, through: last) }
    }

    /// The factors of the sealed hours in a span, both ends included, by hour and model.
    /// - Throws: an error of the database.
    public func scores(from first: Hour, through last: Hour) throws -> [ModelScore] {
        try warehouse.queue.inDatabase { try warehouse.summaries($0).rows.scores(from: first, through: last) }
    }

    /// What sealing `hour` looks back on, read from stored rows: the trailing summaries and snapshots.
    /// - Throws: an error of the database.
    func history(before hour: Hour) throws -> History {
        try warehouse.queue.inDatabase {
            try warehouse.summaries($0).history(before: hour, snapshots: History.wantedSnapshots)
        }
    }

    /// What sealing `hour` and the hours after it looks back on, with every snapshot of the day before,
    /// so that hours can be appended one after the other.
    /// - Throws: an error of the database.
    public func rollingHistory(before hour: Hour) throws -> History {
        try warehouse.queue.inDatabase {
            try warehouse.summaries($0).history(before: hour, snapshots: Array(1...History.snapshotHours))
        }
    }
}
