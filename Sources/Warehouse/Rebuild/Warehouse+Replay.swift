import GRDB
import PerpCore
import Sealing
import WarehouseSQL

extension Warehouse {
    /// The sealed hours of a span, both ends included, ascending.
    /// - Throws: an error of the database.
    public func sealedHours(from first: Hour, through last: Hour) throws -> [Hour] {
        try read { database in
            try Int64.fetchAll(
                database, sql: "SELECT hour FROM hour WHERE sealed = 1 AND hour BETWEEN ? AND ? ORDER BY hour",
                arguments: [first.start, last.start]
            ).map(Hour.init(containing:))
        }
    }

    /// What sealing `hour` and the hours after it looks back on, with every snapshot of the day before,
    /// so that hours can be appended one after the other.
    /// - Throws: an error of the database.
    public func rollingHistory(before hour: Hour) throws -> History {
        try queue.inDatabase {
            try summaries($0).history(before: hour, snapshots: Array(1...History.snapshotHours))
        }
    }

    /// The funding that was settled in the `days` before an hour, by exchange, each settlement once, and
    /// only what files up to that hour had stated.
    /// - Throws: an error of the database.
    public func settlements(days: Int, before hour: Hour) throws -> [Exchange: [FundingSettlement]] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: WarehouseSQL.query("replay.settlements"),
                arguments: [
                    // One more day: the settlement before the first one shows the length of its period.
                    hour.advanced(by: -24 * (days + 1)).startMilliseconds, hour.startMilliseconds, hour.start,
                ])
            var result: [Exchange: [FundingSettlement]] = [:]
            for row in rows {
                guard let exchange = Exchange(rawValue: try row.value(0)) else {
                    throw WarehouseError.unreadable(
                        table: "funding_settlement", column: "exchange_id", value: try row.value(0))
                }
                result[exchange, default: []].append(
                    try FundingSettlement(
                        symbol: row.value(1), asset: row.value(2), settledAt: Timestamp(milliseconds: row.value(3)),
                        fundingRate: row.value(4), fundingIntervalHours: row.value(5)))
            }
            let first = hour.advanced(by: -24 * days).startTime
            return result.mapValues { settlements in
                settlements.withPeriods.filter { $0.settledAt >= first }
            }
        }
    }
}
