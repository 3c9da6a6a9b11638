import ArgumentParser
import CommandSupport
import ExchangeClient
import ExchangeCommands
import ExchangeRuns
import Foundation
import PerpCore
import PipelineFiles
import Warehouse
import WarehouseCommands

/// Asks the exchanges about the past and stores their answers byte for byte.
@main
struct Backfill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Asks the exchanges about hours that have passed, and keeps what they said.",
        discussion: """
            With --from and --to: settlements, open interest, long/short ratios, candles and liquidations of those hours, as \
            far back as each exchange tells of them. Without: the hours that the warehouse misses, those that are lost \
            first before all others. What has been answered and loaded is not asked again.

            With --archives: the files of days and months that Binance, OKX and Gate publish, kept as they come below \
            raw/history/<exchange>/<dataset>/archive, with records beside them that name them. They tell of open interest and \
            ratios since 2021, and of contracts for as long as they were listed.

            Writes raw/history/<exchange>/<dataset>/<start>.ndjson.gz, a file for every 25 contracts or minute: what a \
            killed run had not written is asked again. Prints the files that it wrote, for transform -. Calls keep the \
            same limits as those of extract, and wait while it runs.

            Settings (environment, .env, pipeline/config.env): EXCHANGES, FOCUS_ASSETS, PERPS_BASE_URL, PACE, HTTPS_PROXY, \
            HTTP_PROXY, NO_PROXY.

            \(endings)
            """,
        version: packageVersion)

    private static let endings = ExitStatus.help(
        [
            .done: "done, even where an exchange left something unanswered",
            .data: "the raw folder holds real hours and these are simulated, or the other way round",
            .unavailable: "when no exchange answered", .io: "a file could not be read or written",
            .locked: "another backfill runs",
        ],
        signals: "what was answered is written")

    @OptionGroup var span: SpanOptions

    @Option(help: "Exchanges, separated by commas; those of the setting EXCHANGES, or all, when left out.")
    var exchanges: String?

    @Option(help: "Assets, separated by commas: BTC,ETH; all when left out.")
    var assets = ""

    @Option(help: "Datasets, separated by commas: \(HistoryDataset.allCases.map(\.rawValue).joined(separator: ", ")).")
    var datasets = ""

    @Option(help: "The most calls of this run.")
    var calls: Int?

    @Option(help: "The folder of raw files.")
    var raw = "raw"

    @Flag(help: "Get the files that exchanges publish about days and months, instead of asking their API.")
    var archives = false

    @Flag(help: "Print the calls and the expected minutes, and make no call.")
    var plan = false

    @Flag(help: "Print what was asked, or the plan, as JSON on standard output.")
    var json = false

    @OptionGroup var clock: ClockOptions
    @OptionGroup var warehouse: WarehouseOptions

    func validate() throws {
        if let calls, calls < 1 { throw ValidationError("--calls must be 1 or more") }
        _ = try wantedDatasets()
    }

    private func wantedDatasets() throws -> [HistoryDataset] {
        do {
            return try HistoryDataset.parse(list: datasets)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() async throws {
        let settings = try Settings.load(for: "backfill")
        let enabled = try settings.enabledExchanges(exchanges)
        let baseURL = try settings.baseURL()
        if clock.isSet, !plan, baseURL == nil {
            throw ValidationError("--now goes with PERPS_BASE_URL: the exchanges have their own clocks")
        }
        let choice = HistoryChoice(
            hours: span.hours, exchanges: enabled, datasets: try wantedDatasets(),
            assets: assets.split(separator: ",").map(\.trimmed), first: try asUsage { try settings.focusAssets() },
            now: clock.time, ofArchives: archives)
        let known = try running("backfill") {
            try KnownHistory(warehouse: warehouse.path, exchanges: enabled, at: clock.time, withLost: archives)
        }
        if let unlisted = choice.unlisted(known) { Diagnostics.report("backfill", unlisted) }
        let errands = choice.errands(known)
        if plan { return try printPlan(errands, known, isPaced: try settings.isPaced(baseURL)) }
        guard !errands.isEmpty else {
            // With a number of calls it runs by itself, mostly with nothing to do.
            if calls == nil { Diagnostics.report("backfill", choice.nothing) }
            return
        }
        let interruption = Interruption()
        let run = BackfillRun(
            errands: errands, calls: calls, baseURL: baseURL, isPaced: try settings.isPaced(baseURL),
            proxy: try settings.proxy(), paths: ArchivePaths(raw: raw), clock: RunClock(startingAt: clock.time),
            isLive: !clock.isSet, ofArchives: archives, interruption: interruption)
        let reports = try await running("backfill") { try await run.run() }
        if json {
            print(try JSONText.pretty(reports), terminator: "")
        } else {
            for file in reports.flatMap(\.files) { print(file) }
        }
        try finish(reports, interruption)
    }

    private func printPlan(_ errands: [HistoryErrand], _ known: KnownHistory, isPaced: Bool) throws {
        let plans = errands.map {
            HistoryPlan(
                $0.wish, of: $0.exchange,
                contracts: known.listed[$0.exchange] == nil ? nil : known.contracts($0.wish, of: $0.exchange).count,
                isPaced: isPaced, ofArchives: archives, now: clock.time)
        }
        if json { print(try JSONText.pretty(plans), terminator: "") } else { print(HistoryPlan.table(plans)) }
    }

    private func finish(_ reports: [HistoryReport], _ interruption: Interruption) throws {
        for report in reports {
            guard let reason = report.reason else { continue }
            let left =
                report.parts == 0 ? "not asked for" : "\(report.left) of \(Numbers.counted(report.parts, "span")) left"
            Diagnostics.report(
                "backfill", "\(report.exchange) \(report.dataset): \(left): \(reason): run it again to go on")
        }
        if let signal = interruption.signal { throw ExitCode(128 + signal) }
        guard reports.contains(where: { $0.answered > 0 || $0.parts == 0 && $0.reason == nil }) || reports.isEmpty
        else {
            throw ExitStatus.unavailable.code
        }
    }
}
