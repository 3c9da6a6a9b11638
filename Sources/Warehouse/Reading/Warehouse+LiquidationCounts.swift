import GRDB
import PerpCore

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
                """
                SELECT exchange_id, occurred_at_ms / 3600000, count(*) FILTER (WHERE side = 'long'),
                    count(*) FILTER (WHERE side = 'short')
                FROM (SELECT DISTINCT exchange_id, symbol, occurred_at_ms, side, price, quantity, id
                      FROM liquidation
                      -- Coins, as in the dollars: the name of anything else carries its class.
                      WHERE occurred_at_ms >= ?1 AND occurred_at_ms < ?2
                          AND instr(\(UnstatedClasses.liquidationAsset), ':') = 0)
                GROUP BY 1, 2
                """, [from, to], database)
            let published = try Self.counts(
                """
                SELECT exchange_id, from_ms / 3600000, sum(long_count), sum(short_count)
                FROM (SELECT exchange_id, from_ms, long_count, short_count, min(hour) FROM liquidation_total
                      WHERE from_ms >= ?1 AND from_ms < ?2 AND to_ms <= ?2
                      GROUP BY exchange_id, symbol, from_ms, to_ms)
                GROUP BY 1, 2
                """, [from, to], database)
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
