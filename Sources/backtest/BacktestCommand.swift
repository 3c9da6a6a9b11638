import ArgumentParser
import Backtesting
import CommandSupport
import PerpCore
import Sealing
import Signals
import Warehouse
import WarehouseCommands

/// Tests the alerts of the past: what followed them, what trading them would have left, and how sure that is.
@main
struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "What followed the alerts of the past, and what trading them would have left.",
        discussion: """
            All hours:  backtest
            A span:     backtest --from 2025-10-01T00 --to 2025-12-31T23 --strategies breakout,contrarian
            A look:     backtest --dry-run              nothing is stored, and it is no trial
            A proof:    backtest --check-look-ahead     hours are cut off and poisoned: nothing before may change

            Reads the warehouse and stores what was found in the tables backtest_*. Every run of other settings is a \
            trial, and makes the best row of all less surprising. BACKTEST_ASSET is the asset in which alerts about \
            the whole market are traded (BTC); TAKER_FEE_<EXCHANGE> are the fees.

            \(endings)
            """,
        version: packageVersion)

    private static let endings =
        "Exit status: 1 --check-look-ahead found a decision that depends on the future. "
        + ExitStatus.help([.io: "the database failed"], locked: true)

    @OptionGroup var span: SpanOptions

    @Option(help: "Strategies by name or number, separated by commas; all when left out.")
    var strategies: String?

    @Option(help: "The asset in which alerts about the whole market are traded; BACKTEST_ASSET, or BTC, when left out.")
    var asset: String?

    @Option(
        help: "The sentiment model and its rules: \(SentimentModel.allCases.map(\.rawValue).joined(separator: ", ")).")
    var model: SentimentModel = .v2

    @Flag(help: "Settlements count only as they were learnt at the time; today's facts when left out.")
    var asKnown = false

    @Flag(help: "Print the tables as JSON.")
    var json = false

    @Flag(help: "Store nothing.")
    var dryRun = false

    @Flag(help: "Look for decisions that depend on the future, and store nothing.")
    var checkLookAhead = false

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var clock: ClockOptions

    @OptionGroup var lock: LockOptions

    func validate() throws {
        guard span.hour == nil else { throw ValidationError("a backtest takes --from and --to, and no --hour") }
        guard !(checkLookAhead && json) else { throw ValidationError("--check-look-ahead goes without --json") }
        _ = try Self.strategies(strategies)
    }

    func run() throws {
        try warehouse.running("backtest") {
            let options = try options(Settings.load(for: "backtest"))
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let hours = try hours(in: database)
            try check(options.settings.asset, in: database)
            let run = BacktestRun(warehouse: database, options: options)
            let count = try SealedHours(database).hours(from: hours.lowerBound, through: hours.upperBound).count
            let progress = Progress("replay", total: count)
            let inputs = try database.reading {
                try run.inputs(hours, now: clock.time) { progress.advance() }
            }
            if checkLookAhead { return try check(run, inputs) }
            let found = try run.run(inputs)
            print(json ? try found.rows.json() : found.report.text, terminator: "")
            if !dryRun { try store(found.rows) }
        }
    }

    // MARK: - What it can do

    private func store(_ rows: BacktestRows) throws {
        let lock = try warehouse.lock("backtest", patience: lock.patience)
        defer { withExtendedLifetime(lock) {} }
        try BacktestStore(Warehouse(path: warehouse.path)).store(rows)
    }

    private func check(_ run: BacktestRun, _ inputs: BacktestRun.Inputs) throws {
        let seed = SeededDraws.seed(of: inputs.runID)
        let span = inputs.facts.span
        let cuts = LookAheadGuard.random(Self.cuts, over: span, seed: seed)
        let progress = Progress("cuts", total: 2 * cuts.count)
        let replayed = try ReplayGuard(events: run.events, span: span, cuts: cuts, seed: seed)
            .lookAheads { progress.advance() }
        let simulated = Backtest.lookAheads(inputs.facts, run.options.settings, cuts: cuts, seed: seed) {
            progress.advance()
        }
        let text = GuardText(runID: inputs.runID, cuts: cuts, replayed: replayed, simulated: simulated)
        print(text.text, terminator: "")
        if !text.isClean { throw ExitCode.failure }
    }

    /// The hours after which the future is changed.
    private static let cuts = 50

    // MARK: - What it is given

    /// An asset that nobody lists would be a trial of nothing.
    private func check(_ asset: String, in database: Warehouse) throws {
        guard try ContractHours(database).perpetuals(of: asset).isEmpty else { return }
        throw ValidationError("no perpetual of '\(asset)' is stored: name an asset as tickers do, such as BTC")
    }

    private func options(_ settings: Settings) throws -> BacktestRun.Options {
        var options = BacktestRun.Options()
        options.settings.fees = try settings.takerFees()
        options.settings.asset = asset ?? settings["BACKTEST_ASSET"] ?? options.settings.asset
        options.settings.model = model.rawValue
        options.model = model
        options.strategies = try Self.strategies(strategies)
        options.isAsKnown = asKnown
        return options
    }

    /// The hours asked for, or all sealed ones.
    private func hours(in database: Warehouse) throws -> ClosedRange<Hour> {
        let sealed = SealedHours(database)
        let asked = AskedHours("backtest", in: database)
        guard let all = try sealed.span() else {
            let last = try asked.stored(nil)
            return last...last
        }
        guard let hours = span.hours else { return all }
        guard try !sealed.hours(from: hours.lowerBound, through: hours.upperBound).isEmpty else {
            throw ValidationError(
                "nothing is stored from \(hours.lowerBound) to \(hours.upperBound): there are hours from "
                    + "\(all.lowerBound) to \(all.upperBound)")
        }
        return hours
    }

    /// Reads `breakout,5`; `nil` for all strategies.
    static func strategies(_ list: String?) throws -> Set<Strategy>? {
        guard let list, !list.isEmpty else { return nil }
        let words = list.split(separator: ",")
        guard !words.isEmpty else { throw ValidationError("'\(list)' names no strategy") }
        return Set(
            try words.map { word in
                let name = word.trimmed
                guard let strategy = Strategy.allCases.first(where: { $0.name == name || "\($0.rawValue)" == name })
                else {
                    let names = Strategy.allCases.map(\.name).joined(separator: ", ")
                    throw ValidationError("'\(name)' is no strategy; there are \(names)")
                }
                return strategy
            })
    }
}
