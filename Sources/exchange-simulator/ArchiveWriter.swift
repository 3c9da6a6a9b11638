import ExchangeAdapters
import JSONReader
import PerpCore
import PipelineFiles
import SimulatedMarket
import Synchronization

/// Writes the raw files of a span of hours without HTTP: the lines that `extract` would write, with the simulator's times
/// and headers.
struct ArchiveWriter: Sendable {
    let market: Market
    let first: Hour
    let last: Hour
    let exchanges: [Exchange]
    let focusAssets: [String]
    let output: String
    let baseURL: String?
    let jobs: Int

    func write() async throws {
        do { try ArchivePaths(raw: output).claim(.simulated) } catch { throw SimulatorFailure("\(error)") }
        let hours = first.distance(to: last) + 1
        let total = hours * exchanges.count
        let progress = ArchiveProgress()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(jobs, total) {
                group.addTask {
                    var file = HourFile(archive: self)
                    while true {
                        let number = progress.next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard number < total else { return }
                        try Task.checkCancellation()
                        let hour = first.advanced(by: number / exchanges.count)
                        try file.write(exchanges[number % exchanges.count], hour)
                        let count = progress.done.wrappingAdd(1, ordering: .relaxed).newValue
                        if isTerminal { showProgress("\(hour)  \(count) of \(total) files") }
                    }
                }
            }
            try await group.waitForAll()
        }
        if isTerminal { showProgress("") }
        print("\(Numbers.counted(total, "raw file")) of \(Numbers.counted(hours, "hour")) in \(output)")
    }
}

/// What the tasks of an archive share: the number of the next file, and how many are written.
private final class ArchiveProgress: Sendable {
    let next = Atomic(0)
    let done = Atomic(0)
}

/// Writes one raw file after another. Belongs to one task.
private struct HourFile {
    let archive: ArchiveWriter
    private let writer = RawWriter()
    private let parser = JSONParser()
    private let bytes = ByteBuffer()

    init(archive: ArchiveWriter) { self.archive = archive }

    mutating func write(_ exchange: Exchange, _ hour: Hour) throws {
        writer.removeAll()
        var plan = Plan(
            adapter: Adapter.adapter(for: exchange), hour: hour, focusAssets: archive.focusAssets)
        var clock = hour.startMilliseconds + 60_000
        while case let requests = plan.next(), !requests.isEmpty {
            for request in requests {
                let response = archive.market.respond(to: simulated(request, exchange), at: hour)
                let sent = Timestamp(milliseconds: clock)
                clock += 40
                let received = Timestamp(milliseconds: clock)
                append(response, to: request, exchange, hour, sent: sent, received: received)
                record(response, of: request, at: received, in: &plan)
            }
        }
        let paths = ArchivePaths(raw: archive.output)
        do {
            try writer.write(to: paths.rawFile(exchange, hour))
        } catch {
            throw SimulatorFailure("\(error)")
        }
    }

    private func simulated(_ request: Request, _ exchange: Exchange) -> SimulatedRequest {
        SimulatedRequest(
            exchange: exchange, method: request.method.rawValue, target: String(target(of: request.url)),
            body: request.body ?? "")
    }

    /// Path and query of a URL.
    private func target(of url: String) -> Substring {
        guard let host = url.firstRange(of: "://").map({ url[$0.upperBound...] }),
            let slash = host.firstIndex(of: "/")
        else { return "/" }
        return host[slash...]
    }

    private func append(
        _ response: SimulatedResponse, to request: Request, _ exchange: Exchange, _ hour: Hour,
        sent: Timestamp, received: Timestamp
    ) {
        var url = request.url
        if let base = archive.baseURL {
            let filled = base.replacing("{hour}", with: hour.description)
                .replacing("{exchange}", with: exchange.id)
            url = filled + target(of: request.url)
        }
        var headers = response.headers
        var wire = response.body.count
        if wire > WireBody.smallestGzip {
            wire = WireBody.gzipped(response.body).count
            headers.insert((name: "content-encoding", value: "gzip"), at: min(2, headers.count))
        }
        var line = RawLine(
            exchange: exchange, endpoint: request.endpoint, method: request.method.rawValue, url: url,
            requestBody: request.body, sentAt: sent, receivedAt: received, status: response.status,
            headers: headers, wireBytes: wire, body: response.body)
        line.isSimulated = true
        writer.append(line)
    }

    /// Gives a response to the plan, which takes symbols and pages from it; errors are ignored.
    private func record(
        _ response: SimulatedResponse, of request: Request, at received: Timestamp, in plan: inout Plan
    ) {
        guard response.status == 200 else { return }
        bytes.removeAll()
        bytes.append(contentsOf: response.body)
        guard let body = try? parser.parse(bytes) else { return }  // not JSON: the plan cannot use it
        guard plan.adapter.errorText(body) == nil else { return }
        plan.record(
            Response(
                endpoint: request.endpoint, url: request.url, requestBody: request.body, receivedAt: received,
                body: body))
    }
}
