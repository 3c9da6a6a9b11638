import GRDB
import PerpCore
import WarehouseSQL

/// Keeps the table `instrument` equal to the lists of instruments that are loaded.
final class InstrumentVersions {
    private let previousList: Statement
    private let nextList: Statement
    private let open: Statement
    private let runsAround: Statement
    private let insert: Insert<Instrument>
    private let delete: Statement
    private let end: Statement
    /// The latest list of each exchange, as loaded: that of the next hour is mostly the same.
    private var latest: [Exchange: (hour: Hour, instruments: [Instrument])] = [:]
    /// The symbols whose versions the last call of `set` changed.
    private(set) var changed: Set<String> = []

    init(_ database: Database) throws {
        previousList = try Statement(
            database,
            WarehouseSQL.query("instrument_versions.previous_list"))
        nextList = try Statement(
            database,
            WarehouseSQL.query("instrument_versions.next_list"))
        open = try Statement(
            database,
            WarehouseSQL.query("instrument_versions.open", ["columns": FactTables.instrument.fieldList()]))
        let columns = FactTables.instrument.columnList
        runsAround = try Statement(
            database,
            WarehouseSQL.query("instrument_versions.runs_around", ["columns": columns]))
        insert = try FactTables.instrument.insert(database)
        end = try Statement(
            database,
            "UPDATE instrument SET valid_to = ? WHERE exchange_id = ? AND symbol = ? AND +valid_to IS NULL")
        delete = try Statement(
            database, "DELETE FROM instrument WHERE exchange_id = ? AND symbol = ? AND valid_from = ?")
    }

    /// Replaces the hour's list by `instruments`, which are in order; an empty list means that the hour has none.
    /// - Parameter wasList: whether a list of this hour is loaded already, as `exchange_hour` says.
    func set(_ instruments: [Instrument], exchange: Exchange, hour: Hour, wasList: Bool) throws {
        changed = []
        if instruments.isEmpty && !wasList { return }
        let edit = RunEdit(
            previous: try previousList.neighbour(of: hour, exchange), hour: hour,
            next: try nextList.neighbour(of: hour, exchange),
            wasList: wasList, isList: !instruments.isEmpty)
        if edit.next == nil, !wasList {
            let kept = latest[exchange].flatMap { $0.hour == edit.previous ? $0.instruments : nil }
            let last = try kept ?? storedLatest(exchange)
            if last != instruments { try append(instruments, behind: last, edit, exchange) }
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
        latest[exchange] = edit.next == nil && edit.isList ? (hour, instruments) : nil
    }

    /// The latest list of an exchange, in order: the versions that have not ended.
    private func storedLatest(_ exchange: Exchange) throws -> [Instrument] {
        var list: [Instrument] = []
        try open.forEachRow(exchange) { list.append(try $0.record()) }
        return list.ordered
    }

    /// Adds a list after all others: most of its instruments are as in the last one, and their versions continue.
    private func append(
        _ instruments: [Instrument], behind last: [Instrument], _ edit: RunEdit, _ exchange: Exchange
    ) throws {
        // Through the buffers: an element taken out of an array would be copied with its strings.
        try instruments.withUnsafeBufferPointer { listed in
            try last.withUnsafeBufferPointer { last in
                var index = 0
                for place in listed.indices {
                    while index < last.count, last[index].symbol < listed[place].symbol {
                        try finish(last[index].symbol, edit.hour, exchange)
                        index += 1
                    }
                    if index < last.count, last[index].symbol == listed[place].symbol {
                        index += 1
                        if last[index - 1] == listed[place] { continue }
                        try finish(last[index - 1].symbol, edit.hour, exchange)
                    }
                    try write(Run(from: edit.hour, to: nil, values: listed[place]), of: exchange)
                }
                for index in index..<last.count { try finish(last[index].symbol, edit.hour, exchange) }
            }
        }
    }

    private func finish(_ symbol: String, _ hour: Hour, _ exchange: Exchange) throws {
        changed.insert(symbol)
        try end.run(hour, exchange, symbol)
    }

    private func replace(_ before: [Run<Instrument>], by after: [Run<Instrument>], of exchange: Exchange)
        throws
    {
        if before == after { return }
        for run in before where !after.contains(run) {
            changed.insert(run.values.symbol)
            try delete.run(exchange, run.values.symbol, run.from)
        }
        for run in after where !before.contains(run) { try write(run, of: exchange) }
    }

    private func write(_ run: Run<Instrument>, of exchange: Exchange) throws {
        changed.insert(run.values.symbol)
        try insert.run(run.values, exchange, run.from, run.to)
    }

    /// The runs that the edit can touch, by symbol, ascending by time.
    private func storedRuns(_ exchange: Exchange, _ edit: RunEdit) throws -> [String: [Run<Instrument>]] {
        var runs: [String: [Run<Instrument>]] = [:]
        try runsAround.forEachRow(exchange, edit.previous ?? edit.hour, edit.next ?? edit.hour) { row in
            let run = Run(from: try row.value(1), to: try row.value(2), values: try row.record(behind: 3) as Instrument)
            if edit.touches(run) { runs[run.values.symbol, default: []].append(run) }
        }
        return runs.mapValues { $0.sorted { $0.from < $1.from } }
    }
}
