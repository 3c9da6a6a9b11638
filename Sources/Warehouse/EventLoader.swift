import GRDB
import PerpCore

/// Writes liquidations and settlements: facts that can be stated by the files of several hours.
///
/// An event belongs to the hour whose closed window `[hour - 3600 s, hour)` it lies in, which need
/// not be the hour of the file.
final class EventLoader {
    private let insertLiquidation: Statement
    private let insertTotal: Statement
    private let insertSettlement: Statement
    private let windowsOfHour: Statement
    private let statedElsewhere: Statement
    private let totalStatedElsewhere: Statement
    private let eventsOfHour: Statement
    private let totalsOfHour: Statement
    private let deletions: [Statement]

    init(_ database: Database) throws {
        insertLiquidation = try Statement(
            database,
            """
            INSERT INTO liquidation (occurred_at_ms, exchange_id, symbol, side, price, quantity_base, id, hour,
                asset, value_usd)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """)
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
        windowsOfHour = try Statement(
            database, "SELECT sealed, dirty FROM hour WHERE hour = ?")
        statedElsewhere = try Statement(
            database,
            """
            SELECT 1 FROM liquidation
            WHERE occurred_at_ms = ? AND exchange_id = ? AND symbol = ? AND side = ? AND price = ?
                AND quantity_base = ? AND id = ? AND hour <> ?
            LIMIT 1
            """)
        totalStatedElsewhere = try Statement(
            database,
            """
            SELECT 1 FROM liquidation_total
            WHERE from_ms = ? AND to_ms = ? AND exchange_id = ? AND symbol = ? AND hour < ?
            LIMIT 1
            """)
        eventsOfHour = try Statement(
            database,
            """
            SELECT occurred_at_ms, symbol, side, price, quantity_base, id, value_usd FROM liquidation
            WHERE hour = ? AND exchange_id = ?
            """)
        totalsOfHour = try Statement(
            database,
            """
            SELECT from_ms, to_ms, symbol, long_usd, short_usd, long_count, short_count FROM liquidation_total
            WHERE hour = ? AND exchange_id = ?
            """)
        deletions = try ["liquidation", "liquidation_total", "funding_settlement"].map {
            try Statement(database, "DELETE FROM \($0) WHERE hour = ? AND exchange_id = ?")
        }
    }

    /// What makes an event the same event, and what is summed.
    fileprivate struct Event: Hashable {
        var occurredAt: Int64
        var symbol: String
        var side: LiquidationSide
        var price: Double
        var quantity: Double
        var id: String
        var value: Double?

        var window: Hour { Hour(containing: Timestamp(milliseconds: occurredAt)).next }
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

    /// Replaces the events of an exchange and hour, and says which other hours' windows have changed.
    /// - Parameter hadFile: whether a file of this exchange and hour is loaded; `staged` is `nil` to remove it.
    func replace(
        with staged: StagedHour?, exchange: Exchange, hour: Hour, hadFile: Bool
    ) throws -> Set<Hour> {
        let oldEvents = hadFile ? try storedEvents(exchange, hour) : []
        let oldTotals = hadFile ? try storedTotals(exchange, hour) : []
        if hadFile { try deleteAll(exchange, hour) }
        var newEvents: Set<Event> = []
        var newTotals: Set<Total> = []
        if let staged {
            newEvents = Set(staged.liquidations.map(Event.init))
            newTotals = Set(staged.liquidationTotals.map(Total.init))
            try insert(staged)
        }
        var touched: Set<Hour> = []
        for event in oldEvents.symmetricDifference(newEvents) where event.window != hour {
            if touched.contains(event.window) { continue }
            guard try isSettled(event.window), try !isStated(event, exchange, elsewhereThan: hour) else {
                continue
            }
            touched.insert(event.window)
        }
        for total in oldTotals.symmetricDifference(newTotals) where total.window != hour {
            if touched.contains(total.window) { continue }
            guard try isSettled(total.window), try !isStated(total, exchange, before: hour) else { continue }
            touched.insert(total.window)
        }
        return touched
    }

    private func insert(_ staged: StagedHour) throws {
        for row in staged.liquidations {
            insertLiquidation.bind(1, row.occurredAt.milliseconds)
            insertLiquidation.bind(2, staged.exchange.id)
            insertLiquidation.bind(3, row.symbol)
            insertLiquidation.bind(4, row.side.rawValue)
            insertLiquidation.bind(5, row.price)
            insertLiquidation.bind(6, row.quantityBase)
            insertLiquidation.bind(7, row.id ?? "")
            insertLiquidation.bind(8, staged.hour.start)
            insertLiquidation.bind(9, row.asset)
            insertLiquidation.bind(10, row.valueUSD)
            try insertLiquidation.run()
        }
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

    private func storedEvents(_ exchange: Exchange, _ hour: Hour) throws -> Set<Event> {
        var events: Set<Event> = []
        eventsOfHour.bind(1, hour.start)
        eventsOfHour.bind(2, exchange.id)
        try eventsOfHour.forEachRow { row in
            guard let side = LiquidationSide(rawValue: row.text(2)) else {
                throw WarehouseError.unreadable(table: "liquidation", column: "side", value: row.text(2))
            }
            events.insert(
                Event(
                    occurredAt: row.integer(0), symbol: row.text(1), side: side, price: row.real(3),
                    quantity: row.real(4), id: row.text(5), value: row.optionalReal(6)))
        }
        return events
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

    /// Whether the hour is known and not waiting to be summarised anyway.
    private func isSettled(_ hour: Hour) throws -> Bool {
        windowsOfHour.bind(1, hour.start)
        defer { windowsOfHour.reset() }
        guard try windowsOfHour.step() else { return false }
        return windowsOfHour.integer(0) == 1
    }

    private func isStated(_ event: Event, _ exchange: Exchange, elsewhereThan hour: Hour) throws -> Bool {
        statedElsewhere.bind(1, event.occurredAt)
        statedElsewhere.bind(2, exchange.id)
        statedElsewhere.bind(3, event.symbol)
        statedElsewhere.bind(4, event.side.rawValue)
        statedElsewhere.bind(5, event.price)
        statedElsewhere.bind(6, event.quantity)
        statedElsewhere.bind(7, event.id)
        statedElsewhere.bind(8, hour.start)
        defer { statedElsewhere.reset() }
        return try statedElsewhere.step()
    }

    /// Totals may differ between files: the earliest file counts, so only an earlier one hides this.
    private func isStated(_ total: Total, _ exchange: Exchange, before hour: Hour) throws -> Bool {
        totalStatedElsewhere.bind(1, total.from)
        totalStatedElsewhere.bind(2, total.to)
        totalStatedElsewhere.bind(3, exchange.id)
        totalStatedElsewhere.bind(4, total.symbol)
        totalStatedElsewhere.bind(5, hour.start)
        defer { totalStatedElsewhere.reset() }
        return try totalStatedElsewhere.step()
    }
}

extension EventLoader.Event {
    fileprivate init(_ row: Liquidation) {
        self.init(
            occurredAt: row.occurredAt.milliseconds, symbol: row.symbol, side: row.side, price: row.price,
            quantity: row.quantityBase, id: row.id ?? "", value: row.valueUSD)
    }
}

extension EventLoader.Total {
    fileprivate init(_ row: LiquidationTotal) {
        self.init(
            from: row.from.milliseconds, to: row.to.milliseconds, symbol: row.symbol, long: row.longUSD,
            short: row.shortUSD, longCount: row.longCount, shortCount: row.shortCount)
    }
}
