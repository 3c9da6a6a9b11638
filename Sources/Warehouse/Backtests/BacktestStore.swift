import GRDB
import PerpCore
import WarehouseSQL

/// All rows of a run of the backtest.
public struct BacktestRows: Hashable, Sendable {
    /// The run.
    public var run: BacktestRunRow
    /// Its events.
    public var events: [BacktestEventRow] = []
    /// Its trades.
    public var trades: [BacktestTradeRow] = []
    /// The equity of its keys.
    public var hours: [BacktestHourRow] = []
    /// Its results.
    public var metrics: [BacktestMetricRow] = []
    /// What it adds to the trials.
    public var trials: [BacktestTrialRow] = []

    /// A run without rows.
    public init(run: BacktestRunRow) { self.run = run }

    /// The tables under their names as JSON, each a list of objects with the names of the columns; what is unknown is left
    /// out. Without the time of storing: equal inputs give equal bytes.
    /// - Throws: `EncodingError` when a number is not finite.
    public func json() throws -> String {
        func objects<Row: FieldRecord>(_ rows: [Row]) -> [[String: JSONField]] {
            rows.map { row in
                withUnsafePointer(to: row) { row in
                    var object: [String: JSONField] = [:]
                    for field in Row.fields {
                        let value = field.value(in: row)
                        if value != .missing { object["\(field.name)"] = JSONField(value: value) }
                    }
                    return object
                }
            }
        }
        var run = objects([run])
        run[0]["created_at_ms"] = nil
        return try JSONText.pretty([
            BacktestTables.run.name: run, BacktestTables.event.name: objects(events),
            BacktestTables.trade.name: objects(trades), BacktestTables.hour.name: objects(hours),
            BacktestTables.metric.name: objects(metrics), BacktestTables.trial.name: objects(trials),
        ])
    }
}

/// A value as JSON.
private struct JSONField: Encodable {
    let value: FieldValue

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .missing: try container.encodeNil()
        case .number(let number): try container.encode(number)
        case .integer(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}

/// The tables of backtests.
enum BacktestTables {
    static let run = RecordTable<BacktestRunRow>("backtest_run")
    static let event = RecordTable<BacktestEventRow>("backtest_event")
    static let trade = RecordTable<BacktestTradeRow>("backtest_trade")
    static let hour = RecordTable<BacktestHourRow>("backtest_hour")
    static let metric = RecordTable<BacktestMetricRow>("backtest_metric")
    static let trial = RecordTable<BacktestTrialRow>("backtest_trial")
}

/// The backtests that are kept.
public struct BacktestStore {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The trials of all runs whose days share one with a span, by run, strategy and direction.
    /// - Throws: an error of the database.
    public func trials(in days: ClosedRange<CalendarDay>) throws -> [BacktestTrialRow] {
        try warehouse.read { database in
            var trials: [BacktestTrialRow] = []
            try Statement(database, WarehouseSQL.query("backtest.trials"))
                .forEachRow(days.lowerBound.start, days.upperBound.start) { trials.append(try $0.record()) }
            return trials
        }
    }

    /// Stores a run in one transaction. The same run stays the same: when it was first stored is kept, and it is no further
    /// trial.
    /// - Throws: an error of the database; nothing is then stored.
    public func store(_ rows: BacktestRows) throws {
        try warehouse.unit { database in
            try BacktestTables.run.insert(database, conflict: "ON CONFLICT (run_id) DO NOTHING").run(rows.run)
            func replace<Row>(_ table: RecordTable<Row>, by rows: [Row], of run: String) throws {
                try Statement(database, WarehouseSQL.query("backtest.remove_rows", ["table": table.name])).run(run)
                let insert = try table.insert(database)
                for row in rows { try insert.run(row) }
            }
            try replace(BacktestTables.event, by: rows.events, of: rows.run.runID)
            try replace(BacktestTables.trade, by: rows.trades, of: rows.run.runID)
            try replace(BacktestTables.hour, by: rows.hours, of: rows.run.runID)
            try replace(BacktestTables.metric, by: rows.metrics, of: rows.run.runID)
            try replace(BacktestTables.trial, by: rows.trials, of: rows.run.runID)
        }
    }

    /// A run as it is stored; `nil` when there is none of that name.
    /// - Throws: an error of the database.
    public func rows(of run: String) throws -> BacktestRows? {
        try warehouse.read { database in
            func stored<Row>(_ table: RecordTable<Row>) throws -> [Row] {
                var rows: [Row] = []
                try Statement(database, "SELECT \(table.columnList) FROM \(table.name) WHERE run_id = ?")
                    .forEachRow(run) { rows.append(try $0.record()) }
                return rows
            }
            guard let row = try stored(BacktestTables.run).first else { return nil }
            var rows = BacktestRows(run: row)
            rows.events = try stored(BacktestTables.event)
            rows.trades = try stored(BacktestTables.trade)
            rows.hours = try stored(BacktestTables.hour)
            rows.metrics = try stored(BacktestTables.metric)
            rows.trials = try stored(BacktestTables.trial)
            return rows
        }
    }
}
