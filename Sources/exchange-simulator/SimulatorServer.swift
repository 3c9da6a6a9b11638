import Gzip
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import PerpCore
import ServiceLifecycle
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

    /// The longest body of a request in bytes, more than any exchange needs.
    private static let largestRequest = 1 << 16

    func run() async throws {
        let counter = SharedFaultCounter(plan)
        var logger = Logger(label: "exchange-simulator") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical  // cut connections are intended
        let readyFile = readyFile
        // Without the framework's application, which would add its own date to responses.
        let server = try HTTPServerBuilder.http1().buildServer(
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger
        ) { request, writer, _ in
            let response = try await respond(to: request, counter: counter)
            try await writer.write(response: response.head, body: response.body)
        } onServerRunning: { channel in
            guard let port = channel.localAddress?.port else { return }
            await announce("http://127.0.0.1:\(port)", readyFile: readyFile)
        }
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            throw SimulatorFailure("port \(port): \(error)")
        } catch is CancellationError {
            // A stopped server cuts slow and endless responses.
        }
    }

    // MARK: - Responses

    private func respond(to request: Request, counter: SharedFaultCounter) async throws -> Response {
        // `/2025-10-23T15/okx/api/v5/market/tickers?instType=SWAP`
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        guard parts.count == 3, let hour = Hour(parts[0]) else {
            return plain(.notFound, "expected /{hour}/{exchange}/..., such as /2025-10-23T15/okx/api/v5/...\n")
        }
        let name = String(parts[1])
        let body = try await request.body.collect(upTo: Self.largestRequest)
        let asked = SimulatedRequest(
            exchange: Exchange(rawValue: name) ?? .binance, method: request.method.rawValue,
            target: "/" + parts[2], body: String(buffer: body))
        var response: SimulatedResponse
        switch source {
        case .recordings(let replay): response = try replay.respond(exchange: name, request: asked)
        case .market(let market):
            guard Exchange(rawValue: name) != nil else { return plain(.notFound, "'\(name)' is no exchange\n") }
            response = market.respond(to: asked, at: hour)
        }
        let fault = counter.fault(for: asked, target: "/" + parts[2], at: hour)
        if let fault {
            let now = hour.startMilliseconds + 60_000
            response =
                FaultBodies.changed(response, by: fault, request: asked, milliseconds: now) ?? response
        }
        let acceptsGzip = request.headers[.acceptEncoding]?.contains("gzip") == true
        return try await encoded(response, fault: fault, acceptsGzip: acceptsGzip)
    }

    private func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain"],
            body: ResponseBody(byteBuffer: NIOCore.ByteBuffer(string: text)))
    }

    private func encoded(
        _ response: SimulatedResponse, fault: Fault?, acceptsGzip: Bool
    ) async throws -> Response {
        var headers = HTTPFields()
        for (name, value) in response.headers {
            guard let name = HTTPField.Name(name) else { continue }
            headers[name] = value
        }
        if let name = HTTPField.Name(Origin.simulatedHeader) { headers[name] = "1" }
        var body = response.body
        // A truncated gzip is sent as gzip even when the client does not accept it.
        if acceptsGzip && body.count > Wire.smallestGzip || fault == .truncatedGzip {
            body = Wire.gzipped(body)
            headers[.contentEncoding] = "gzip"
        }
        let status = HTTPResponse.Status(code: response.status)
        let content: ResponseBody
        switch fault {
        case .delay(let seconds):
            try await Task.sleep(for: .seconds(seconds))
            content = Wire.whole(body)
        case .slow(let pace): content = Wire.slow(body, bytesPerSecond: pace)
        case .cut(let count): content = Wire.cut(body, after: count ?? body.count / 2)
        case .truncatedGzip: content = Wire.whole(Array(body.prefix(body.count * 2 / 3)))
        case .endless:
            headers[.contentEncoding] = nil
            content = Wire.endless()
        case .bomb(let megabytes):
            headers[.contentEncoding] = "gzip"
            content = Wire.bomb(megabytes: megabytes)
        default: content = Wire.whole(body)
        }
        return Response(status: status, headers: headers, body: content)
    }
}

/// Prints the URL, and writes it to a file, when the server is ready.
private func announce(_ url: String, readyFile: String?) async {
    print(url)
    flushStandardOutput()
    guard let readyFile else { return }
    do {
        try SimulatorFiles.write(url + "\n", to: readyFile)
    } catch {
        complain("\(error)")
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
