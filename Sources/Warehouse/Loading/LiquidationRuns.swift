import GRDB
import PerpCore
import WarehouseSQL

/// Keeps the table `liquidation` equal to what the loaded files state.
///
/// An event stays among the latest ones of an exchange for hours or days, and every file states it again. A run over
/// the loaded files stores that without a row per file: the next hour's file adds its new events, and
/// ends the runs of those that it no longer states.
final class LiquidationRuns {
    /// What makes an event the same event.
    struct Event: Hashable {
        var occurredAt: Timestamp
        var symbol: String
        var side: LiquidationSide
        var price: Double
        /// The quantity as sent: contracts where the exchange counts them, otherwise coins.
        var quantity: Double
        /// The exchange's id; empty when it gives none, and `#2` for the second of equal events in one file.
        var id: String

        /// The hour whose closed window contains the event.
        var window: Hour { Hour(containing: occurredAt).next }
    }

    /// The rest of an event's values, which change with the size of the contract.
    struct Values: Hashable {
        var countsContracts: Bool
        var asset: String
        var quantityBase: Double
        var valueUSD: Double?
    }

    private typealias Runs = [Run<Values>]

    private let previousFile: Statement
    private let nextFile: Statement
    private let span: Statement
    private let openRuns: Statement
    private let runsBetween: Statement
    private let stated: Statement
    private let upsert: Statement
    private let begin: Statement
    private let end: Statement
    private let delete: Statement
    /// What the latest file of each exchange states.
    private var latest: [Exchange: (hour: Hour, open: OpenLiquidations)] = [:]
    /// Whether runs may stay in memory until the exchange's next file tells whether they go on: most are of one file only, and
    /// are then written once. Whoever sets it calls `writeDeferred` before anybody looks for them.
    var mayDefer = false
    /// The exchanges of which the runs that begin with the latest file are not written yet, with the first event of those.
    private var deferred: [Exchange: Timestamp] = [:]

    init(_ database: Database) throws {
        previousFile = try Statement(
            database,
            "SELECT max(hour) FROM exchange_hour WHERE exchange_id = ? AND hour < ? AND staged_sha256 IS NOT NULL"
        )
        nextFile = try Statement(
            database,
            "SELECT min(hour) FROM exchange_hour WHERE exchange_id = ? AND hour > ? AND staged_sha256 IS NOT NULL"
        )
        span = try Statement(
            database,
            "SELECT events_from_ms, events_to_ms FROM exchange_hour WHERE hour = ? AND exchange_id = ?")
        let columns =
            "occurred_at_ms, symbol, side, price, quantity, id, hour, until, in_contracts, asset, quantity_base, value_usd"
        openRuns = try Statement(
            database, "SELECT \(columns) FROM liquidation WHERE exchange_id = ? AND until IS NULL")
        runsBetween = try Statement(
            database,
            WarehouseSQL.query("liquidation_runs.runs_between", ["columns": columns]))
        stated = try Statement(
            database,
            WarehouseSQL.query("liquidation_runs.stated"))
        let insert = WarehouseSQL.query("liquidation_runs.insert")
        begin = try Statement(database, insert)
        upsert = try Statement(database, insert + " ON CONFLICT DO UPDATE SET until = excluded.until")
        let run = """
            occurred_at_ms = ?1 AND exchange_id = ?2 AND symbol = ?3 AND side = ?4 AND price = ?5
            AND quantity = ?6 AND id = ?7 AND hour = ?8
            """
        end = try Statement(database, "UPDATE liquidation SET until = ?9 WHERE \(run)")
        delete = try Statement(database, "DELETE FROM liquidation WHERE \(run)")
    }

    /// Replaces the events that the hour's file states by `events`; `nil` removes the file.
    /// - Parameter hadFile: whether a file of this hour is loaded already.
    /// - Parameter isSettled: whether an hour is sealed, so that a change in its window must be reported.
    /// - Returns: the other hours in whose windows an event appeared, vanished or changed its value.
    func set(
        _ events: [Liquidation]?, exchange: Exchange, hour: Hour, hadFile: Bool,
        isSettled: (Hour) throws -> Bool
    ) throws -> Set<Hour> {
        let edit = RunEdit(
            previous: try previousFile.neighbour(of: hour, exchange), hour: hour,
            next: try nextFile.neighbour(of: hour, exchange), wasList: hadFile, isList: events != nil)
        let stated = Self.distinct(events ?? [])
        if edit.next == nil, !edit.wasList, edit.isList {
            return try append(stated, edit, exchange, isSettled)
        }
        try writeDeferred(of: exchange)
        latest[exchange] = nil
        return try insert(Dictionary(uniqueKeysWithValues: stated), edit, exchange, isSettled)
    }

