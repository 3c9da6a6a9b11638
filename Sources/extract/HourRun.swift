import CommandSupport
import ExchangeAdapters
import ExchangeClient
import ExchangeRuns
import PerpCore
import PipelineFiles
import Transport

/// Requests one hour from all exchanges at the same time, and stores their responses.
struct HourRun: Sendable {
    let hour: Hour
    let exchanges: [Exchange]
    /// The part to request; `nil` for everything.
    let selection: Selection?
    let focusAssets: [String]
    let includesOptional: Bool
    let baseURL: BaseURL?
    let isPaced: Bool
    let proxy: ProxySettings
    let paths: ArchivePaths
    /// The archive with the list of bans.
    let bans: ArchivePaths
    let clock: RunClock
    let interruption: Interruption
    /// Runs each exchange in its own process; `nil` runs all in this one.
    var processes: ExchangeProcess?

    /// The most processes at the same time.
    private static let processesAtATime = 8

    /// Runs the exchanges that have no raw file yet, while holding the lock of the hour.
    ///
    /// - Throws: `Lock`'s error when another run holds the lock, or `FileError` when a folder cannot be used.
    func run() async throws -> HourRunResult {
        let startedAt = clock.now
        // With a base URL that does not name the hour, only the responses tell whether they are simulated.
        if let baseURL { if baseURL.namesHour { try paths.claim(.simulated) } } else { try paths.claim(.real) }
        let lock = try Lock(paths.rawLock(hour), purpose: "extract of \(hour), since \(startedAt)")
        defer { withExtendedLifetime(lock) {} }
        for folder in [paths.rawFolder(hour), paths.rawFolder(hour) + "/failed", paths.runFolder(hour)] {
            try FileSystem.removeLeftovers(in: folder)
        }
        let missing = exchanges.filter { !FileSystem.exists(paths.rawFile($0, hour)) }
        var report = RunReport(
            hour: hour, startedAt: try unusedStart(startedAt), finishedAt: startedAt, enabled: exchanges,
            exchanges: exchanges.filter { !missing.contains($0) }.map {
                RunReport.ExchangeRun(exchange: $0, outcome: .present)
            },
            version: packageVersion)
        let hasReport = try FileSystem.names(in: paths.runFolder(hour)).contains { $0.hasSuffix(".json") }
        // A run without anything to request adds nothing to earlier reports.
        if missing.isEmpty && hasReport { return HourRunResult(report: report, errors: []) }

        let outcomes = await ask(missing)
        report.exchanges = (report.exchanges + outcomes.map(\.report)).sorted { $0.exchange < $1.exchange }
        report.finishedAt = clock.now
        try RunFile.write(report, in: paths)
        return HourRunResult(report: report, errors: outcomes.compactMap(\.error))
    }

