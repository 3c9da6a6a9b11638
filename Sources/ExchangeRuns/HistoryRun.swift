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
    private let adapter: Adapter
    private let client: ExchangeClient
    private let caller: ExchangeCaller
    private let paths: ArchivePaths
    private let clock: RunClock
    private let budget: CallBudget
    private let yield: @Sendable () async throws -> Void
    private let progress: @Sendable (_ dataset: HistoryDataset, _ parts: Int) -> any CallCounter
    private let memory = RunMemory()

    /// Contracts that are asked about at the same time.
    private static let partsAtATime = 4
    /// After so many contracts, milliseconds or bytes of lines a file is closed: what is not in a file is asked again
    /// after a kill.
    private static let partsPerFile = 25
    private static let millisecondsPerFile: Int64 = 60_000
    private static let bytesPerFile = 4_000_000
    /// After so many failures without a success the rest of a dataset is left.
    private static let mostFailures = 8
    private static let spent = "the calls of this run are spent"

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
        self.adapter = adapter
        self.client = client
        caller = ExchangeCaller(adapter: adapter, hour: hour, baseURL: baseURL)
        self.paths = paths
        self.clock = clock
        self.budget = budget
        self.yield = yield
        self.progress = progress
    }

    /// Asks for the wishes one after the other; may be called again, for others. The list of instruments is asked for once.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, after what was answered is written; `FileError` when a file
    ///   cannot be written.
    public func run(_ wishes: [HistoryWish]) async throws -> [HistoryReport] {
        var reports: [HistoryReport] = []
        for wish in wishes {
            var report = HistoryReport(adapter.exchange, wish.dataset)
            if budget.isSpent {
                report.reason = Self.spent
                reports.append(report)
                continue
            }
            let asked: AskedLists
            if let known = memory.lists {
                asked = known
            } else {
                asked = try await askForLists()
                memory.lists = asked
                report.calls += asked.lines.count
            }
            guard let lists = asked.lists, let contracts = lists.contracts(adapter, wish.dataset) else {
                report.reason = "no list of instruments came" + (asked.problem.map { ": \($0)" } ?? "")
                reports.append(report)
                continue
            }
            let parts = contracts.parts(
                assets: wish.assets, except: wish.except, first: wish.first, from: wish.from, to: wish.to,
                answered: wish.answered)
            try await ask(parts, of: contracts, lists, asked.lines, &report)
            reports.append(report)
        }
        return reports
    }

    // MARK: - The list of instruments

    /// Asks for the list of instruments, and what it needs.
    func askForLists() async throws -> AskedLists {
        var plan = Plan(adapter: adapter.forListing, hour: Hour(containing: clock.now), focusAssets: [])
        let parser = JSONParser()
        var lines: [RawLine] = []
        var problem: String?
        while case let requests = plan.next(), !requests.isEmpty {
            for request in requests {
                try await yield()
                let result = try await client.call(caller.call(request))
                budget.spend(result.attempts.count)
                lines += result.attempts.map { caller.rawLine($0, of: request) }
                if let response = result.success.flatMap({ caller.response($0, of: request, with: parser) }) {
                    plan.record(response)
                } else if adapter.endpoint(request.endpoint)?.isEssential == true {
                    problem = problem ?? "\(request.endpoint): \(result.failure.map { "\($0)" } ?? "no answer")"
                }
            }
        }
        return AskedLists(
            lines: lines,
            lists: problem == nil ? HistoryLists(lines.filter { $0.status == 200 && $0.error == nil }) : nil,
            problem: problem)
    }

    // MARK: - Parts

    private func ask(
        _ parts: [HistoryPart], of contracts: HistoryContracts, _ lists: HistoryLists, _ list: [RawLine],
        _ report: inout HistoryReport
    ) async throws {
        let dataset = contracts.dataset
        report.parts = parts.count
        let counter = progress(dataset, parts.count)
        var file = OpenFile(list: list, begunAt: clock.now)
        var failures = 0
        var isShort = false
        var wasCancelled = false
        await withTaskGroup(of: PartAnswer.self) { group in
            var rest = parts[...]
            func start() {
                guard failures < Self.mostFailures, !Task.isCancelled, let part = rest.first else { return }
                let calls = contracts.typicalCalls(part)
                isShort = !budget.setAside(calls)
                if isShort { return }
                rest.removeFirst()
                group.addTask { await answer(part, lists, setAside: calls) }
            }
            for _ in 0..<Self.partsAtATime { start() }
            for await answer in group {
                budget.spend(answer.lines.count - answer.setAside)
                file.add(answer)
                report.calls += answer.lines.count
                report.answered += answer.problem == nil ? 1 : 0
                wasCancelled = wasCancelled || answer.isCancelled
                failures = answer.problem == nil ? 0 : failures + 1
                if let problem = answer.problem { report.reason = report.reason ?? problem }
                counter.advance()
                if isFull(file) {
                    do {
                        try close(&file, dataset, &report)
                    } catch {
                        report.reason = "\(error)"
                        failures = Self.mostFailures
                    }
                }
                start()
            }
        }
        try close(&file, dataset, &report)
        if report.left > 0, report.reason == nil {
            report.reason = isShort ? Self.spent : "the run was ended"
        }
        if wasCancelled || Task.isCancelled { throw CancellationError() }
    }

    private func isFull(_ file: OpenFile) -> Bool {
        file.parts >= Self.partsPerFile || file.writer.count >= Self.bytesPerFile
            || clock.now.milliseconds - file.begunAt.milliseconds >= Self.millisecondsPerFile
    }

    private func close(_ file: inout OpenFile, _ dataset: HistoryDataset, _ report: inout HistoryReport) throws {
        guard file.parts > 0 else { return }
        try paths.claim(file.isSimulated ? .simulated : .real)
        let target = paths.newHistoryFile(adapter.exchange, dataset, at: file.begunAt)
        try file.writer.write(to: paths.rawFile(target))
        report.files.append(paths.rawFile(target))
        file = OpenFile(list: file.list, begunAt: clock.now)
    }

    /// Asks the questions of a part. What was answered before a failure is kept, without the line that says it is whole.
    private func answer(_ part: HistoryPart, _ lists: HistoryLists, setAside calls: Int) async -> PartAnswer {
        var answer = PartAnswer(part: part, exchange: adapter.exchange, setAside: calls)
        // Each task reads the list for itself: what it makes of it belongs to one task.
        guard var questions = lists.contracts(adapter, part.dataset)?.questions(part) else { return answer }
        let parser = JSONParser()
        do {
            while let request = questions.request {
                try await yield()
                let result = try await client.call(caller.call(request))
                answer.lines += result.attempts.map { caller.rawLine($0, of: request, symbol: questions.symbol) }
                guard
                    let response = result.success.flatMap({
                        caller.response($0, of: request, symbol: questions.symbol, with: parser)
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
            answer.problem = "the run was ended"
        }
        return answer
    }
}

/// What came when the list of instruments was asked for.
struct AskedLists: Sendable {
    /// Every attempt.
    let lines: [RawLine]
    /// What the answers list; `nil` when an essential one is missing.
    let lists: HistoryLists?
    /// Why it is missing; `nil` when none is.
    let problem: String?
}

/// What a run keeps from one call to the next.
private final class RunMemory: Sendable {
    private let state = Mutex<AskedLists?>(nil)

    var lists: AskedLists? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// What an exchange answered about a part.
private struct PartAnswer: Sendable {
    let part: HistoryPart
    let exchange: Exchange
    /// Calls of the budget that were set aside for it.
    let setAside: Int
    var lines: [RawLine] = []
    /// Why the part is not whole; `nil` when it is.
    var problem: String?
    var isCancelled = false
}

/// The lines of a file that is not written yet.
private struct OpenFile {
    let writer = RawWriter()
    let list: [RawLine]
    let begunAt: Timestamp
    private(set) var parts = 0
    private(set) var isSimulated = false

    init(list: [RawLine], begunAt: Timestamp) {
        self.list = list
        self.begunAt = begunAt
    }

    mutating func add(_ answer: PartAnswer) {
        guard !answer.lines.isEmpty || answer.problem == nil else { return }
        if parts == 0 { for line in list { writer.append(line) } }
        parts += 1
        for line in answer.lines {
            writer.append(line)
            if line.isSimulated { isSimulated = true }
        }
        if answer.problem == nil { writer.append(answer.part.span, of: answer.exchange, answer.part.dataset) }
    }
}

/// The responses with the list of instruments, which each dataset reads for itself.
struct HistoryLists: Sendable {
    let lines: [RawLine]

    init?(_ lines: [RawLine]) {
        guard !lines.isEmpty else { return nil }
        self.lines = lines
    }

    func contracts(_ adapter: Adapter, _ dataset: HistoryDataset) -> HistoryContracts? {
        var contracts = HistoryContracts(adapter, dataset)
        guard contracts.isTold else { return nil }
        forEach { contracts.read(list: $0) }
        return contracts
    }

    func archives(_ adapter: Adapter, _ dataset: HistoryDataset) -> ArchiveContracts? {
        var contracts = ArchiveContracts(adapter, dataset)
        guard contracts.isTold else { return nil }
        forEach { contracts.read(list: $0) }
        return contracts
    }

    private func forEach(_ read: (Response) -> Void) {
        let parser = JSONParser()
        for line in lines {
            guard let bytes = line.body, let body = try? parser.parse(ByteBuffer(bytes.withoutByteOrderMark)) else {
                continue  // it was read when it came
            }
            read(
                Response(
                    endpoint: line.endpoint, url: line.url, requestBody: line.requestBody, receivedAt: line.receivedAt,
                    body: body))
        }
    }
}
