import GRDB
import GRDBSQLite
import PerpCore
import Sealing

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
    private let ticker: Statement
    private let longShort: Statement
    private let spot: Statement
    private let rejection: Statement
    private let deletions: [Statement]

    init(_ database: Database) throws {
        listings = try ListingCache(database)
        classes = try UnstatedClasses(database, listings: listings)
        instruments = try InstrumentVersions(database)
        ledger = try Ledger(database)
        liquidations = try LiquidationRuns(database)
        events = try EventLoader(database)
        ticker = try Statement(
            database,
            """
            INSERT INTO ticker (hour, listing_id, last_price, mark_price, index_price, bid_price, ask_price,
                volume_base_24h, volume_usd_24h, open_interest_contracts, open_interest_base,
                open_interest_usd, funding_rate, funding_interval_hours, next_funding_at_ms,
                price_change_24h, trades_24h, observed_at_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        longShort = try Statement(
            database,
            """
            INSERT INTO long_short (hour, exchange_id, symbol, population, period, observed_at_ms, asset, ratio,
                long_fraction, short_fraction)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """)
        spot = try Statement(
            database,
            """
            INSERT INTO spot_ticker (hour, exchange_id, symbol, asset, quote, last_price, bid_price, ask_price,
                volume_usd_24h, observed_at_ms)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        rejection = try Statement(
            database,
            """
            INSERT INTO rejection (hour, exchange_id, number, endpoint, row, symbol, field, reason, value)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        deletions = try [
            """
            DELETE FROM ticker WHERE hour = ?1
                AND listing_id IN (SELECT listing_id FROM listing WHERE exchange_id = ?2)
            """,
            "DELETE FROM long_short WHERE hour = ?1 AND exchange_id = ?2",
            "DELETE FROM spot_ticker WHERE hour = ?1 AND exchange_id = ?2",
            "DELETE FROM rejection WHERE hour = ?1 AND exchange_id = ?2",
        ].map { try Statement(database, $0) }
    }

    /// Removes what a file of this exchange and hour stated, but for events and instruments.
    func deleteRows(_ exchange: Exchange, _ hour: Hour) throws {
        for deletion in deletions {
            deletion.bind(1, hour.start)
            deletion.bind(2, exchange.id)
            try deletion.run()
        }
    }

    /// Replaces the events of an exchange and hour, by none without a file, and says in which other hours'
    /// windows something has changed.
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
        try insertLongShortRatios(staged)
        try insertSpotTickers(staged)
        try insertRejections(staged)
    }

    private func insertTickers(_ staged: StagedHour) throws {
        let numbers = try listings.numbers(
            of: staged.tickers, instruments: staged.instruments, exchange: staged.exchange)
        ticker.bind(1, staged.hour.start)
        // Through the buffer: an element taken out of the array would be copied with its strings.
        try staged.tickers.withUnsafeBufferPointer { rows in
            for place in rows.indices {
                ticker.bind(2, numbers[place])
                ticker.bind(3, rows[place].lastPrice)
                ticker.bind(4, rows[place].markPrice)
                ticker.bind(5, rows[place].indexPrice)
                ticker.bind(6, rows[place].bidPrice)
                ticker.bind(7, rows[place].askPrice)
                ticker.bind(8, rows[place].volumeBase24h)
                ticker.bind(9, rows[place].volumeUSD24h)
                ticker.bind(10, rows[place].openInterestContracts)
                ticker.bind(11, rows[place].openInterestBase)
                ticker.bind(12, rows[place].openInterestUSD)
                ticker.bind(13, rows[place].fundingRate)
                ticker.bind(14, rows[place].fundingIntervalHours)
                ticker.bind(15, rows[place].nextFundingAt?.milliseconds)
                ticker.bind(16, rows[place].priceChange24h)
                ticker.bind(17, rows[place].trades24h)
                ticker.bind(18, rows[place].observedAt.milliseconds)
                try run(ticker, "ticker", rows[place].symbol, of: staged)
            }
        }
    }

    private func insertLongShortRatios(_ staged: StagedHour) throws {
        for row in staged.longShortRatios {
            longShort.bind(1, staged.hour.start)
            longShort.bind(2, staged.exchange.id)
            longShort.bind(3, row.symbol)
            longShort.bind(4, row.population.rawValue)
            longShort.bind(5, row.period)
            longShort.bind(6, row.observedAt.milliseconds)
            longShort.bind(7, row.asset)
            longShort.bind(8, row.ratio)
            longShort.bind(9, row.longFraction)
            longShort.bind(10, row.shortFraction)
            try run(longShort, "long_short", row.symbol, of: staged)
        }
    }

    private func insertSpotTickers(_ staged: StagedHour) throws {
        for row in staged.spotTickers {
            spot.bind(1, staged.hour.start)
            spot.bind(2, staged.exchange.id)
            spot.bind(3, row.symbol)
            spot.bind(4, row.asset)
            spot.bind(5, row.quote)
            spot.bind(6, row.lastPrice)
            spot.bind(7, row.bidPrice)
            spot.bind(8, row.askPrice)
            spot.bind(9, row.volumeUSD24h)
            spot.bind(10, row.observedAt.milliseconds)
            try run(spot, "spot_ticker", row.symbol, of: staged)
        }
    }

    private func insertRejections(_ staged: StagedHour) throws {
        for (number, row) in staged.rejections.enumerated() {
            rejection.bind(1, staged.hour.start)
            rejection.bind(2, staged.exchange.id)
            rejection.bind(3, number)
            rejection.bind(4, row.endpoint)
            rejection.bind(5, row.row)
            rejection.bind(6, row.symbol)
            rejection.bind(7, row.field)
            rejection.bind(8, row.reason)
            rejection.bind(9, row.value)
            try rejection.run()
        }
    }

    @inline(__always)
    private func run(
        _ statement: Statement, _ record: String, _ symbol: @autoclosure () -> String, of staged: StagedHour
    ) throws {
        do {
            try statement.run()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw WarehouseError(error, record: record, symbol: symbol(), of: staged)
        }
    }
}

extension WarehouseError {
    /// What a broken constraint says about the staged row that broke it.
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