    /// Adds a file after all others of the exchange.
    private func append(
        _ stated: [(event: Event, values: Values)], _ edit: RunEdit, _ exchange: Exchange,
        _ isSettled: (Hour) throws -> Bool
    ) throws -> Set<Hour> {
        var open = try openLiquidations(exchange, edit)
        let (ended, begun) = open.advance(to: edit.hour, stating: stated)
        let unwritten = deferred.removeValue(forKey: exchange) == nil ? nil : edit.previous
        for run in open.runs where run.from == unwritten { try begin(run, exchange, until: nil) }
        for run in ended {
            if run.from == unwritten {
                try begin(run, exchange, until: edit.hour)
            } else {
                try self.run(end, run.event, exchange, run.from, edit.hour)
            }
        }
        let settled = try settledWindows(of: begun.lazy.map(\.event), except: edit.hour, isSettled)
        let touched = try unstatedWindows(of: begun.lazy.map { ($0.event, $0.values) }, exchange, settled)
        latest[exchange] = (edit.hour, open)
        if mayDefer {
            deferred[exchange] = begun.lazy.map(\.event.occurredAt).min()
        } else {
            for run in begun { try begin(run, exchange, until: nil) }
        }
        return touched
    }

    private func begin(_ run: OpenLiquidations.OpenRun, _ exchange: Exchange, until end: Hour?) throws {
        try write(Run(from: run.from, to: end, values: run.values), run.event, exchange, by: begin)
    }

    // MARK: - Runs that are not written yet

    /// Writes the runs that were kept in memory, of the exchanges where an event is earlier than a time.
    func writeDeferred(before time: Timestamp? = nil) throws {
        for (exchange, first) in deferred where time.map({ first < $0 }) ?? true { try writeDeferred(of: exchange) }
    }

    private func writeDeferred(of exchange: Exchange) throws {
        guard deferred.removeValue(forKey: exchange) != nil, let (hour, open) = latest[exchange] else { return }
        for run in open.runs where run.from == hour { try begin(run, exchange, until: nil) }
    }

    /// What is in memory only, for the case that the file that comes next is undone.
    struct Deferred {
        fileprivate let runs: [Exchange: (hour: Hour, open: OpenLiquidations)]
        fileprivate let exchanges: [Exchange]
    }

    /// What is in memory only; `nil` when all runs are written.
    var deferredRuns: Deferred? {
        deferred.isEmpty ? nil : Deferred(runs: latest, exchanges: Array(deferred.keys))
    }

    /// Writes what was in memory only, with new statements: those that had it are gone with what was undone.
    func write(_ undone: Deferred) throws {
        for exchange in undone.exchanges {
            guard let (hour, open) = undone.runs[exchange] else { continue }
            for run in open.runs where run.from == hour { try begin(run, exchange, until: nil) }
        }
    }

    private func openLiquidations(_ exchange: Exchange, _ edit: RunEdit) throws -> OpenLiquidations {
        if let latest = latest[exchange], latest.hour == edit.previous {
            self.latest[exchange] = nil
            return latest.open
        }
        try writeDeferred(of: exchange)
        latest[exchange] = nil
        return OpenLiquidations(
            try read(openRuns, edit, exchange).flatMap { event, runs in
                runs.map { OpenLiquidations.OpenRun(event: event, values: $0.values, from: $0.from) }
            })
    }

    /// Adds, replaces or removes any file.
    private func insert(
        _ wanted: [Event: Values], _ edit: RunEdit, _ exchange: Exchange, _ isSettled: (Hour) throws -> Bool
    ) throws -> Set<Hour> {
        var before = try runs(exchange, edit, wanted.keys)
        let settled = try settledWindows(of: Array(wanted.keys) + before.keys, except: edit.hour, isSettled)
        var touched = try unstatedWindows(of: wanted.lazy.filter { before[$0.key] == nil }, exchange, settled)
        var vanished: [(Event, Values)] = []
        func apply(_ event: Event, _ values: Values?, _ runs: Runs) throws {
            let after = edit.apply(to: runs, values: values)
            try replace(runs, by: after, event, exchange)
            if after.isEmpty {
                vanished += runs.map { (event, $0.values) }
            } else if !runs.isEmpty, settled.contains(event.window),
                Set(runs.map(\.values)) != Set(after.map(\.values))
            {
                touched.insert(event.window)
            }
        }
        for (event, values) in wanted { try apply(event, values, before.removeValue(forKey: event) ?? []) }
        for (event, runs) in before { try apply(event, nil, runs) }
        touched.formUnion(try unstatedWindows(of: vanished, exchange, settled.subtracting(touched)))
        return touched
    }

