import AlertDelivery
import ArgumentParser
import CommandSupport
import Notifiers
import OutcomeKeeping
import PerpCore
import PipelineFiles
import Replaying
import Sealing
import Signals
import Transport
import Warehouse
import WarehouseCommands

/// Evaluates the strategies over a sealed hour, and delivers what is new.
@main
struct Alert: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert",
        abstract: "Strategy alerts of an hour: printed, stored, delivered.",
        discussion: """
            One hour:   alert --hour 2025-10-23T15      the latest sealed hour when left out
            A look:     alert --dry-run                 the exact payloads, one a line; nothing is written or sent
            History:    alert --replay 2025-10-16T00 2025-10-23T00

            Messages go to DISCORD_WEBHOOK_URL, which is read from the environment or .env and never shown. Without \
            it alerts are stored and printed, and their messages wait in the outbox until they expire. ALERT_TIERS \
            says which tiers are sent (1,2).

            \(endings)
            """,
        version: packageVersion)

    private static let endings = ExitStatus.help(
        [.unavailable: "the receiver refused for good", .io: "the database failed"],
        locked: true, signals: "the message at hand")

    @Option(help: "The hour to evaluate: 2025-10-23T15. The latest sealed one when left out.", transform: Hour.argument)
    var hour: Hour?

    @Option(
        parsing: .upToNextOption, help: "Evaluate the hours from the first to the second one; write nothing.",
        transform: Hour.argument)
    var replay: [Hour] = []

    @Flag(help: "Print the payloads that would be sent now; write and send nothing. The clock is the hour's end.")
    var dryRun = false

    @Flag(help: "With --replay: print JSON.")
    var json = false

    @Flag(help: "With --replay: also what would have been held back.")
    var all = false

    @Option(
        help: "The sentiment model and its rules: \(SentimentModel.allCases.map(\.rawValue).joined(separator: ", ")).")
    var model: SentimentModel = .v2

    @Option(help: "The tiers that are sent, separated by commas; ALERT_TIERS, or 1,2, when left out.")
    var tiers: String?

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var clock: ClockOptions

    @OptionGroup var lock: LockOptions

    func validate() throws {
        guard replay.isEmpty || replay.count == 2 else { throw ValidationError("--replay takes two hours") }
        guard replay.isEmpty || (hour == nil && !dryRun) else {
            throw ValidationError("--replay goes without --hour and --dry-run")
        }
        if replay.count == 2, replay[1] < replay[0] {
            throw ValidationError("--replay: the second hour is before the first")
        }
        guard !replay.isEmpty || !(json || all) else { throw ValidationError("--json and --all go with --replay") }
    }

    func run() async throws {
        try await warehouse.running("alert") {
            let settings = try Settings.load(for: "alert")
            let rules = AlertRules(settings: AlertSettings(deliveredTiers: try deliveredTiers(settings)))
            let fees = try settings.takerFees()
            if replay.count == 2 {
                try printReplay(rules, fees)
            } else if dryRun {
                try printPayloads(rules, fees)
            } else {
                try await deliver(rules, fees, settings)
            }
        }
    }

    // MARK: - What it can do

    private func printReplay(_ rules: AlertRules, _ fees: TakerFees) throws {
        let database = try Warehouse(path: warehouse.path, for: .reading)
        let hours = try SealedHours(database).hours(from: replay[0], through: replay[1])
        guard !hours.isEmpty else {
            throw ValidationError("nothing is recorded from \(replay[0]) to \(replay[1])")
        }
        let progress = Progress("replay", total: hours.count)
        let rows = try Replay(warehouse: database, rules: rules, model: model, fees: fees)
            .rows(replay[0]...replay[1], all: all) { progress.advance() }
        print(json ? try Replay.json(rows) : Replay.text(rows), terminator: "")
    }

    private func printPayloads(_ rules: AlertRules, _ fees: TakerFees) throws {
        let database = try Warehouse(path: warehouse.path, for: .reading)
        guard let hour = try hour(in: database) else { return }
        let run = AlertRun(warehouse: database, rules: rules, model: model, fees: fees)
        let result = try run.evaluate(hour, now: hour.end)
        Diagnostics.write(result.text)
        let payloads = try result.payloads()
        for payload in payloads { print(payload) }
        if payloads.isEmpty { Diagnostics.report("alert", "\(hour): nothing would be sent") }
    }

    private func deliver(_ rules: AlertRules, _ fees: TakerFees, _ settings: Settings) async throws {
        let url = try settings.webhook()
        let transport = HTTPTransport(try settings.webhookTransport())
        let report: DrainReport
        let stop = StopRequest()
        do {
            report = try await deliver(
                rules, fees, sender: url.map { DiscordSender($0, transport) }, host: url?.host, stop)
            await transport.shutdown()
        } catch {
            await transport.shutdown()
            throw error
        }
        for problem in report.problems { Diagnostics.report("alert", problem) }
        try stop.endIfMade("alert", "what was not sent waits in the outbox")
        if let closed = report.closed {
            Diagnostics.report("alert", "the receiver takes no messages any more: \(closed)")
            throw ExitStatus.unavailable.code
        }
        if report.dead > 0 {
            Diagnostics.report(
                "alert",
                "\(report.dead) alert(s) were refused for good and are lost: 'make doctor' says what the receiver said")
            throw ExitStatus.unavailable.code
        }
    }

    private func deliver(
        _ rules: AlertRules, _ fees: TakerFees, sender: DiscordSender?, host: String?, _ stop: StopRequest
    ) async throws -> DrainReport {
        let lock = try warehouse.lock("alert", patience: lock.patience)
        defer { withExtendedLifetime(lock) {} }
        guard FileSystem.exists(warehouse.path) else { throw WarehouseError.missing(path: warehouse.path) }
        let database = try Warehouse(path: warehouse.path)
        let live = liveAlerts()
        try live?.holding { try live?.move(to: AlertStore(database), now: clock.time) }
        let drain = OutboxDrain(sender, isStopped: { stop.isMade }) { [clock] in clock.time }
        let store = WarehouseOutbox(database)
        // What an earlier run left comes first: it counts for what is decided now.
        let before = try await drain.run(store)
        if stop.isMade { return before }
        guard let hour = try hour(in: database) else { return before }
        let run = AlertRun(warehouse: database, live: live?.store, rules: rules, model: model, fees: fees)
        let decide = {
            try live?.move(to: AlertStore(database), now: clock.time)
            try OutcomeKeeper(database).refresh()
            let result = try run.evaluate(hour, now: clock.time)
            try run.store(result)
            return result
        }
        let result = try live?.holding(decide) ?? decide()
        print(result.text, terminator: "")
        guard before.closed == nil else { return before }
        if sender != nil, !result.outbox.isEmpty { print("\n📤 Sending \(result.outbox.count) alert(s) to Discord...") }
        let after = try await drain.run(store)
        let report = before.followed(by: after)
        tell(report, host: host)
        return report
    }

    /// The recorder's alerts; `nil` when there are none, or when they cannot be read: hourly alerts do not wait for that.
    private func liveAlerts() -> LiveAlerts? {
        do {
            return try LiveAlerts(beside: warehouse.path)
        } catch {
            let path = LiveAlerts.path(beside: warehouse.path)
            Diagnostics.report(
                "alert", "\(path): \(error): live alerts are left out; record makes a new one when it starts")
            return nil
        }
    }

    private func tell(_ report: DrainReport, host: String?) {
        if report.delivered > 0, let host { print("✓ \(report.delivered) alert(s) delivered to \(host)") }
        if report.expired > 0 { Diagnostics.report("alert", "\(report.expired) alert(s) expired undelivered") }
        guard report.waiting > 0 else { return }
        let reason = host == nil ? "DISCORD_WEBHOOK_URL is not set" : "to be tried again by the next run"
        Diagnostics.report("alert", "\(report.waiting) alert(s) wait in the outbox: \(reason)")
    }

    // MARK: - What it is given

    /// The hour asked for, or the latest; `nil` when the warehouse has none yet.
    private func hour(in database: Warehouse) throws -> Hour? {
        let sealed = SealedHours(database)
        guard let last = try sealed.span()?.upperBound else {
            Diagnostics.report("alert", "no hour is loaded yet")
            return nil
        }
        guard let hour else { return last }
        guard try sealed.hours(from: hour, through: hour).isEmpty == false else {
            throw ValidationError(
                "\(hour) is not in the warehouse: nothing is recorded there; the latest hour is \(last)")
        }
        return hour
    }

    private func deliveredTiers(_ settings: Settings) throws -> Set<Int> {
        guard let tiers else { return try settings.alertTiers() ?? AlertSettings().deliveredTiers }
        guard let numbers = Settings.tiers(tiers) else {
            throw ValidationError("tiers are \(Settings.wantedTiers): '\(tiers)'")
        }
        return numbers
    }
}
