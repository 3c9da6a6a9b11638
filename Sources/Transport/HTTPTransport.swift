import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import PerpCore

/// Sends calls over HTTP. One for a whole run: it owns the connections.
public final class HTTPTransport: Sendable {

    private let settings: TransportSettings
    private let direct: HTTPClient
    /// By the proxy's address.
    private let proxied: [ProxyServer: HTTPClient]
    private let decoder: BodyDecoder

    public init(_ settings: TransportSettings = TransportSettings()) {
        self.settings = settings
        decoder = BodyDecoder(limit: settings.mostBodyBytes)
        direct = Self.client(settings, proxy: nil)
        var proxied: [ProxyServer: HTTPClient] = [:]
        for server in Set([settings.proxy.https, settings.proxy.http].compactMap(\.self)) {
            proxied[server] = Self.client(settings, proxy: server)
        }
        self.proxied = proxied
    }

    private static func client(_ settings: TransportSettings, proxy: ProxyServer?) -> HTTPClient {
        // Certificates are verified by default; content stays as received, for the record.
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, decompression: .disabled)
        configuration.timeout.connect = settings.connectTimeout.amount
        configuration.timeout.read = settings.readTimeout.amount
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.connectionsPerHost
        // Tries are counted, paced and recorded by us.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .automatic
        if let proxy {
            configuration.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.credentials.map { .basic(credentials: base64($0)) })
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes the connections. The transport must not be used afterwards.
    public func shutdown() async {
        // A connection that does not close in time is closed by the end of the process.
        for client in [direct] + proxied.values { try? await client.shutdown() }
    }

    /// Sends a call once. What goes wrong is told by the reply; throws only when the task is cancelled.
    public func send(_ call: Call) async throws -> Reply {
        let received: ReceivedResponse
        do {
            received = try await withTotalTimeout { [self] in try await receive(call) }
        } catch let error as BodyTooLarge {
            return Reply(
                status: error.status, error: "the body is longer than \(settings.mostWireBytes) bytes",
                headers: error.headers, wireBytes: error.received, body: [])
        } catch {
            try Task.checkCancellation()
            return Reply(error: message(of: error))
        }
        return await decoder.reply(received)
    }

    private func receive(_ call: Call) async throws -> ReceivedResponse {
        var request = HTTPClientRequest(url: call.url)
        request.method = HTTPMethod(rawValue: call.method)
        request.headers = ["User-Agent": settings.userAgent, "Accept": "application/json", "Accept-Encoding": "gzip"]
        for (name, value) in call.headers { request.headers.add(name: name, value: value) }
        if let body = call.body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let client = settings.proxy.server(for: call.url).flatMap { proxied[$0] } ?? direct
        let response = try await client.execute(request, timeout: settings.totalTimeout.amount)
        let status = Int(response.status.code)
        let headers = Headers(response.headers.map { ($0.name, $0.value) })
        var bytes: [UInt8] = []
        for try await part in response.body {
            guard bytes.count + part.readableBytes <= settings.mostWireBytes else {
                throw BodyTooLarge(status: status, headers: headers, received: bytes.count + part.readableBytes)
            }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return ReceivedResponse(status: status, headers: headers, bytes: bytes)
    }

    private func withTotalTimeout(_ work: @escaping @Sendable () async throws -> ReceivedResponse) async throws
        -> ReceivedResponse
    {
        try await withThrowingTaskGroup(of: ReceivedResponse?.self) { group in
            group.addTask { try await work() }
            group.addTask { [settings] in
                try await Task.sleep(for: settings.totalTimeout)
                return nil
            }
            defer { group.cancelAll() }
            // The group has two tasks, so that there is a first result.
            guard let received = try await group.next()! else { throw HTTPClientError.deadlineExceeded }
            return received
        }
    }

    private func message(of error: any Error) -> String {
        let cut = "the connection was closed before the response was whole"
        if let error = error as? HTTPParserError {
            return error == .invalidEOFState ? cut : "the response is not HTTP: \(error)".firstLine
        }
        return switch error as? HTTPClientError {
        case .deadlineExceeded: "no whole response in \(settings.totalTimeout.seconds) seconds"
        case .readTimeout: "nothing received for \(settings.readTimeout.seconds) seconds"
        case .connectTimeout, .getConnectionFromPoolTimeout:
            "no connection in \(settings.connectTimeout.seconds) seconds"
        case .remoteConnectionClosed: cut
        case let other?: other.shortDescription
        case nil: Self.words(of: "\(error)".firstLine)
        }
    }

    /// What the network library says in words of its own, where a reader could not know what to do about it.
    static func words(of text: String) -> String {
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "the server's certificate is not trusted" }
        if text.hasPrefix("handshakeFailed") { return "no TLS connection could be made" }
        if text.hasPrefix("Connection errors") {
            return text.lowercased().contains("refused") ? "the connection was refused" : "no connection could be made"
        }
        if text.hasPrefix("DNS error") { return "the server's name does not resolve" }
        return text
    }
}

public struct TransportSettings: Hashable, Sendable {
    public var connectTimeout: Duration = .seconds(10)
    /// Without a byte for this long, the call has failed.
    public var readTimeout: Duration = .seconds(15)
    /// From the first byte sent to the last one received.
    public var totalTimeout: Duration = .seconds(20)
    public var connectionsPerHost = 4
    /// The most that is received of a body, and the most that it may become when decoded.
    public var mostWireBytes = 64 << 20
    public var mostBodyBytes = 256 << 20
    public var userAgent = "perps-warehouse/\(packageVersion) (+https://github.com/perps-warehouse/perps-warehouse)"
    public var proxy = ProxySettings.direct

    public init() {}
}

/// A whole response, before content decoding.
struct ReceivedResponse: Sendable {
    let status: Int
    let headers: Headers
    let bytes: [UInt8]
}

private struct BodyTooLarge: Error {
    let status: Int
    let headers: Headers
    let received: Int
}

extension Duration {
    fileprivate var amount: TimeAmount {
        .nanoseconds(components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000)
    }
    /// For messages: `20`, `0.5`.
    fileprivate var seconds: String {
        let milliseconds = milliseconds
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)" : "\(Double(milliseconds) / 1000)"
    }
}
