import GRDB
import PerpCore

/// Keeps the table `instrument` equal to the lists of instruments that are loaded.
final class InstrumentVersions {
    private let previousList: Statement
    private let nextList: Statement
    private let runsAround: Statement
    private let insert: Statement
    private let delete: Statement
    private let end: Statement
    /// The latest list of each venue, as loaded: the next hour's is mostly the same.
    private var latest: [Exchange: (hour: Hour, instruments: [Instrument])] = [:]

    init(_ database: Database) throws {
        previousList = try Statement(
            database,
            """
            SELECT max(hour) FROM exchange_hour WHERE exchange_id = ? AND hour < ? AND instruments > 0
            """)
        nextList = try Statement(
            database,
            """
            SELECT min(hour) FROM exchange_hour WHERE exchange_id = ? AND hour > ? AND instruments > 0
            """)
        runsAround = try Statement(
            database,
            """
            SELECT symbol, valid_from, valid_to, asset, base, quote, settle, kind, contract, status,
                contract_multiplier, unit_multiplier, funding_interval_hours, listed_at_ms, asset_class, class_stated
            FROM instrument WHERE exchange_id = ?1 AND valid_to IS NULL AND valid_from <= ?3
            UNION ALL
            SELECT symbol, valid_from, valid_to, asset, base, quote, settle, kind, contract, status,
                contract_multiplier, unit_multiplier, funding_interval_hours, listed_at_ms, asset_class, class_stated
            FROM instrument WHERE exchange_id = ?1 AND valid_to > ?2 AND valid_from <= ?3
            """)
        insert = try Statement(
            database,
            """
            INSERT INTO instrument (exchange_id, symbol, valid_from, valid_to, asset, base, quote, settle,
                kind, contract, status, contract_multiplier, unit_multiplier, funding_interval_hours,
                listed_at_ms, asset_class, class_stated)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        end = try Statement(
            database,
            "UPDATE instrument SET valid_to = ? WHERE exchange_id = ? AND symbol = ? AND +valid_to IS NULL")
        delete = try Statement(
            database, "DELETE FROM instrument WHERE exchange_id = ? AND symbol = ? AND valid_from = ?")
    }

    /// Makes the hour's list be `instruments`, sorted by symbol; empty: the hour has none.
    /// - Parameter wasList: whether a list of this hour is loaded already, as `exchange_hour` says.
    func set(_ instruments: [Instrument], exchange: Exchange, hour: Hour, wasList: Bool) throws {
        if instruments.isEmpty && !wasList { return }
        let edit = RunEdit(
            previous: try neighbour(previousList, exchange, hour), hour: hour, next: try next(exchange, hour),
            wasList: wasList, isList: !instruments.isEmpty)
        if let last = latest[exchange], last.hour == edit.previous, edit.next == nil, !wasList {
            if last.instruments != instruments {
                try append(instruments, behind: last.instruments, edit, exchange)
            }
            latest[exchange] = (hour, instruments)
            return
        }
        var runs = try storedRuns(exchange, edit)
        for instrument in instruments {
            let before = runs.removeValue(forKey: instrument.symbol) ?? []
            try replace(before, by: edit.apply(to: before, values: instrument), of: exchange)
        }
        for symbol in runs.keys.sorted() {
            let before = runs[symbol] ?? []
            try replace(before, by: edit.apply(to: before, values: nil), of: exchange)
        }
        if edit.next == nil, edit.isList {
            latest[exchange] = (hour, instruments)
        } else {
            latest[exchange] = nil
        }
    }

    /// Adds a list behind all others: most of it is as in the last one, and goes on.
    private func append(
        _ instruments: [Instrument], behind last: [Instrument], _ edit: RunEdit, _ exchange: Exchange
    ) throws {
        var place = 0
        for instrument in instruments {
            while place < last.count, last[place].symbol < instrument.symbol {
                try end(last[place].symbol, edit.hour, exchange)
                place += 1
            }
            if place < last.count, last[place].symbol == instrument.symbol {
                place += 1
                if last[place - 1] == instrument { continue }
                try end(instrument.symbol, edit.hour, exchange)
            }
            try write(Run(from: edit.hour, to: nil, values: instrument), of: exchange)
        }
        for gone in last[place...] { try end(gone.symbol, edit.hour, exchange) }
    }

    private func end(_ symbol: String, _ hour: Hour, _ exchange: Exchange) throws {
        end.bind(1, hour.start)
        end.bind(2, exchange.id)
        end.bind(3, symbol)
        try end.run()
    }

    private func replace(_ before: [Run<Instrument>], by after: [Run<Instrument>], of exchange: Exchange)
        throws
    {
        if before == after { return }
        for run in before where !after.contains(run) {
            delete.bind(1, exchange.id)
            delete.bind(2, run.values.symbol)
            delete.bind(3, run.from.start)
            try delete.run()
        }
        for run in after where !before.contains(run) { try write(run, of: exchange) }
    }

    private func write(_ run: Run<Instrument>, of exchange: Exchange) throws {
        insert.bind(1, exchange.id)
        insert.bind(2, run.values.symbol)
        insert.bind(3, run.from.start)
        insert.bind(4, run.to?.start)
        insert.bind(5, run.values.asset)
        insert.bind(6, run.values.base)
        insert.bind(7, run.values.quote)
        insert.bind(8, run.values.settle)
        insert.bind(9, run.values.kind.rawValue)
        insert.bind(10, run.values.contract.rawValue)
        insert.bind(11, run.values.status.rawValue)
        insert.bind(12, run.values.contractMultiplier)
        insert.bind(13, run.values.unitMultiplier)
        insert.bind(14, run.values.fundingIntervalHours)
        insert.bind(15, run.values.listedAt?.milliseconds)
        insert.bind(16, run.values.assetClass?.rawValue)
        insert.bind(17, run.values.isClassStated ? 1 : 0)
        try insert.run()
    }

    private func next(_ exchange: Exchange, _ hour: Hour) throws -> Hour? {
        try neighbour(nextList, exchange, hour)
    }

    private func neighbour(_ query: Statement, _ exchange: Exchange, _ hour: Hour) throws -> Hour? {
        query.bind(1, exchange.id)
        query.bind(2, hour.start)
        defer { query.reset() }
        guard try query.step() else { return nil }
        return query.optionalInteger(0).map(Hour.init(containing:))
    }

    /// The runs that the edit can touch, by symbol, ascending by time.
    private func storedRuns(_ exchange: Exchange, _ edit: RunEdit) throws -> [String: [Run<Instrument>]] {
        var runs: [String: [Run<Instrument>]] = [:]
        runsAround.bind(1, exchange.id)
        runsAround.bind(2, (edit.previous ?? edit.hour).start)
        runsAround.bind(3, (edit.next ?? edit.hour).start)
        try runsAround.forEachRow { row in
            let run = Run(
                from: Hour(containing: row.integer(1)),
                to: row.optionalInteger(2).map(Hour.init(containing:)),
                values: try row.instrument())
            if edit.touches(run) { runs[run.values.symbol, default: []].append(run) }
        }
        return runs.mapValues { $0.sorted { $0.from < $1.from } }
    }
}

extension Statement {
    /// The instrument in a row of the query above.
    fileprivate func instrument() throws -> Instrument {
        guard let kind = ContractKind(rawValue: text(7)), let contract = ContractTerm(rawValue: text(8)),
            let status = InstrumentStatus(rawValue: text(9))
        else { throw WarehouseError.unreadable(table: "instrument", column: "kind", value: text(7)) }
        return Instrument(
            symbol: text(0), asset: text(3), assetClass: try optionalChoice(14, "instrument", "asset_class"),
            isClassStated: integer(15) != 0, base: text(4), quote: text(5), settle: text(6), kind: kind,
            contract: contract, status: status, contractMultiplier: optionalReal(10),
            unitMultiplier: real(11),
            fundingIntervalHours: optionalReal(12),
            listedAt: optionalInteger(13).map(Timestamp.init(milliseconds:)))
    }
}
