import GRDB
import PerpCore
import WarehouseSQL

/// The number of liquidations of an exchange, by side.
public struct LiquidationSideCounts: Hashable, Sendable {
    /// The number of longs that were liquidated.
    public var long: Int64
    /// The number of shorts that were liquidated.
    public var short: Int64

    /// Creates the counts of both sides.
    public init(long: Int64, short: Int64) {
        self.long = long
        self.short = short
    }
}

extension Warehouse {
    /// The events of the `hours` before an hour by exchange, closed hour and side, each counted once. The key of a closed
    /// hour is the hour after it, which seals it. Published sums win over events; hours whose sums have no counts are left
    /// out.
    ///
    /// Time is the first part of the tables' keys, so the span is read quickly in a database of any age.
    /// - Throws: an error of the database.
    public func liquidationCounts(
        hours: Int, before hour: Hour
    ) throws -> [Exchange: [Hour: LiquidationSideCounts]] {
        let (from, to) = (hour.advanced(by: -hours).startMilliseconds, hour.startMilliseconds)
        return try read { database in
            let events = try Self.counts(
                WarehouseSQL.query("liquidation_counts.events", ["asset": UnstatedClasses.liquidationAsset]),
                [from, to], database)
            let published = try Self.counts(
                WarehouseSQL.query("liquidation_counts.published"), [from, to], database)
            return events.merging(published) { events, published in events.merging(published) { $1 } }
                .mapValues { $0.compactMapValues(\.self) }
        }
    }

    /// The counts of a query; `nil` for an hour whose rows have no counts.
    private static func counts(
        _ sql: String, _ arguments: StatementArguments, _ database: Database
    ) throws -> [Exchange: [Hour: LiquidationSideCounts?]] {
        var result: [Exchange: [Hour: LiquidationSideCounts?]] = [:]
        for row in try Row.fetchAll(database, sql: sql, arguments: arguments) {
            guard let exchange = Exchange(rawValue: try row.value(0)) else {
                throw WarehouseError.unreadable(table: "liquidation", column: "exchange_id", value: try row.value(0))
            }
            let hour = Hour(containing: (try row.value(1) as Int64) * Hour.seconds).next
            let (long, short) = try (row.value(2) as Int64?, row.value(3) as Int64?)
            let counts = long.flatMap { long in short.map { LiquidationSideCounts(long: long, short: $0) } }
            result[exchange, default: [:]].updateValue(counts, forKey: hour)
        }
        return result
    }
}
