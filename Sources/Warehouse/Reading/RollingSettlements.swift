import GRDB
import PerpCore
import WarehouseSQL

/// The funding that was settled in the days before an hour, for one hour after the other: each settlement once, as the file
/// that states it first has it, and only what files up to the hour had stated.
///
/// A later hour adds what its own files state, and reads nothing again.
public struct RollingSettlements {
    private struct Row {
        let exchange: Exchange
        let settlement: FundingSettlement
    }

    private struct Key: Hashable {
        let exchange: Exchange
        let symbol: String
        let settledAt: Timestamp
    }

    private let warehouse: Warehouse
    private let days: Int
    private var rows: [Row] = []
    private var known: Set<Key> = []
    /// The last hour whose files are read; `nil` before the first.
    private var readThrough: Hour?

    /// - Parameter days: how far back settlements are told of.
    public init(_ warehouse: Warehouse, days: Int) {
        self.warehouse = warehouse
        self.days = days
    }

    /// The settlements of the days before an hour that is not earlier than the last one, by exchange, sorted by symbol and
    /// time.
    /// - Throws: an error of the database.
    public mutating func before(_ hour: Hour) throws -> [Exchange: [FundingSettlement]] {
        // One more day: the settlement before the first one shows the length of its period.
        let oldest = hour.advanced(by: -24 * (days + 1))
        try read(from: readThrough?.next ?? oldest, through: hour)
        forget(before: oldest.startTime)
        let first = hour.advanced(by: -24 * days).startTime
        var result: [Exchange: [FundingSettlement]] = [:]
        for row in rows where row.settlement.settledAt < hour.startTime {
            result[row.exchange, default: []].append(row.settlement)
        }
        return result.mapValues { settlements in settlements.withPeriods.filter { $0.settledAt >= first } }
    }

    private mutating func read(from first: Hour, through last: Hour) throws {
        guard first <= last else { return }
        let isFirst = readThrough == nil
        try warehouse.read { database in
            func take(_ stored: Statement) throws {
                let row = try Self.row(stored)
                if known.insert(key(row)).inserted { rows.append(row) }
            }
            if isFirst {
                try warehouse.prepared(WarehouseSQL.query("replay.settlements_since"), database)
                    .forEachRow(first.startTime, first, last, body: take)
            } else {
                try warehouse.prepared(WarehouseSQL.query("replay.settlements"), database)
                    .forEachRow(first, last, body: take)
            }
        }
        readThrough = last
    }

    @inline(__always)
    private static func row(_ stored: Statement) throws -> Row {
        guard let exchange = Exchange(rawValue: stored.text(0)) else { throw stored.unreadable(0) }
        return Row(
            exchange: exchange,
            settlement: FundingSettlement(
                symbol: stored.text(1), asset: stored.text(2),
                settledAt: Timestamp(milliseconds: try stored.integer(3)), fundingRate: try stored.number(4),
                fundingIntervalHours: stored.optionalNumber(5)))
    }

    private mutating func forget(before time: Timestamp) {
        guard rows.contains(where: { $0.settlement.settledAt < time }) else { return }
        for row in rows where row.settlement.settledAt < time { known.remove(key(row)) }
        rows.removeAll { $0.settlement.settledAt < time }
    }

    private func key(_ row: Row) -> Key {
        Key(exchange: row.exchange, symbol: row.settlement.symbol, settledAt: row.settlement.settledAt)
    }
}

extension SealedHours {
    /// The funding that was settled in the `days` before an hour, by exchange, each settlement once, and
    /// only what files up to that hour had stated.
    /// - Throws: an error of the database.
    public func settlements(days: Int, before hour: Hour) throws -> [Exchange: [FundingSettlement]] {
        var rolling = RollingSettlements(warehouse, days: days)
        return try rolling.before(hour)
    }
}
