import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import PerpCore

/// Sends calls over HTTP. A run has one, which owns its connections.
public final class HTTPTransport: Sendable {

    private let settings: TransportSettings
    private let direct: HTTPClient
    /// Clients by proxy.
    private let proxied: [ProxyServer: HTTPClient]
    private let decoder: BodyDecoder

    /// A transport with its own connections; call `shutdown` in the end.
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
        // Bodies stay as received, since raw files record their size.
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: settings.tls, redirectConfiguration: .disallow, decompression: .disabled)
        configuration.timeout.connect = settings.connectTimeout.amount
        configuration.timeout.read = settings.readTimeout.amount
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.connectionsPerHost
        // `ExchangeClient` counts, paces and records tries.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .automatic
        if let proxy {
            configuration.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.credentials.map { .basic(credentials: base64($0)) })
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Closes the connections. The transport cannot be used afterwards.
    public func shutdown() async {
        // A connection that does not close in time ends with the process.
        for client in [direct] + proxied.values { try? await client.shutdown() }
    }

    /// Sends a call once. Failures are in the reply.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
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
            // The group has two tasks, so there is a first result.
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

    /// Plain words for errors of the network library that a user could not act on.
    static func words(of text: String) -> String {
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "the server's certificate is not trusted" }
        if text.contains("failedToValidateHostname") { return "the server's certificate is for another name" }
        if text.hasPrefix("handshakeFailed") { return "no TLS connection could be made" }
        if text.hasPrefix("Connection errors") {
            return text.lowercased().contains("refused") ? "the connection was refused" : "no connection could be made"
        }
        if text.hasPrefix("DNS error") { return "the server's name does not resolve" }
        return text
    }
}

/// Limits and identity of an HTTP transport.
public struct TransportSettings: Hashable, Sendable {
    /// The longest wait for a connection.
    public var connectTimeout: Duration = .seconds(10)
    /// The longest time without receiving a byte.
    public var readTimeout: Duration = .seconds(15)
    /// The longest time from the first byte sent to the last one received.
    public var totalTimeout: Duration = .seconds(20)
    /// Connections that are open to one host at the same time.
    public var connectionsPerHost = 4
    /// The most bytes to receive of a body, before decoding.
    public var mostWireBytes = 64 << 20
    /// The most bytes of a decoded body.
    public var mostBodyBytes = 256 << 20
    /// The header `User-Agent`.
    public var userAgent = "perps-warehouse/\(packageVersion) (+https://github.com/perps-warehouse/perps-warehouse)"
    /// The proxies to use; none by default.
    public var proxy = ProxySettings.direct
    /// Certificates in PEM to trust beside those of the system: for tests, whose servers have one of their own.
    var trustedRoots: [String] = []

    /// The defaults, without a proxy.
    public init() {}

    /// How servers are verified: by certificate and name.
    var tls: TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        // Text that is no certificate is a mistake of a test, which then finds the server untrusted.
        let roots = trustedRoots.compactMap { try? NIOSSLCertificate(bytes: Array($0.utf8), format: .pem) }
        if !roots.isEmpty { tls.additionalTrustRoots = [.certificates(roots)] }
        return tls
    }
}

/// A complete response before content decoding.
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
    /// The same for SwiftNIO.
    var amount: TimeAmount {
        .nanoseconds(components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000)
    }
    /// For messages: `20`, `0.5`.
    fileprivate var seconds: String {
        let milliseconds = milliseconds
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)" : "\(Double(milliseconds) / 1000)"
    }
}
