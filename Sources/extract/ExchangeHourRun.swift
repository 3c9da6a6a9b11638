import ExchangeAdapters
import ExchangeClient
import JSONReader
import PerpCore
import PipelineFiles
import Synchronization
import Transport

/// Asks one exchange for one hour: phase after phase, as its plan says.
struct ExchangeHourRun: Sendable {

    /// Calls under way at a time to a host.
    static let callsAtATime = 4
    /// An endpoint of which so many calls failed and none was answered is given up.
    static let mostFailures = 8

    let adapter: Adapter
    let hour: Hour
    let focusAssets: [String]
    let includesOptional: Bool
    let baseURL: BaseURL?
    let client: ExchangeClient
    let clock: RunClock
    let progress: CallProgress

    private var exchange: Exchange { adapter.exchange }

    /// Throws only when the task is cancelled; then nothing of the exchange is kept.
    func run() async throws -> ExchangeHourRunResult {
        let startedAt = clock.now
        var plan = Plan(
            adapter: adapter, hour: hour, focusAssets: focusAssets, includesOptional: includesOptional)
        let parser = JSONParser()
        var tallies = adapter.endpoints.map(EndpointTally.init)
        var lines: [RawLine] = []
        while true {
            let requests = plan.next()
            guard !requests.isEmpty else { break }
            progress.plan(requests.count)
            for (request, result) in zip(requests, try await ask(requests)) {
                lines += result.attempts.map { rawLine($0, of: request) }
                if let index = tallies.firstIndex(where: { $0.endpoint.id == request.endpoint }) {
                    tallies[index].add(result, weight: request.weight)
                }
                if let answer = result.answer { record(answer, of: request, in: &plan, with: parser) }
            }
            // Without an essential response nothing is kept: more calls would only cost the exchange's patience.
            if tallies.contains(where: \.isLost) { break }
        }
        var report = EndpointTally.report(of: exchange, tallies)
        report.wireBytes = lines.reduce(0) { $0 + $1.wireBytes }
        report.bodyBytes = lines.reduce(0) { $0 + ($1.body?.count ?? 0) }
        report.milliseconds = Int(clock.now.milliseconds - startedAt.milliseconds)
        return ExchangeHourRunResult(report: report, lines: lines)
    }

    // MARK: - Asking

    /// Makes the requests of a phase, some at a time for each host; the results are in their order.
    private func ask(_ requests: [Request]) async throws -> [CallResult] {
        let calls = requests.map(call)
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
                            progress.advance()
                        }
                        return results
                    }
                }
            }
            var results = [CallResult?](repeating: nil, count: requests.count)
            for try await part in group { for (index, result) in part { results[index] = result } }
            return results.map { $0! }  // the queues hand out every index
        }
    }

    private func call(_ request: Request) -> Call {
        Call(
            method: request.method.rawValue,
            url: baseURL?.rewrite(request.url, exchange: exchange, hour: hour) ?? request.url,
            body: request.body, headers: adapter.headers, weight: request.weight, limit: request.limit)
    }

    /// Tells the plan what was answered.
    private func record(_ answer: Attempt, of request: Request, in plan: inout Plan, with parser: JSONParser) {
        // It was parsed when it was judged, and would else not be a response.
        guard let body = try? parser.parse(ByteBuffer(answer.reply.body.withoutByteOrderMark)) else { return }
        plan.record(
            Response(
                endpoint: request.endpoint, url: answer.call.url, requestBody: request.body,
                receivedAt: answer.receivedAt, body: body))
    }

    private func rawLine(_ attempt: Attempt, of request: Request) -> RawLine {
        let reply = attempt.reply
        var line = RawLine(
            exchange: exchange, endpoint: request.endpoint, method: attempt.call.method, url: attempt.call.url,
            requestBody: attempt.call.body, sentAt: attempt.sentAt, receivedAt: attempt.receivedAt,
            attempt: attempt.number, status: reply.status, error: reply.error,
            headers: reply.headers.kept.map { ($0.name, $0.value) }, wireBytes: reply.wireBytes,
            body: reply.hasBody ? reply.body : nil)
        line.isSimulated = baseURL?.namesHour == true || reply.headers[Origin.simulatedHeader] == "1"
        return line
    }
}

/// What an exchange said, and how it went.
struct ExchangeHourRunResult: Sendable {
    var report: RunReport.Venue
    /// In the order of the requests, whatever came first.
    var lines: [RawLine]
}

/// Says what a body is, with the exchange's own rule for error envelopes.
func judge(_ adapter: Adapter) -> ExchangeClient.Judge {
    { bytes in
        do throws(JSONError) {
            let parser = JSONParser()
            let body = try parser.parse(ByteBuffer(bytes.withoutByteOrderMark))
            return adapter.errorText(body).map { .refusal($0) } ?? .answer
        } catch {
            return .unreadable("the body is not JSON: \(error)")
        }
    }
}

extension [UInt8] {
    /// JSON does not begin with a mark, but an exchange may send one.
    fileprivate var withoutByteOrderMark: ArraySlice<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...]
    }
}

/// Hands out indices, each once, in order.
private final class Queue: Sendable {
    private let rest: Mutex<ArraySlice<Int>>

    init(_ indices: [Int]) { rest = Mutex(indices[...]) }

    func next() -> Int? { rest.withLock { $0.popFirst() } }
}

/// The endpoints of a phase that only fail.
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

    /// Why an endpoint's further calls are not made; `nil` when they are.
    func failure(of endpoint: String) -> CallFailure? {
        counts.withLock { counts in
            guard let count = counts[endpoint], count.answered == 0, count.failed >= ExchangeHourRun.mostFailures else {
                return nil
            }
            return count.last
        }
    }
}
