import ExchangeAdapters
import ExchangeClient
import JSONReader
import PerpCore
import PipelineFiles
import Synchronization
import Transport

/// Counts the calls of a run as they are planned and made.
public protocol CallCounter: Sendable {
    /// Adds calls to make.
    func plan(_ calls: Int)
    /// Counts a finished call.
    func advance()
}

/// Requests one hour from one exchange, phase after phase, following its plan.
public struct ExchangeHourRun: Sendable {

    /// The most calls in flight to one host.
    public static let callsAtATime = 4
    /// After so many failures without a success, the remaining calls of an endpoint are skipped.
    static let mostFailures = 8

    private let adapter: Adapter
    private let hour: Hour
    private let focusAssets: [String]
    private let includesOptional: Bool
    private let baseURL: BaseURL?
    private let client: ExchangeClient
    private let clock: RunClock
    private let progress: (any CallCounter)?

    /// A run that has not begun.
    ///
    /// - Parameters:
    ///   - adapter: whose endpoints are called.
    ///   - focusAssets: the assets for which per-asset endpoints are called.
    ///   - includesOptional: whether to call endpoints that cost many calls for few records.
    ///   - baseURL: replaces the exchange's addresses.
    ///   - progress: is told of the calls.
    public init(
        adapter: Adapter, hour: Hour, focusAssets: [String] = [], includesOptional: Bool = false, baseURL: BaseURL?,
        client: ExchangeClient, clock: RunClock, progress: (any CallCounter)? = nil
    ) {
        self.adapter = adapter
        self.hour = hour
        self.focusAssets = focusAssets
        self.includesOptional = includesOptional
        self.baseURL = baseURL
        self.client = client
        self.clock = clock
        self.progress = progress
    }

    private var exchange: Exchange { adapter.exchange }
    private var caller: ExchangeCaller { ExchangeCaller(adapter: adapter, hour: hour, baseURL: baseURL) }

    /// Runs the plan to its end, or until an essential endpoint fails.
    ///
    /// - Throws: `CancellationError` when the task is cancelled; nothing is stored then.
    public func run() async throws -> ExchangeHourRunResult {
        let startedAt = clock.now
        var plan = Plan(
            adapter: adapter, hour: hour, focusAssets: focusAssets, includesOptional: includesOptional)
        let parser = JSONParser()
        var tallies = adapter.endpoints.map(EndpointTally.init)
        var lines: [RawLine] = []
        while true {
            let requests = plan.next()
            guard !requests.isEmpty else { break }
            progress?.plan(requests.count)
            for (request, result) in zip(requests, try await ask(requests)) {
                lines += result.attempts.map { caller.rawLine($0, of: request) }
                if let index = tallies.firstIndex(where: { $0.endpoint.id == request.endpoint }) {
                    tallies[index].add(result, weight: request.weight)
                }
                if let response = result.success.flatMap({ caller.response($0, of: request, with: parser) }) {
                    plan.record(response)
                }
            }
            // Without an essential endpoint the hour is discarded: do not make more calls.
            if tallies.contains(where: \.isLost) { break }
        }
        var report = EndpointTally.report(of: exchange, tallies)
        report.wireBytes = lines.reduce(0) { $0 + $1.wireBytes }
        report.bodyBytes = lines.reduce(0) { $0 + ($1.body?.count ?? 0) }
        report.milliseconds = Int(clock.now.milliseconds - startedAt.milliseconds)
        return ExchangeHourRunResult(report: report, lines: lines)
    }

    // MARK: - Requests

    /// Makes the requests of a phase, several at a time for each host. The results are in the order of the requests.
    private func ask(_ requests: [Request]) async throws -> [CallResult] {
        let calls = requests.map(caller.call)
        let lanes = Dictionary(grouping: calls.indices) { authority(of: calls[$0].url) }
        let lost = LostEndpoints()
        return try await withThrowingTaskGroup(of: [(Int, CallResult)].self) { group in
            for indices in lanes.values {
                let queue = Queue(indices)
                for _ in 0..<min(Self.callsAtATime, indices.count) {
                    group.addTask {
                        var results: [(Int, CallResult)] = []
                        while let index = queue.next() {
                            let endpoint = requests[index].endpoint
                            let result =
                                if let failure = lost.failure(of: endpoint) {
                                    CallResult(attempts: [], failure: failure)
                                } else {
                                    try await client.call(calls[index])
                                }
                            lost.note(result.failure, of: endpoint)
                            results.append((index, result))
                            progress?.advance()
                        }
                        return results
                    }
                }
            }
            var results = [CallResult?](repeating: nil, count: requests.count)
            for try await part in group { for (index, result) in part { results[index] = result } }
            return results.map { $0! }  // the queues give out every index
        }
    }
}

/// The responses of an exchange, and the report.
public struct ExchangeHourRunResult: Sendable {
    /// How the run went, by endpoint.
    public var report: RunReport.ExchangeRun
    /// In the order of the requests, not of the responses.
    public var lines: [RawLine]
}

/// Returns a function that classifies bodies with the adapter's rule for error envelopes.
public func judge(_ adapter: Adapter) -> ExchangeClient.Judge {
    { bytes in
        do throws(JSONError) {
            let parser = JSONParser()
            let body = try parser.parse(ByteBuffer(bytes.withoutByteOrderMark))
            return adapter.errorText(body).map { .refusal($0) } ?? .response
        } catch {
            return .unreadable("the body is not JSON: \(error)")
        }
    }
}

/// Gives out indices in order, each once.
private final class Queue: Sendable {
    private let rest: Mutex<ArraySlice<Int>>

    init(_ indices: [Int]) { rest = Mutex(indices[...]) }

    func next() -> Int? { rest.withLock { $0.popFirst() } }
}

/// Finds endpoints of a phase of which every call fails.
private final class LostEndpoints: Sendable {
    private struct Count {
        var failed = 0
        var answered = 0
        var last: CallFailure?
    }

    private let counts = Mutex<[String: Count]>([:])

    func note(_ failure: CallFailure?, of endpoint: String) {
        counts.withLock { counts in
            if let failure {
                counts[endpoint, default: Count()].failed += 1
                counts[endpoint, default: Count()].last = failure
            } else {
                counts[endpoint, default: Count()].answered += 1
            }
        }
    }

    /// The last failure of an endpoint whose remaining calls are skipped; `nil` when they are made.
    func failure(of endpoint: String) -> CallFailure? {
        counts.withLock { counts in
            guard let count = counts[endpoint], count.answered == 0, count.failed >= ExchangeHourRun.mostFailures else {
                return nil
            }
            return count.last
        }
    }
}
