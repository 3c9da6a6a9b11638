import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import PerpCore
import SimulatedMarket
import Synchronization

/// The source of responses.
enum ResponseSource: Sendable {
    case market(Market)
    case recordings(RecordingReplay)
}

/// The HTTP server: takes hour and exchange from the path, gets the response from the source, and applies the faults of the
/// plan.
struct SimulatorServer: Sendable {
    let source: ResponseSource
    let plan: FaultPlan
    let port: Int
    let readyFile: String?
    /// Serves streams; `nil` for recordings, which have none.
    var streams: StreamServer?

    /// The longest body of a request in bytes, more than any exchange needs.
    private static let largestRequest = 1 << 16

    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    /// What a connection becomes by its first request.
    private enum Accepted: Sendable {
        case http(Connection)
        case stream(StreamServer.Connection, target: String)
    }

    /// Serves until the process is ended: a signal cuts slow and endless responses.
    func run() async throws {
        let server: NIOAsyncChannel<EventLoopFuture<Accepted>, Never>
        do {
            server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.backlog, value: 256)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture { try accept(channel) }
                }
        } catch let error as IOError {
            throw SimulatorFailure("port \(port): \(error)")
        }
        endOnSignals()
        if let port = server.channel.localAddress?.port { announce("http://127.0.0.1:\(port)") }
        let counter = SharedFaultCounter(plan)
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { connections in
                for try await connection in connections {
                    // A client that goes away, and a response that is cut, end their own connection only.
                    group.addTask {
                        switch try? await connection.get() {
                        case .http(let connection)?: try? await serve(connection, counter)
                        case .stream(let connection, let target)?: try? await streams?.serve(connection, target)
                        case nil: break
                        }
                    }
                }
            }
        }
    }

    private func accept(_ channel: any NIOCore.Channel) throws -> EventLoopFuture<Accepted> {
        let upgrader = NIOTypedWebSocketServerUpgrader<Accepted>(
            shouldUpgrade: { channel, head in
                channel.eventLoop.makeSucceededFuture(streams?.refuses(head.uri) == false ? [:] : nil)
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    .stream(try StreamServer.Connection(wrappingChannelSynchronously: channel), target: head.uri)
                }
            })
        return try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
            configuration: .init(
                upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
                    upgraders: [upgrader],
                    notUpgradingCompletionHandler: { channel in
                        channel.eventLoop.makeCompletedFuture {
                            .http(try Connection(wrappingChannelSynchronously: channel))
                        }
                    })))
    }

    /// Answers the requests of a connection one after the other.
    private func serve(_ connection: Connection, _ counter: SharedFaultCounter) async throws {
        try await connection.executeThenClose { parts, writer in
            var head: HTTPRequestHead?
            var body = NIOCore.ByteBuffer()
            for try await part in parts {
                switch part {
                case .head(let received):
                    head = received
                    body.clear()
                case .body(let bytes):
                    guard body.readableBytes + bytes.readableBytes <= Self.largestRequest else { return }
                    body.writeImmutableBuffer(bytes)
                case .end:
                    guard let request = head else { return }
                    let response = try await respond(to: request, body: String(buffer: body), counter: counter)
                    try await response.write(to: writer, isLast: !request.isKeepAlive)
                    if !request.isKeepAlive { return }
                }
            }
        }
    }

    // MARK: - Responses

    private func respond(
        to request: HTTPRequestHead, body: String, counter: SharedFaultCounter
    ) async throws -> WireResponse {
        // `/2025-10-23T15/okx/api/v5/market/tickers?instType=SWAP`
        let parts = request.uri.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        guard parts.count == 3, let hour = Hour(parts[0]) else {
            return .plain(.notFound, "expected /{hour}/{exchange}/..., such as /2025-10-23T15/okx/api/v5/...\n")
        }
        let name = String(parts[1])
        let asked = SimulatedRequest(
            exchange: Exchange(rawValue: name) ?? .binance, method: request.method.rawValue,
            target: "/" + parts[2], body: body)
        var response: SimulatedResponse
        switch source {
        case .recordings(let replay): response = try replay.respond(exchange: name, request: asked)
        case .market(let market):
            guard Exchange(rawValue: name) != nil else { return .plain(.notFound, "'\(name)' is no exchange\n") }
            response = market.respond(to: asked, at: hour)
        }
        let fault = counter.fault(for: asked, target: "/" + parts[2], at: hour)
        if let fault {
            let now = hour.startMilliseconds + 60_000
            response = FaultBodies.changed(response, by: fault, request: asked, milliseconds: now) ?? response
        }
        let acceptsGzip = request.headers[canonicalForm: "accept-encoding"].contains { $0.hasPrefix("gzip") }
        return try await encoded(response, fault: fault, acceptsGzip: acceptsGzip)
    }

    private func encoded(
        _ response: SimulatedResponse, fault: Fault?, acceptsGzip: Bool
    ) async throws -> WireResponse {
        var headers = HTTPHeaders(response.headers.map { ($0.name, $0.value) })
        headers.replaceOrAdd(name: Origin.simulatedHeader, value: "1")
        var body = response.body
        // A truncated gzip is sent as gzip even when the client does not accept it.
        if acceptsGzip && body.count > WireBody.smallestGzip || fault == .truncatedGzip {
            body = WireBody.gzipped(body)
            headers.replaceOrAdd(name: "content-encoding", value: "gzip")
        }
        let content: WireBody
        switch fault {
        case .delay(let seconds):
            try await Task.sleep(for: .seconds(seconds))
            content = .whole(body)
        case .slow(let pace): content = .slow(body, bytesPerSecond: pace)
        case .cut(let count): content = .cut(body, after: count ?? body.count / 2)
        case .truncatedGzip: content = .whole(Array(body.prefix(body.count * 2 / 3)))
        case .endless:
            headers.remove(name: "content-encoding")
            content = .endless
        case .bomb(let megabytes):
            headers.replaceOrAdd(name: "content-encoding", value: "gzip")
            content = .bomb(megabytes: megabytes)
        default: content = .whole(body)
        }
        return WireResponse(status: HTTPResponseStatus(statusCode: response.status), headers: headers, body: content)
    }

    /// Prints the URL, and writes it to a file, when the server is ready.
    private func announce(_ url: String) {
        print(url)
        flushStandardOutput()
        guard let readyFile else { return }
        do {
            try SimulatorFiles.write(url + "\n", to: readyFile)
        } catch {
            complain("\(error)")
        }
    }
}

/// The counter of a fault plan, shared by all connections.
final class SharedFaultCounter: Sendable {
    private let state: Mutex<FaultCounter>

    init(_ plan: FaultPlan) { state = Mutex(FaultCounter(plan)) }

    func fault(for request: SimulatedRequest, target: String, at hour: Hour) -> Fault? {
        state.withLock { $0.fault(for: request, target: target, at: hour) }
    }
}
