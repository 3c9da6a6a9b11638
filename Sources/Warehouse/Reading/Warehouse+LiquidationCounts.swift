import GRDB
import PerpCore
import WarehouseSQL

/// Forced closings of a venue by side.
public struct LiquidationSideCounts: Hashable, Sendable {
    public var long: Int64
    public var short: Int64

    public init(long: Int64, short: Int64) {
        self.long = long
        self.short = short
    }
}

extension Warehouse {
    /// Events of the `hours` before an hour by exchange, closed hour and side, each once; an hour is named by the hour
    /// behind it, which seals it. Published sums win over events; hours whose sums have no counts are left out.
    ///
    /// Reads the span of time from the front of the tables' keys, whatever the age of the database.
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

    /// `nil` where an hour's rows hold no counts.
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
