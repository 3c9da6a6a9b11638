import GRDB
import PerpCore
import Sealing
import WarehouseSQL

/// Writes published sums and settlements: few facts, each of which the files of several hours can state. An event counts
/// in the hour whose closed window `[hour - 3600 s, hour)` contains it, which need not be the hour of the file.
final class EventLoader {
    private let insertTotal: Insert<LiquidationTotal>
    private let insertSettlement: Insert<FundingSettlement>
    private let totalStatedBefore: Statement
    private let totalsOfHour: Statement
    private let deletions: [Statement]

    init(_ database: Database) throws {
        insertTotal = try FactTables.liquidationTotal.insert(database, conflict: "ON CONFLICT DO NOTHING")
        insertSettlement = try FactTables.fundingSettlement.insert(database, conflict: "ON CONFLICT DO NOTHING")
        totalStatedBefore = try Statement(
            database,
            WarehouseSQL.query("event_loader.total_stated_before"))
        totalsOfHour = try Statement(
            database,
            WarehouseSQL.query("event_loader.totals_of_hour"))
        deletions = try ["liquidation_total", "funding_settlement"].map {
            try Statement(database, "DELETE FROM \($0) WHERE hour = ? AND exchange_id = ?")
        }
    }

    fileprivate struct StatedTotal: Hashable {
        var from: Int64
        var to: Int64
        var symbol: String
        var long: Double
        var short: Double
        var longCount: Int64?
        var shortCount: Int64?

        var window: Hour { Hour(containing: Timestamp(milliseconds: from)).next }
    }

    /// Replaces the rows of an exchange and hour.
    /// - Parameter staged: `nil` to remove the rows.
    /// - Parameter hadFile: whether a file of this exchange and hour is loaded.
    /// - Returns: the other hours in whose windows sums have changed.
    func replace(
        with staged: StagedHour?, exchange: Exchange, hour: Hour, hadFile: Bool,
        isSettled: (Hour) throws -> Bool
    ) throws -> Set<Hour> {
        let before = hadFile ? try storedTotals(exchange, hour) : []
        if hadFile { try deleteAll(exchange, hour) }
        if let staged { try insert(staged) }
        let after = Set((staged?.liquidationTotals ?? []).map(StatedTotal.init))
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
        for row in staged.liquidationTotals { try insertTotal.run(row, staged.hour, staged.exchange) }
        for row in staged.fundingSettlements { try insertSettlement.run(row, staged.hour, staged.exchange) }
    }

    private func deleteAll(_ exchange: Exchange, _ hour: Hour) throws {
        for deletion in deletions { try deletion.run(hour, exchange) }
    }

    private func storedTotals(_ exchange: Exchange, _ hour: Hour) throws -> Set<StatedTotal> {
        var totals: Set<StatedTotal> = []
        try totalsOfHour.forEach(hour, exchange) { from, to, symbol, long, short, longCount, shortCount in
            totals.insert(
                StatedTotal(
                    from: from, to: to, symbol: symbol, long: long, short: short, longCount: longCount,
                    shortCount: shortCount))
        }
        return totals
    }

    /// Whether a file of an earlier hour states a sum. Sums may differ between files: the earliest file counts.
    private func isStated(_ total: StatedTotal, _ exchange: Exchange, before hour: Hour) throws -> Bool {
        try totalStatedBefore.hasRow(total.from, total.to, exchange, total.symbol, hour)
    }
}

extension EventLoader.StatedTotal {
    fileprivate init(_ row: LiquidationTotal) {
        self.init(
            from: row.from.milliseconds, to: row.to.milliseconds, symbol: row.symbol, long: row.longUSD,
            short: row.shortUSD, longCount: row.longCount, shortCount: row.shortCount)
    }
}
