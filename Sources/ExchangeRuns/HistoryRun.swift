import ExchangeAdapters
import ExchangeClient
import JSONReader
import PerpCore
import PipelineFiles
import Synchronization

/// What to ask one exchange about one dataset.
public struct HistoryWish: Sendable {
    /// The dataset.
    public var dataset: HistoryDataset
    /// The first instant that is asked about.
    public var from: Timestamp
    /// The instant after the last one.
    public var to: Timestamp
    /// Whose contracts are asked about; empty for all of them.
    public var assets: [String]
    /// Whose contracts are left out.
    public var except: [String] = []
    /// The assets whose contracts come first.
    public var first: [String]
    /// The spans for which the exchange has answered already.
    public var answered: [HistorySpan]

    /// Wishes for a span of all contracts of `assets`.
    public init(
        _ dataset: HistoryDataset, from: Timestamp, to: Timestamp, assets: [String] = [], first: [String] = [],
        answered: [HistorySpan] = []
    ) {
        self.dataset = dataset
        self.from = from
        self.to = to
        self.assets = assets
        self.first = first
        self.answered = answered
    }
}

/// How one exchange answered about one dataset.
public struct HistoryReport: Codable, Hashable, Sendable {
    /// The id of the exchange.
    public var exchange: String
    /// The dataset.
    public var dataset: String
    /// Spans of contracts that were to be asked for.
    public var parts = 0
    /// Spans that the exchange answered whole.
    public var answered = 0
    /// Spans that it did not, with those that were not asked any more.
    public var left: Int { parts - answered }
    /// Calls, with those that failed.
    public var calls = 0
    /// The raw files that were written.
    public var files: [String] = []
    /// Why something is left; `nil` when nothing is.
    public var reason: String?

    enum CodingKeys: String, CodingKey { case exchange, dataset, parts, answered, calls, files, reason }

    /// A report of nothing yet.
    public init(_ exchange: Exchange, _ dataset: HistoryDataset) {
        self.exchange = exchange.id
        self.dataset = dataset.rawValue
    }
}

/// The most calls that a run may still make.
public final class CallBudget: Sendable {
    private struct State {
        var rest: Int
        /// Whether anything but lists has been asked for.
        var isBegun = false
    }

    private let state: Mutex<State>

    /// A budget of so many calls; `nil` sets no limit.
    public init(_ calls: Int?) { state = Mutex(State(rest: calls ?? .max)) }

    /// Whether any call is left.
    public var isSpent: Bool { state.withLock { $0.rest <= 0 } }

    func spend(_ calls: Int) { state.withLock { $0.rest -= calls } }

    /// Sets calls aside; `false` when fewer are left. To begin with one call is enough: what takes more than a whole budget
    /// would never be asked for otherwise.
    func setAside(_ calls: Int) -> Bool {
        state.withLock { state in
            guard state.rest >= calls || !state.isBegun && state.rest > 0 else { return false }
            state.rest -= calls
            state.isBegun = true
            return true
        }
    }
}

/// Asks one exchange about the past and writes what it says, a file for every 25 contracts or minute.
public struct HistoryRun: Sendable {
    private let desk: HistoryDesk

    /// After so many milliseconds or bytes of lines a file is closed, too: what is not in a file is asked again after a kill.
    private static let millisecondsPerFile: Int64 = 60_000
    private static let bytesPerFile = 4_000_000

    /// A run that has not begun.
    ///
    /// - Parameters:
    ///   - hour: the hour in the address of a simulator.
    ///   - baseURL: replaces the exchange's addresses.
    ///   - budget: the most calls, of all exchanges together.
    ///   - yield: waits before a call while an hourly run is at work.
    ///   - progress: is told how many spans there are and when one is done.
    public init(
        adapter: Adapter, hour: Hour, baseURL: BaseURL?, client: ExchangeClient, paths: ArchivePaths, clock: RunClock,
        budget: CallBudget, yield: @escaping @Sendable () async throws -> Void,
        progress: @escaping @Sendable (_ dataset: HistoryDataset, _ parts: Int) -> any CallCounter
    ) {
        desk = HistoryDesk(
            adapter: adapter, hour: hour, baseURL: baseURL, client: client, paths: paths, clock: clock, budget: budget,
            yield: yield, progress: progress)
    }

