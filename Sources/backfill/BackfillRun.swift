import CommandSupport
import ExchangeAdapters
import ExchangeClient
import ExchangeRuns
import PerpCore
import PipelineFiles
import Transport

/// Asks all exchanges at the same time, each for its wishes in their order; where calls are few, one errand after the other,
/// so that the first ones get them.
struct BackfillRun: Sendable {
    let errands: [HistoryErrand]
    /// The most calls of the run; `nil` for no limit.
    let calls: Int?
    let baseURL: BaseURL?
    let isPaced: Bool
    let proxy: ProxySettings
    let paths: ArchivePaths
    let clock: RunClock
    /// Whether the clock is that of the machine, so that an hourly run can be met.
    let isLive: Bool
    /// Whether to get files that exchanges publish, and not their answers.
    var ofArchives = false
    let interruption: Interruption

    /// How often to look whether an hourly run has ended, in milliseconds.
    private static let pause: Int64 = 500

    /// - Throws: `LockedError` when another backfill runs, `FileError` when a file cannot be read or written.
    func run() async throws -> [HistoryReport] {
        let lock = try Lock("\(paths.raw)/.backfill.lock", purpose: "backfill, since \(clock.now)")
        defer { withExtendedLifetime(lock) {} }
        let bans = BanList(try BanFile.read(in: paths)) { [paths, clock] in
            try BanFile.add($0, now: clock.now, in: paths)
        }
        var settings = TransportSettings()
        settings.proxy = proxy
        if baseURL != nil { settings.connectionsPerHost *= Set(errands.map(\.exchange)).count }
        let transport = HTTPTransport(settings)
        let budget = CallBudget(calls)
        let result: Result<[HistoryReport], any Error>
        do {
            result = .success(try await interruption.watch { try await ask(transport, bans, budget) })
        } catch {
            result = .failure(error)
        }
        await transport.shutdown()
        return try result.get()
    }

    private func ask(_ transport: HTTPTransport, _ bans: BanList, _ budget: CallBudget) async throws -> [HistoryReport]
    {
        var reports: [HistoryReport] = []
        if calls != nil {
            var desks: [Exchange: Desk] = [:]
            for (exchange, wishes) in inTurn where !budget.isSpent {
                let desk = desks[exchange] ?? desk(exchange, transport, bans, budget)
                desks[exchange] = desk
                reports += try await ask(wishes, at: desk)
            }
            return reports
        }
        try await withThrowingTaskGroup(of: [HistoryReport].self) { group in
            for (exchange, errands) in Dictionary(grouping: errands, by: \.exchange) {
                group.addTask { try await ask(errands.map(\.wish), at: desk(exchange, transport, bans, budget)) }
            }
            for try await part in group { reports += part }
        }
        return reports.sorted { ($0.exchange, $0.dataset) < ($1.exchange, $1.dataset) }
    }

    /// The errands in their order, those to one exchange that follow each other together.
    private var inTurn: [(exchange: Exchange, wishes: [HistoryWish])] {
        errands.reduce(into: []) { turns, errand in
            if turns.last?.exchange == errand.exchange {
                turns[turns.count - 1].wishes.append(errand.wish)
            } else {
                turns.append((errand.exchange, [errand.wish]))
            }
        }
    }

    /// Where one exchange is asked.
    private struct Desk {
        let exchange: Exchange
        let clients: [ExchangeClient]
        let run: @Sendable ([HistoryWish]) async throws -> [HistoryReport]
    }

    private func desk(
        _ exchange: Exchange, _ transport: HTTPTransport, _ bans: BanList, _ budget: CallBudget
    ) -> Desk {
        let adapter = Adapter.adapter(for: exchange)
        func client(_ refusals: Refusals, _ judge: @escaping ExchangeClient.Judge) -> ExchangeClient {
            ExchangeClient(
                exchange: exchange, limits: ofArchives ? adapter.limitsWithArchives : adapter.limits,
                refusals: refusals, isPaced: isPaced, bans: bans, clock: clock,
                shared: ScheduleFile(exchange, in: paths), mostRetries: .max,
                send: { try await transport.send($0) }, judge: judge)
        }
        let answers = client(adapter.refusals, judge(adapter))
        // A file is no answer of the API: its bytes are judged when it is read.
        let files = client(Refusals(), { _ in .response })
        let hour = Hour(containing: clock.now)
        let progress: @Sendable (HistoryDataset, Int) -> any CallCounter = { dataset, parts in
            PartProgress(Progress("backfill \(exchange.id) \(dataset.rawValue)", total: parts))
        }
        if ofArchives {
            let run = ArchiveRun(
                adapter: adapter, hour: hour, baseURL: baseURL, client: answers, files: files, paths: paths,
                clock: clock, budget: budget, yield: waitForExtract, progress: progress)
            return Desk(exchange: exchange, clients: [answers, files]) { try await run.run($0) }
        }
        let run = HistoryRun(
            adapter: adapter, hour: hour, baseURL: baseURL, client: answers, paths: paths, clock: clock,
            budget: budget, yield: waitForExtract, progress: progress)
        return Desk(exchange: exchange, clients: [answers]) { try await run.run($0) }
    }

    private func ask(_ wishes: [HistoryWish], at desk: Desk) async throws -> [HistoryReport] {
        do {
            let reports = try await desk.run(wishes)
            for client in desk.clients {
                for warning in await client.warnings { Diagnostics.report("backfill", warning) }
            }
            return reports
        } catch is CancellationError {
            var report = HistoryReport(desk.exchange, wishes[0].dataset)
            report.reason = interruption.reason
            return [report]
        }
    }

    /// Waits while an hourly run asks the exchanges: its hour cannot wait, and the past can.
    private func waitForExtract() async throws {
        guard isLive else { return try Task.checkCancellation() }
        while Lock.holder(of: paths.rawLock(Hour(containing: clock.now))) != nil {
            try await clock.sleep(until: clock.now.advanced(byMilliseconds: Self.pause))
        }
        try Task.checkCancellation()
    }
}

/// Shows the spans that are done on a terminal.
private struct PartProgress: CallCounter {
    let progress: Progress

    init(_ progress: Progress) { self.progress = progress }

    func plan(_ calls: Int) {}
    func advance() { progress.advance() }
}
