import Backtesting
import PerpCore
import PipelineFiles
import Replaying
import Sealing
import Signals
import Warehouse

/// A run over the hours of a warehouse: reads, and writes nothing.
struct BacktestRun {
    /// What a run is told besides its span.
    struct Options {
        var settings = BacktestSettings()
        var model = SentimentModel.v2
        /// The strategies that are tested; `nil` for all.
        var strategies: Set<Strategy>?
        /// Whether settlements count only as they were learnt at the time.
        var isAsKnown = false
    }

    /// The facts of a run and its name, which all of its inputs decide.
    struct Inputs {
        let facts: BacktestFacts
        let row: BacktestRunRow
        var runID: String { row.runID }
    }

    /// What a run found.
    struct Found {
        let rows: BacktestRows
        let report: BacktestReport
        let result: Backtest.Result
    }

    let warehouse: Warehouse
    let options: Options
    var detectors: Detectors = HourEvaluation.strategies

    private var settings: BacktestSettings { options.settings }

    /// The replay whose alerts are tested.
    var events: EventReplay {
        EventReplay(
            warehouse: warehouse, model: options.model, asset: settings.asset, fees: settings.fees,
            detectors: detectors)
    }

    /// Replays a span and reads the facts.
    /// - Parameter progress: is called after each hour.
    /// - Throws: an error of the database.
    func inputs(_ span: ClosedRange<Hour>, now: Timestamp, progress: () -> Void = {}) throws -> Inputs {
        let replayed = try events.events(in: span, progress: progress)
            .filter { options.strategies?.contains($0.event.strategy) ?? true }
        let reader = FactReader(warehouse: warehouse, asset: settings.asset, isAsKnown: options.isAsKnown)
        let facts = try reader.facts(replayed, span: span)
        return Inputs(facts: facts, row: try row(facts, span, now: now))
    }

    /// Runs the backtest over facts. The trials of other runs on these days count.
    /// - Throws: an error of the database.
    func run(_ inputs: Inputs) throws -> Found {
        var row = inputs.row
        let days = inputs.facts.span.lowerBound.day...inputs.facts.span.upperBound.day
        let earlier = try BacktestStore(warehouse).trials(in: days).map { try BacktestTrial($0) }
        let result = Backtest.run(
            inputs.facts, settings, runID: row.runID, params: row.params, earlier: earlier)
        let counts = SettlementCounts(result.trades, inputs.facts)
        row.settlementsActual = counts.actual
        row.settlementsEstimated = counts.estimated
        let header = BacktestReport.Header(
            runID: row.runID, hoursStored: row.hoursStored, settlements: counts, isAsKnown: options.isAsKnown)
        return Found(
            rows: BacktestRows(row, result, settings), report: BacktestReport(header, result, settings),
            result: result)
    }

    // MARK: - Name

    /// All that is set besides span, asset and model.
    private struct Params: Encodable {
        var asKnown: Bool
        var capital: Double
        var fees: [String: Double]
        var notional: Double
        var strategies: [String]
    }

    private func params() throws -> String {
        let fees = settings.fees.byExchange.map { ($0.key.id, $0.value) }
        let strategies = Strategy.allCases.filter { options.strategies?.contains($0) ?? true }
        return try JSONText.compact(
            Params(
                asKnown: options.isAsKnown, capital: settings.capital,
                fees: Dictionary(uniqueKeysWithValues: fees), notional: settings.notional,
                strategies: strategies.map(\.name)))
    }

    private func row(_ facts: BacktestFacts, _ span: ClosedRange<Hour>, now: Timestamp) throws -> BacktestRunRow {
        let stored = try SealedHours(warehouse).hours(from: span.lowerBound, through: span.upperBound).count
        var row = BacktestRunRow(
            runID: "", createdAt: now, fromHour: span.lowerBound, toHour: span.upperBound, asset: settings.asset,
            model: options.model.rawValue, rulesVersion: RuleSet(options.model).rawValue,
            backtestVersion: BacktestSettings.version, codeVersion: packageVersion, params: try params(),
            hoursExpected: span.lowerBound.distance(to: span.upperBound) + 1, hoursStored: stored,
            settlementsActual: 0, settlementsEstimated: 0, factsHash: facts.hash)
        row.runID = row.nameOfInputs
        return row
    }
}

extension BacktestRunRow {
    /// The first 16 hexadecimal digits of the SHA-256 of all inputs, a line each.
    fileprivate var nameOfInputs: String {
        let inputs = [
            "\(fromHour)", "\(toHour)", asset, model, rulesVersion, backtestVersion, codeVersion, params,
            "\(hoursExpected)", "\(hoursStored)", factsHash,
        ]
        return String(sha256(ByteBuffer(Array(inputs.joined(separator: "\n").utf8))).prefix(16))
    }
}