    /// Asks for the wishes one after the other; may be called again, for others. The list of instruments is asked for once.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, after what was answered is written; `FileError` when a file
    ///   cannot be written.
    public func run(_ wishes: [HistoryWish]) async throws -> [HistoryReport] {
        try await desk.run(wishes) { lists, dataset in
            lists.contracts(desk.adapter, dataset)
        } fulfil: { wish, contracts, lists, report in
            let parts = contracts.parts(
                assets: wish.assets, except: wish.except, first: wish.first, from: wish.from, to: wish.to,
                answered: wish.answered)
            try await ask(parts, of: contracts, lists, &report)
        }
    }

    // MARK: - Parts

    private func ask(
        _ parts: [HistoryPart], of contracts: HistoryContracts, _ lists: HistoryLists, _ report: inout HistoryReport
    ) async throws {
        let dataset = contracts.dataset
        report.parts = parts.count
        let counter = desk.progress(dataset, parts.count)
        var file = OpenHistoryFile(list: lists.lines, begunAt: desk.clock.now)
        var failures = 0
        var isShort = false
        var wasCancelled = false
        await withTaskGroup(of: PartAnswer.self) { group in
            var rest = parts[...]
            func start() {
                guard failures < HistoryDesk.mostFailures, !Task.isCancelled, let part = rest.first else { return }
                let calls = contracts.typicalCalls(part)
                isShort = !desk.budget.setAside(calls)
                if isShort { return }
                rest.removeFirst()
                group.addTask { await answer(part, lists, setAside: calls) }
            }
            for _ in 0..<HistoryDesk.partsAtATime { start() }
            for await answer in group {
                desk.budget.spend(answer.lines.count - answer.setAside)
                if !answer.lines.isEmpty || answer.problem == nil {
                    let whole = answer.problem == nil ? [answer.part.span] : []
                    file.add(answer.lines, whole: whole, desk.adapter.exchange, dataset)
                }
                report.calls += answer.lines.count
                report.answered += answer.problem == nil ? 1 : 0
                wasCancelled = wasCancelled || answer.isCancelled
                failures = answer.problem == nil ? 0 : failures + 1
                if let problem = answer.problem { report.reason = report.reason ?? problem }
                counter.advance()
                if isFull(file) {
                    do {
                        try desk.close(&file, dataset, .history, &report)
                    } catch {
                        report.reason = "\(error)"
                        failures = HistoryDesk.mostFailures
                    }
                }
                start()
            }
        }
        try desk.close(&file, dataset, .history, &report)
        if report.left > 0, report.reason == nil {
            report.reason = isShort ? HistoryDesk.spent : HistoryDesk.ended
        }
        if wasCancelled || Task.isCancelled { throw CancellationError() }
    }

    private func isFull(_ file: OpenHistoryFile) -> Bool {
        file.parts >= HistoryDesk.partsPerFile || file.writer.count >= Self.bytesPerFile
            || desk.clock.now.milliseconds - file.begunAt.milliseconds >= Self.millisecondsPerFile
    }

    /// Asks the questions of a part. What was answered before a failure is kept, without the line that says it is whole.
    private func answer(_ part: HistoryPart, _ lists: HistoryLists, setAside calls: Int) async -> PartAnswer {
        var answer = PartAnswer(part: part, setAside: calls)
        // Each task reads the list for itself: what it makes of it belongs to one task.
        guard var questions = lists.contracts(desk.adapter, part.dataset)?.questions(part) else { return answer }
        let parser = JSONParser()
        do {
            while let request = questions.request {
                try await desk.yield()
                let result = try await desk.client.call(desk.caller.call(request))
                answer.lines += result.attempts.map { desk.caller.rawLine($0, of: request, symbol: questions.symbol) }
                guard
                    let response = result.success.flatMap({
                        desk.caller.response($0, of: request, symbol: questions.symbol, with: parser)
                    })
                else {
                    answer.problem = "\(part.span.symbol): \(result.failure.map { "\($0)" } ?? "no answer")"
                    return answer
                }
                questions.take(response)
            }
            answer.problem = questions.problem.map { "\(part.span.symbol): \($0)" }
        } catch {
            answer.isCancelled = true
            answer.problem = HistoryDesk.ended
        }
        return answer
    }
}

/// What an exchange answered about a part.
private struct PartAnswer: Sendable {
    let part: HistoryPart
    /// Calls of the budget that were set aside for it.
    let setAside: Int
    var lines: [RawLine] = []
    /// Why the part is not whole; `nil` when it is.
    var problem: String?
    var isCancelled = false
}
