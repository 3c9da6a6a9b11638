import AlertDelivery
import ArgumentParser
import CommandSupport
import ExchangeAdapters
import ExchangeClient
import ExchangeCommands
import Foundation
import PerpCore
import PipelineFiles
import Recording
import Signals
import StreamClient
import Transport
import WarehouseCommands

/// Listens to the exchanges' streams of liquidations and keeps what they say.
@main
struct Record: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Listens to the exchanges' streams of liquidations and keeps what they say.",
        discussion: """
            Runs until it is ended. Writes raw/<date>/<hour>/<exchange>.stream.ndjson.gz a minute after each hour, and \
            what belongs to the hour that is under way into parts below stream/; what a killed recorder left there is \
            recovered. One line of status per hour.

            With --alarm the cascade score of the hour that ends now is worked out as liquidations come. Alerts go to \
            DISCORD_WEBHOOK_URL; they stand in live.db beside the warehouse until the next 'alert' takes them over.

            Settings (environment, .env, pipeline/config.env): EXCHANGES, PERPS_BASE_URL, HTTPS_PROXY, HTTP_PROXY, \
            NO_PROXY, and with --alarm DISCORD_WEBHOOK_URL and ALERT_TIERS.

            \(ExitStatus.help(
                [
                    .usage: "wrong usage",
                    .data: "the raw folder holds real hours and these are simulated, or the other way round",
                    .unavailable: "when no exchange of EXCHANGES has a stream", .io: "a file could not be written",
                    .locked: "another recorder is running",
                    .done: "ended by SIGTERM or SIGINT; the files of the hour are closed",
                ]))
            """,
        version: packageVersion)

    @Option(help: "Exchanges, separated by commas; those of the setting EXCHANGES, or all, when left out.")
    var exchanges: String?

    @Option(help: "The folder of raw files.")
    var raw = "raw"

    @Flag(help: "Watch liquidations as they happen, and alert within seconds when a cascade begins.")
    var alarm = false

    @OptionGroup var warehouse: WarehouseOptions

    @Option(help: .hidden)
    var sharedClock: String?

    func run() async throws {
        let settings = try Settings.load(for: "record")
        let chosen = try settings.enabledExchanges(exchanges)
        let baseURL = try baseURL(settings)
        let clock = try clock(baseURL)
        let streams = chosen.compactMap { exchange in
            Adapter.adapter(for: exchange).stream.map { StreamOfExchange(exchange: exchange, stream: $0) }
        }
        guard !streams.isEmpty else {
            Diagnostics.report(
                "record", "none of \(chosen.map(\.id).joined(separator: ", ")) has a stream without a key")
            throw ExitStatus.unavailable.code
        }
        let run = RecorderRun(
            streams: streams, paths: ArchivePaths(raw: raw), clock: clock, baseURL: baseURL,
            proxy: try settings.proxy(),
            alarm: alarm ? try alarmRun(settings, clock, isSimulated: baseURL?.namesHour == true) : nil)
        try await running("record") { try await run.run(until: StopRequest()) }
    }

    private func alarmRun(_ settings: Settings, _ clock: StreamClock, isSimulated: Bool) throws -> AlarmRun {
        let tiers = try asUsage { try settings.alertTiers() } ?? AlertSettings().deliveredTiers
        return AlarmRun(
            warehouse: warehouse.path, rules: AlertRules(settings: AlertSettings(deliveredTiers: tiers)),
            webhook: try settings.webhook(), transport: try settings.webhookTransport(), clock: clock,
            isSimulated: isSimulated)
    }

    private func baseURL(_ settings: Settings) throws -> BaseURL? {
        let baseURL = try settings.baseURL()
        guard !StreamConnection("", settings["PERPS_BASE_URL"] ?? "", heartbeat: .init()).isTestNetwork else {
            throw ValidationError("PERPS_BASE_URL is a test network: its markets are invented")
        }
        return baseURL
    }

    private func clock(_ baseURL: BaseURL?) throws -> StreamClock {
        guard let sharedClock else { return StreamClock(startingAt: ClockOptions.systemTime) }
        guard baseURL?.isLoopback == true else {
            throw ValidationError(
                "--shared-clock goes with a PERPS_BASE_URL of this machine: the exchanges have their own")
        }
        guard let clock = StreamClock(shared: sharedClock, systemTime: ClockOptions.systemTime) else {
            throw ValidationError("--shared-clock is not HOUR,SPEED,MILLISECONDS")
        }
        return clock
    }
}

/// An exchange with its stream.
struct StreamOfExchange: Sendable {
    let exchange: Exchange
    let stream: LiquidationStream
}
