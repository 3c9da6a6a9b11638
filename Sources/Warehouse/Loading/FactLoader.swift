import GRDB
import GRDBSQLite
import PerpCore
import Sealing
import WarehouseSQL

/// Writes the facts of one exchange and hour: the bulk path.
///
/// Statements are prepared once for the life of the connection. A file costs the same in an empty
/// database and in one of many years: rows go to the end of tables that are clustered by hour.
final class FactLoader {
    let listings: ListingCache
    let classes: UnstatedClasses
    let instruments: InstrumentVersions
    let ledger: Ledger
    let liquidations: LiquidationRuns
    let events: EventLoader
    private let ticker: Insert<Ticker>
    /// Prepared when an hour first has as many.
    private var tickersAtOnce: Insert<Ticker>?
    private let database: Database
    private let longShort: Insert<LongShortRatio>
    private let spot: Insert<SpotTicker>
    private let rejection: Insert<Rejection>
    private let deletions: [Statement]

    init(_ database: Database) throws {
        self.database = database
        listings = try ListingCache(database)
        classes = try UnstatedClasses(database, listings: listings)
        instruments = try InstrumentVersions(database)
        ledger = try Ledger(database)
        liquidations = try LiquidationRuns(database)
        events = try EventLoader(database)
        ticker = try FactTables.ticker.insert(database)
        longShort = try FactTables.longShort.insert(database, conflict: "ON CONFLICT DO NOTHING")
        spot = try FactTables.spotTicker.insert(database)
        rejection = try FactTables.rejection.insert(database)
        deletions = try [
            WarehouseSQL.query("fact_loader.delete_tickers"),
            "DELETE FROM long_short WHERE hour = ?1 AND exchange_id = ?2",
            "DELETE FROM spot_ticker WHERE hour = ?1 AND exchange_id = ?2",
            "DELETE FROM rejection WHERE hour = ?1 AND exchange_id = ?2",
        ].map { try Statement(database, $0) }
    }

    /// Removes what a file of this exchange and hour stated, except events and instruments.
    func deleteRows(_ exchange: Exchange, _ hour: Hour) throws {
        for deletion in deletions { try deletion.run(hour, exchange) }
    }

    /// Replaces the events of an exchange and hour; without a file they are removed.
    /// - Returns: the other hours in whose windows something has changed.
    func replaceEvents(
        with staged: StagedHour?, _ exchange: Exchange, _ hour: Hour, hadFile: Bool
    ) throws -> Set<Hour> {
        let liquidated = try liquidations.set(
            staged?.liquidations, exchange: exchange, hour: hour, hadFile: hadFile, isSettled: ledger.isSealed
        )
        let summed = try events.replace(
            with: staged, exchange: exchange, hour: hour, hadFile: hadFile, isSettled: ledger.isSealed)
        return liquidated.union(summed)
    }

    func insertRows(_ staged: StagedHour) throws {
        try insertTickers(staged)
        for row in staged.longShortRatios {
            try reporting("long_short", row.symbol, of: staged) { try longShort.run(row, staged.hour, staged.exchange) }
        }
        for row in staged.spotTickers {
            try reporting("spot_ticker", row.symbol, of: staged) { try spot.run(row, staged.hour, staged.exchange) }
        }
        for (number, row) in staged.rejections.enumerated() {
            try rejection.run(row, staged.hour, staged.exchange, number)
        }
    }

    private func insertTickers(_ staged: StagedHour) throws {
        let numbers = try listings.numbers(
            of: staged.tickers, instruments: staged.instruments, exchange: staged.exchange)
        // Through the buffer: an element taken out of the array would be copied with its strings.
        try staged.tickers.withUnsafeBufferPointer { rows in
            var index = 0
            while index + Self.rowsAtOnce <= rows.count, try insertAtOnce(rows, numbers, from: index, of: staged) {
                index += Self.rowsAtOnce
            }
            for index in index..<rows.count {
                ticker.bind(staged.hour, numbers[index])
                try reporting("ticker", rows[index].symbol, of: staged) {
                    try ticker.run(at: rows.baseAddress! + index)  // there is a row
                }
            }
        }
    }

    /// As many tickers as one run inserts: a run of one row takes half as long again for each.
    private static let rowsAtOnce = 64

    /// Inserts tickers in one run. Returns `false`, and inserts nothing, when one of them is refused: inserted one by one, it
    /// is told which.
    private func insertAtOnce(
        _ rows: UnsafeBufferPointer<Ticker>, _ numbers: [Int64], from first: Int, of staged: StagedHour
    ) throws -> Bool {
        let insert = try tickersAtOnce ?? FactTables.ticker.insert(database, rows: Self.rowsAtOnce)
        tickersAtOnce = insert
        for row in 0..<Self.rowsAtOnce {
            insert.bind(staged.hour.start, key: 0, row: row)
            insert.bind(numbers[first + row], key: 1, row: row)
            insert.bind(at: rows.baseAddress! + first + row, row: row)  // there are as many rows
        }
        do {
            try insert.runBound()
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            return false
        }
    }

    /// Runs `body` and turns a broken constraint into an error that names the record.
    @inline(__always)
    private func reporting(
        _ record: String, _ symbol: @autoclosure () -> String, of staged: StagedHour, _ body: () throws -> Void
    ) throws {
        do {
            try body()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw WarehouseError(error, record: record, symbol: symbol(), of: staged)
        }
    }
}

extension WarehouseError {
    /// Creates the error for a staged row that broke a constraint.
    init(_ error: DatabaseError, record: String, symbol: String, of staged: StagedHour) {
        if error.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY
            || error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
        {
            self = .duplicate(record: record, exchange: staged.exchange, hour: staged.hour, symbol: symbol)
        } else {
            self = .refused(
                record: record, exchange: staged.exchange, hour: staged.hour, symbol: symbol,
                reason: error.message ?? "constraint failed")
        }
    }
}