    /// The events of a file, ascending. Equal ones without an id are different events: the second gets
    /// the id `#2`, and so on. Equal ones with an id are the same event.
    static func distinct(_ rows: [Liquidation]) -> [(event: Event, values: Values)] {
        var events = rows.map { (event: Event($0), values: Values($0)) }
        // The standard sort is stable, so the first of the file stays the first.
        events.sort { $0.event < $1.event }
        var first = 0
        for index in events.indices.dropFirst() {
            if events[index].event != events[first].event {
                first = index
            } else if events[index].event.id.isEmpty {
                events[index].event.id = "#\(index - first + 1)"
            }
        }
        // Ids that were given here may sort before ids of the exchange.
        events.sort { $0.event < $1.event }
        var distinct: [(event: Event, values: Values)] = []
        distinct.reserveCapacity(events.count)
        for event in events where distinct.last?.event != event.event { distinct.append(event) }
        return distinct
    }

    // MARK: - Windows

    private func settledWindows(
        of events: some Sequence<Event>, except hour: Hour, _ isSettled: (Hour) throws -> Bool
    ) throws -> Set<Hour> {
        let windows = Set(events.lazy.map(\.window))
        return try windows.filter { try $0 != hour && isSettled($0) }
    }

    /// The windows among `settled` that contain an event that no row states with this value.
    private func unstatedWindows(
        of events: some Sequence<(Event, Values)>, _ exchange: Exchange, _ settled: Set<Hour>
    ) throws -> Set<Hour> {
        var found: Set<Hour> = []
        for (event, values) in events where settled.contains(event.window) && !found.contains(event.window) {
            if try !isStated(event, values, exchange) { found.insert(event.window) }
        }
        return found
    }

    private func isStated(_ event: Event, _ values: Values, _ exchange: Exchange) throws -> Bool {
        try stated.hasRow(
            event.occurredAt, exchange, event.symbol, event.side, event.price, event.quantity, event.id,
            values.valueUSD)
    }

    // MARK: - Rows

    /// The runs that the edit can touch, ascending by time.
    private func runs(
        _ exchange: Exchange, _ edit: RunEdit, _ wanted: some Collection<Event>
    ) throws -> [Event: Runs] {
        var times = wanted.map(\.occurredAt.milliseconds)
        for hour in [edit.previous, edit.wasList ? edit.hour : nil, edit.next] {
            guard let hour else { continue }
            guard let (from, to) = try span.first(hour, exchange, as: (Int64?, Int64?).self), let from, let to else {
                continue
            }
            times += [from, to]
        }
        guard let first = times.min(), let last = times.max() else { return [:] }
        return try read(
            runsBetween, edit, first, last, exchange, edit.next ?? edit.hour, edit.previous ?? edit.hour)
    }

    private func read<each Value: FieldConvertible>(
        _ query: Statement, _ edit: RunEdit, _ values: repeat each Value
    ) throws -> [Event: Runs] {
        var result: [Event: Runs] = [:]
        try query.forEachRow(repeat each values) { row in
            let event = Event(
                occurredAt: try row.value(0), symbol: try row.value(1), side: try row.value(2), price: try row.value(3),
                quantity: try row.value(4), id: try row.value(5))
            let run = Run(
                from: try row.value(6), to: try row.value(7),
                values: Values(
                    countsContracts: try row.value(8), asset: try row.value(9), quantityBase: try row.value(10),
                    valueUSD: try row.value(11)))
            if edit.touches(run) { result[event, default: []].append(run) }
        }
        return result
    }

    private func replace(_ before: Runs, by after: Runs, _ event: Event, _ exchange: Exchange) throws {
        if before == after { return }
        for run in before where !after.contains(where: { $0.from == run.from && $0.values == run.values }) {
            try self.run(delete, event, exchange, run.from)
        }
        for run in after where !before.contains(run) { try write(run, event, exchange, by: upsert) }
    }

    private func write(_ run: Run<Values>, _ event: Event, _ exchange: Exchange, by statement: Statement) throws {
        let values = run.values
        try self.run(
            statement, event, exchange, run.from, run.to, values.countsContracts, values.asset, values.quantityBase,
            values.valueUSD)
    }

    /// Runs a statement whose question marks are those of an event, and then `values`.
    private func run<each Value: FieldConvertible>(
        _ statement: Statement, _ event: Event, _ exchange: Exchange, _ values: repeat each Value
    ) throws {
        try statement.run(
            event.occurredAt, exchange, event.symbol, event.side, event.price, event.quantity, event.id,
            repeat each values)
    }

}

extension LiquidationRuns.Event {
    init(_ row: Liquidation) {
        self.init(
            occurredAt: row.occurredAt, symbol: row.symbol, side: row.side, price: row.price,
            quantity: row.quantityContracts ?? row.quantityBase, id: row.id ?? "")
    }
}

extension LiquidationRuns.Values {
    init(_ row: Liquidation) {
        self.init(
            countsContracts: row.quantityContracts != nil, asset: row.asset, quantityBase: row.quantityBase,
            valueUSD: row.valueUSD)
    }
}