    /// Runs the exchanges that have no raw file yet, at the same time.
    private func ask(_ missing: [Exchange]) async -> [ExchangeOutcome] {
        let progress = CallProgress(exchanges: missing.count)
        guard let processes else {
            return await asking { ask in
                await withTaskGroup(of: ExchangeOutcome.self) { group in
                    for exchange in missing { group.addTask { await ask(exchange, progress) } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }
        }
        return await withTaskGroup(of: ExchangeOutcome.self) { group in
            var rest = missing[...]
            var outcomes: [ExchangeOutcome] = []
            func start() {
                guard let exchange = rest.popFirst() else { return }
                group.addTask {
                    var outcome = await processes.ask(exchange)
                    if Task.isCancelled, outcome.report.outcome == .failed {
                        outcome.report.reason = interruption.reason
                    }
                    progress.finish(outcome.report)
                    return outcome
                }
            }
            for _ in 0..<Self.processesAtATime { start() }
            for await outcome in group {
                outcomes.append(outcome)
                start()
            }
            return outcomes
        }
    }

    /// Runs one exchange, for the parent process, which holds the lock of the hour.
    func askAlone(_ exchange: Exchange) async -> ExchangeOutcome {
        await asking { ask in await ask(exchange, CallProgress()) }
    }

    /// Calls `work` with a function that runs one exchange, using the connections and bans of this process.
    private func asking<Value: Sendable>(
        _ work: (@escaping @Sendable (Exchange, CallProgress) async -> ExchangeOutcome) async -> Value
    ) async -> Value {
        let list = BanList(knownBans()) { [bans, clock] in try BanFile.add($0, now: clock.now, in: bans) }
        var settings = TransportSettings()
        settings.proxy = proxy
        // One base URL stands for several exchanges, each of which needs its own connections.
        if baseURL != nil { settings.connectionsPerHost *= exchanges.count }
        let transport = HTTPTransport(settings)
        let value = await work { await ask($0, transport, list, $1) }
        await transport.shutdown()
        return value
    }

    private func knownBans() -> [Ban] {
        do {
            return try BanFile.read(in: bans)
        } catch {
            // Without the list, a banned exchange gets one call and states the ban again.
            Diagnostics.report("extract", "\(error)")
            return []
        }
    }

    /// Runs one exchange and writes its raw file.
    private func ask(
        _ exchange: Exchange, _ transport: HTTPTransport, _ bans: BanList, _ progress: CallProgress
    ) async -> ExchangeOutcome {
        let whole = Adapter.adapter(for: exchange)
        let adapter = selection?.narrowed(whole, includesOptional: includesOptional) ?? whole
        var report = RunReport.ExchangeRun(exchange: exchange, outcome: .failed, cause: .interrupted)
        var problem: String?
        do {
            try Task.checkCancellation()
            guard hour.contains(clock.now) else { throw HourIsOver() }
            let client = ExchangeClient(
                exchange: exchange, limits: adapter.limits, refusals: adapter.refusals, isPaced: isPaced,
                bans: bans, clock: clock, shared: ScheduleFile(exchange, in: self.bans),
                send: { try await transport.send($0) }, judge: judge(adapter))
            let result = try await ExchangeHourRun(
                adapter: adapter, hour: hour, focusAssets: focusAssets, includesOptional: includesOptional,
                baseURL: baseURL, client: client, clock: clock, progress: progress
            ).run()
            report = result.report
            for warning in await client.warnings { Diagnostics.report("extract", warning) }
            try keep(result.lines, of: exchange, isWhole: report.outcome != .failed)
        } catch is CancellationError {
            report.reason = interruption.reason
        } catch is HourIsOver {
            report.reason = "the hour was over before the exchange was asked"
        } catch {
            problem = "\(error)"
            report.outcome = .failed
            report.cause = .interrupted
            report.reason = "the raw file was not written: \(error)"
        }
        progress.finish(report)
        return ExchangeOutcome(report: report, error: problem)
    }

    /// Writes the exchange's raw file, or appends to its file of failed responses.
    private func keep(_ lines: [RawLine], of exchange: Exchange, isWhole: Bool) throws {
        guard !lines.isEmpty else { return }
        try paths.claim(lines.contains(where: \.isSimulated) ? .simulated : .real)
        let writer = RawWriter()
        for line in lines { writer.append(line) }
        if isWhole {
            try writer.write(to: paths.rawFile(exchange, hour))
        } else {
            try writer.add(to: paths.failedFile(exchange, hour))
        }
    }

    /// A start that no report of this hour has yet: reports are named by it, and two runs with `--now` may start at the same
    /// time.
    private func unusedStart(_ start: Timestamp) throws -> Timestamp {
        var start = start
        while FileSystem.exists("\(paths.runFolder(hour))/\(start.milliseconds).json") {
            start = start.advanced(byMilliseconds: 1)
        }
        return start
    }
}

/// The report of a run, and errors of files that could not be written.
struct HourRunResult: Sendable {
    var report: RunReport
    var errors: [String]
}

private struct HourIsOver: Error {}
