import ExchangeAdapters
import ExchangeClient
import JSONReader
import PerpCore
import PipelineFiles
import Synchronization

/// Where one exchange is asked about the past, by its API or for its files: whom to call and within what, the list of
/// instruments, and the files that are written.
struct HistoryDesk: Sendable {
    let adapter: Adapter
    let client: ExchangeClient
    let caller: ExchangeCaller
    let paths: ArchivePaths
    let clock: RunClock
    let budget: CallBudget
    /// Waits before a call while an hourly run is at work.
    let yield: @Sendable () async throws -> Void
    /// Is told how many spans there are and when one is done.
    let progress: @Sendable (_ dataset: HistoryDataset, _ parts: Int) -> any CallCounter
    private let memory = RunMemory()

    /// Contracts that are asked about at the same time.
    static let partsAtATime = 4
    /// After so many contracts a file is closed.
    static let partsPerFile = 25
    /// After so many failures without a success the rest of a dataset is left.
    static let mostFailures = 8
    static let spent = "the calls of this run are spent"
    static let ended = "the run was ended"

    init(
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

    /// Fulfils wishes one after the other, each with the list of instruments, which is asked for once, and the contracts that
    /// `contracts` makes of it; where calls are spent, or no list came, the report of a wish says so.
    func run<Contracts>(
        _ wishes: [HistoryWish], contracts: (HistoryLists, HistoryDataset) -> Contracts?,
        fulfil: (HistoryWish, Contracts, HistoryLists, inout HistoryReport) async throws -> Void
    ) async throws -> [HistoryReport] {
        var reports: [HistoryReport] = []
        for wish in wishes {
            var report = HistoryReport(adapter.exchange, wish.dataset)
            if budget.isSpent {
                report.reason = Self.spent
            } else {
                let asked = try await askedLists(&report)
                if let lists = asked.lists, let contracts = contracts(lists, wish.dataset) {
                    try await fulfil(wish, contracts, lists, &report)
                } else {
                    report.reason = "no list of instruments came" + (asked.problem.map { ": \($0)" } ?? "")
                }
            }
            reports.append(report)
        }
        return reports
    }

    private func askedLists(_ report: inout HistoryReport) async throws -> AskedLists {
        if let known = memory.lists { return known }
        let asked = try await askForLists()
        memory.lists = asked
        report.calls += asked.lines.count
        return asked
    }

    /// Asks for the list of instruments, and what it needs.
    private func askForLists() async throws -> AskedLists {
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
            lists: problem == nil ? HistoryLists(lines) : nil,
            problem: problem)
    }

    /// Puts a file in place that has anything in it, and begins the next one.
    func close(
        _ file: inout OpenHistoryFile, _ dataset: HistoryDataset, _ feed: Feed, _ report: inout HistoryReport
    ) throws {
        guard file.parts > 0 else { return }
        try paths.claim(file.isSimulated ? .simulated : .real)
        let target = paths.rawFile(paths.newHistoryFile(adapter.exchange, dataset, feed, at: file.begunAt))
        try file.writer.write(to: target)
        report.files.append(target)
        file = OpenHistoryFile(list: file.list, begunAt: clock.now)
    }
}

/// The lines of a file that is not written yet.
struct OpenHistoryFile {
    let writer = RawWriter()
    let list: [RawLine]
    let begunAt: Timestamp
    private(set) var parts = 0
    private(set) var isSimulated = false

    init(list: [RawLine], begunAt: Timestamp) {
        self.list = list
        self.begunAt = begunAt
    }

    /// Adds what came about a contract, and the spans for which it is whole; the first one brings the list of instruments.
    mutating func add(_ lines: [RawLine], whole spans: [HistorySpan], _ exchange: Exchange, _ dataset: HistoryDataset) {
        if parts == 0 { for line in list { writer.append(line) } }
        parts += 1
        for line in lines {
            writer.append(line)
            if line.isSimulated { isSimulated = true }
        }
        for span in spans { writer.append(span, of: exchange, dataset) }
    }
}

/// What came when the list of instruments was asked for.
private struct AskedLists: Sendable {
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

/// The responses with the list of instruments, which each dataset reads for itself.
struct HistoryLists: Sendable {
    /// Every attempt, as a file keeps it.
    let lines: [RawLine]

    init?(_ lines: [RawLine]) {
        guard lines.contains(where: Self.isAnswer) else { return nil }
        self.lines = lines
    }

    private static func isAnswer(_ line: RawLine) -> Bool { line.status == 200 && line.error == nil }

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
        for line in lines where Self.isAnswer(line) {
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
