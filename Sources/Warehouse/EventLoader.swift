import GRDB
import PerpCore
import Sealing

/// Writes published sums and settlements: facts that can be stated by the files of several hours, and
/// that are few. An event counts in the hour whose closed window `[hour - 3600 s, hour)` it lies in,
/// which need not be the hour of the file.
final class EventLoader {
    private let insertTotal: Statement
    private let insertSettlement: Statement
    private let totalStatedBefore: Statement
    private let totalsOfHour: Statement
    private let deletions: [Statement]

    init(_ database: Database) throws {
        insertTotal = try Statement(
            database,
            """
            INSERT INTO liquidation_total (from_ms, to_ms, exchange_id, symbol, hour, asset, long_usd, short_usd,
                long_count, short_count)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """)
        insertSettlement = try Statement(
            database,
            """
            INSERT INTO funding_settlement (settled_at_ms, exchange_id, symbol, hour, asset, funding_rate,
                funding_interval_hours)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """)
        totalStatedBefore = try Statement(
            database,
            """
            SELECT 1 FROM liquidation_total
            WHERE from_ms = ? AND to_ms = ? AND exchange_id = ? AND symbol = ? AND hour < ?
            LIMIT 1
            """)
        totalsOfHour = try Statement(
            database,
            """
            SELECT from_ms, to_ms, symbol, long_usd, short_usd, long_count, short_count FROM liquidation_total
            WHERE hour = ? AND exchange_id = ?
            """)
        deletions = try ["liquidation_total", "funding_settlement"].map {
            try Statement(database, "DELETE FROM \($0) WHERE hour = ? AND exchange_id = ?")
        }
    }

    fileprivate struct Total: Hashable {
        var from: Int64
        var to: Int64
        var symbol: String
        var long: Double
        var short: Double
        var longCount: Int64?
        var shortCount: Int64?

        var window: Hour { Hour(containing: Timestamp(milliseconds: from)).next }
    }

    /// Replaces the rows of an exchange and hour, and says in which other hours' windows sums have changed.
    /// - Parameter staged: `nil` to remove the rows.
    /// - Parameter hadFile: whether a file of this exchange and hour is loaded.
    func replace(
        with staged: StagedHour?, exchange: Exchange, hour: Hour, hadFile: Bool,
        isSettled: (Hour) throws -> Bool
    ) throws -> Set<Hour> {
        let before = hadFile ? try storedTotals(exchange, hour) : []
        if hadFile { try deleteAll(exchange, hour) }
        if let staged { try insert(staged) }
        let after = Set((staged?.liquidationTotals ?? []).map(Total.init))
        var touched: Set<Hour> = []
        for total in before.symmetricDifference(after) where total.window != hour {
            if touched.contains(total.window) { continue }
            if try isSettled(total.window) && !isStated(total, exchange, before: hour) {
                touched.insert(total.window)
            }
        }
        return touched
    }

    private func insert(_ staged: StagedHour) throws {
        for row in staged.liquidationTotals {
            insertTotal.bind(1, row.from.milliseconds)
            insertTotal.bind(2, row.to.milliseconds)
            insertTotal.bind(3, staged.exchange.id)
            insertTotal.bind(4, row.symbol)
            insertTotal.bind(5, staged.hour.start)
            insertTotal.bind(6, row.asset)
            insertTotal.bind(7, row.longUSD)
            insertTotal.bind(8, row.shortUSD)
            insertTotal.bind(9, row.longCount)
            insertTotal.bind(10, row.shortCount)
            try insertTotal.run()
        }
        for row in staged.fundingSettlements {
            insertSettlement.bind(1, row.settledAt.milliseconds)
            insertSettlement.bind(2, staged.exchange.id)
            insertSettlement.bind(3, row.symbol)
            insertSettlement.bind(4, staged.hour.start)
            insertSettlement.bind(5, row.asset)
            insertSettlement.bind(6, row.fundingRate)
            insertSettlement.bind(7, row.fundingIntervalHours)
            try insertSettlement.run()
        }
    }

    private func deleteAll(_ exchange: Exchange, _ hour: Hour) throws {
        for deletion in deletions {
            deletion.bind(1, hour.start)
            deletion.bind(2, exchange.id)
            try deletion.run()
        }
    }

    private func storedTotals(_ exchange: Exchange, _ hour: Hour) throws -> Set<Total> {
        var totals: Set<Total> = []
        totalsOfHour.bind(1, hour.start)
        totalsOfHour.bind(2, exchange.id)
        try totalsOfHour.forEachRow { row in
            totals.insert(
                Total(
                    from: row.integer(0), to: row.integer(1), symbol: row.text(2), long: row.real(3),
                    short: row.real(4), longCount: row.optionalInteger(5), shortCount: row.optionalInteger(6))
            )
        }
        return totals
    }

    /// Sums may differ between files: the earliest file counts, so only an earlier one hides this.
    private func isStated(_ total: Total, _ exchange: Exchange, before hour: Hour) throws -> Bool {
        totalStatedBefore.bind(1, total.from)
        totalStatedBefore.bind(2, total.to)
        totalStatedBefore.bind(3, exchange.id)
        totalStatedBefore.bind(4, total.symbol)
        totalStatedBefore.bind(5, hour.start)
        defer { totalStatedBefore.reset() }
        return try totalStatedBefore.step()
    }
}

extension EventLoader.Total {
    fileprivate init(_ row: LiquidationTotal) {
        self.init(
            from: row.from.milliseconds, to: row.to.milliseconds, symbol: row.symbol, long: row.longUSD,
            short: row.shortUSD, longCount: row.longCount, shortCount: row.shortCount)
    }
}
