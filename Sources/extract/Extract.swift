import ArgumentParser
import CommandSupport
import ExchangeAdapters
import ExchangeClient
import ExchangeCommands
import Foundation
import PerpCore
import PipelineFiles
import Sealing
import Transport

/// Requests the current hour from the exchanges and stores their responses byte for byte.
@main
struct Extract: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Asks the exchanges for the current hour and keeps what they said.",
        discussion: """
            Writes raw/<date>/<hour>/<exchange>.ndjson.gz for each exchange whose essential endpoints answered, and \
            failed/<exchange>.ndjson.gz for the others. An exchange that has its file is not asked again.

            Settings (environment, .env, pipeline/config.env): EXCHANGES, FOCUS_ASSETS, PERPS_BASE_URL, PACE, \
            OPTIONAL_ENDPOINTS, HTTPS_PROXY, HTTP_PROXY, NO_PROXY, NO_COLOR.

            \(endings)
            """,
        version: packageVersion)

    private static let endings = ExitStatus.help(
        [
            .done: "when any exchange responded", .usage: "wrong usage (an hour that is not the current one too)",
            .data: "the raw folder holds real hours and these are simulated, or the other way round",
            .unavailable: "when no exchange responded", .io: "a file could not be read or written",
            .locked: "another run extracts this hour",
        ],
        signals: "the run file is written")

    @Option(help: "The hour of UTC, 2025-10-23T15; the current one when left out.", transform: Hour.argument)
    var hour: Hour?

    @Option(help: "Exchanges, separated by commas; those of the setting EXCHANGES, or all, when left out.")
    var exchanges: String?

    @Option(help: "The folder of raw files.")
    var raw = "raw"

    @Flag(help: "Print the calls, their weight and the expected time, and make no call.")
    var plan = false

    @Flag(help: "Print the summary, or the plan, as JSON on standard output.")
    var json = false

    @Option(
        help: """
            Request only what a part of the market needs: liquidations. Exchanges without it are left out. The responses are \
            not a whole hour: they go to a --raw folder of their own, which is empty or not there yet.
            """)
    var only: Selection?

    @Option(help: "The raw folder whose ledger of bans counts; that of --raw when left out.")
    var bans: String?

    @OptionGroup var clock: ClockOptions

    @Flag(
        help: """
            Print the liquidations of the closed hour as the exchanges tell of them now. Only what these need is asked; \
            the archive and the warehouse are left alone, but for the ledger of bans.
            """)
    var liquidations = false

    @Option(
        help: "With --liquidations: dollars that the market trades in a day (238.5B), for the ratio.",
        transform: Dollars.argument)
    var volume: Double?

    @Option(
        help: "With --liquidations: the model of the cascade score: v2, seed-v1; SENTIMENT_MODEL's when left out.",
        transform: Extract.model)
    var model: SentimentModel?

    @Flag(help: .hidden)
    var alone = false

    private static func model(_ text: String) throws -> SentimentModel {
        guard let model = SentimentModel(rawValue: text) else {
            throw ValidationError(
                "'\(text)' is not one of \(SentimentModel.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return model
    }

    func validate() throws {
        guard !liquidations || (!plan && only == nil) else {
            throw ValidationError("--liquidations goes without --plan and --only")
        }
        guard liquidations || (volume == nil && model == nil) else {
            throw ValidationError("--volume and --model go with --liquidations")
        }
    }

    func run() async throws {
        let settings = try Settings.load(for: "extract")
        let enabled = try settings.enabledExchanges(exchanges)
        let focusAssets = try asUsage { try settings.focusAssets() }
        let baseURL = try settings.baseURL()
        let start = try startOfClock(baseURL)
        let hour = hour ?? Hour(containing: start)
        if liquidations { return try printLiquidations(hour) }
        let isPaced = try settings.isPaced(baseURL)
        let optional = try asUsage { try settings.isOn("OPTIONAL_ENDPOINTS") }
        let adapters = adapters(of: enabled, includesOptional: optional)
        if plan {
            let previews = adapters.map {
                PlanPreview(
                    $0, hour: hour, focusAssets: focusAssets, includesOptional: optional, isPaced: isPaced)
            }
            return json ? print(try JSONText.pretty(previews), terminator: "") : print(PlanPreview.table(previews))
        }
        guard alone || hour.contains(start) else {
            throw ValidationError(
                "\(hour) is not the current hour, \(Hour(containing: start)): today's responses do not belong there")
        }
        guard !adapters.isEmpty else { throw ExitStatus.unavailable.code }
        if !alone { try keepPartsApart() }
        let interruption = Interruption()
        let run = HourRun(
            hour: hour, exchanges: adapters.map(\.exchange), selection: only, focusAssets: focusAssets,
            includesOptional: optional, baseURL: baseURL,
            isPaced: isPaced, proxy: try settings.proxy(), paths: ArchivePaths(raw: raw),
            bans: ArchivePaths(raw: bans ?? raw), clock: RunClock(startingAt: start), interruption: interruption,
            processes: alone ? nil : processes(hour, start))
        if alone { return try await askAlone(run, interruption) }
        let result = try await running("extract") { try await interruption.watch { try await run.run() } }
        if json { print(try JSONText.pretty(result.report), terminator: "") }
        try finish(result, interruption)
    }

    private func printLiquidations(_ hour: Hour) throws {
        try running("extract") {
            let live = try LiveHour(hour, of: exchanges, bans: raw)
            let named = try Exchange.parse(list: exchanges ?? "")
            var options = json ? ["--json"] : []
            if named.count == 1 { options += ["--exchange", named[0].id] }
            if let volume { options += ["--volume", "\(volume)"] }
            if let model { options += ["--model", model.rawValue] }
            try live.report(options)
        }
    }

    /// Runs one exchange and prints its outcome for the parent process.
    private func askAlone(_ run: HourRun, _ interruption: Interruption) async throws {
        ExchangeProcess.endWithParent()
        let outcome = try await interruption.watch { await run.askAlone(run.exchanges[0]) }
        print(try JSONText.pretty(outcome), terminator: "")
    }

    /// One process per exchange, each until a minute after the hour at most.
    private func processes(_ hour: Hour, _ start: Timestamp) -> ExchangeProcess {
        var arguments = ["--hour", "\(hour)", "--raw", raw, "--bans", bans ?? raw]
        if let only { arguments += ["--only", only.rawValue] }
        if clock.isSet { arguments += ["--now", "\(start.milliseconds)"] }
        let left = hour.next.startTime.milliseconds - start.milliseconds
        return ExchangeProcess(
            program: Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]), arguments: arguments,
            patience: .seconds(left / 1000 + 60))
    }

    private func finish(_ result: HourRunResult, _ interruption: Interruption) throws {
        for error in result.errors { Diagnostics.report("extract", error) }
        if let signal = interruption.signal { throw ExitCode(128 + signal) }
        if !result.errors.isEmpty { throw ExitStatus.io.code }
        if result.report.exchanges.allSatisfy({ $0.outcome == .failed }) {
            Diagnostics.report("extract", "\(result.report.hour): no exchange responded: run it again within the hour")
            throw ExitStatus.unavailable.code
        }
    }

    // MARK: - What is requested

    /// The adapter of each exchange, narrowed to `--only`; exchanges without that part are reported on standard error.
    private func adapters(of exchanges: [Exchange], includesOptional: Bool) -> [Adapter] {
        exchanges.compactMap { exchange in
            let whole = Adapter.adapter(for: exchange)
            guard let only else { return whole }
            let adapter = only.narrowed(whole, includesOptional: includesOptional)
            if adapter == nil { Diagnostics.report("extract", only.absence(exchange)) }
            return adapter
        }
    }

    /// Refuses to mix parts of hours with whole hours in one folder.
    private func keepPartsApart() throws {
        guard only != nil else { return }
        guard try running("extract", { try FileSystem.names(in: raw).isEmpty }) else {
            throw ValidationError("--only goes with a --raw folder of its own: \(raw) is not empty")
        }
    }

    /// The start of the run's clock: the machine's time, unless the responses are of another hour.
    private func startOfClock(_ baseURL: BaseURL?) throws -> Timestamp {
        if clock.isSet {
            guard plan || baseURL != nil else {
                throw ValidationError("--now goes with PERPS_BASE_URL: the exchanges respond for the current hour only")
            }
        } else if let hour, baseURL?.namesHour == true {
            return hour.startTime.advanced(byMilliseconds: 120_000)
        }
        return clock.time
    }
}
