import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import PerpCore

/// Why a WebSocket could not be opened, or ended. The description is a line for people.
public enum WebSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address is none of `ws://` or `wss://`.
    case badAddress(String)
    /// The server did not upgrade the connection; its HTTP status.
    case notUpgraded(status: Int)
    /// No connection in so many seconds.
    case timedOut(seconds: Int)
    /// The connection failed.
    case failed(String)

    /// The error in one line.
    public var description: String {
        switch self {
        case .badAddress(let url): "'\(url)' is no address of a WebSocket"
        case .notUpgraded(let status): "the server refused the connection with status \(status)"
        case .timedOut(let seconds): "no connection in \(seconds) seconds"
        case .failed(let reason): reason
        }
    }
}

/// Opens WebSockets, with the limits and the identity of the HTTP transport.
public struct WebSocketClient: Sendable {
    private let settings: TransportSettings

    /// A client without connections.
    public init(_ settings: TransportSettings = TransportSettings()) { self.settings = settings }

    /// The longest message in bytes; longer ones end the connection.
    private static let longestMessage = 4 << 20

    private typealias Channel = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
    private enum Upgrade {
        case done(Channel)
        case refused(NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>)
    }

    /// Opens a connection, and closes it when `body` returns or throws.
    ///
    /// - Parameter headers: of the request that opens it, beside the usual ones.
    /// - Throws: `WebSocketError` when it cannot be opened, and what `body` throws.
    public func withConnection<Result: Sendable>(
        to url: String, headers: [String: String] = [:], _ body: @Sendable (WebSocketConnection) async throws -> Result
    ) async throws -> Result {
        guard let address = WebSocketAddress(url) else { throw WebSocketError.badAddress(url) }
        let channel = try await open(address, headers)
        return try await channel.executeThenClose { inbound, outbound in
            try await body(WebSocketConnection(inbound: inbound, outbound: outbound))
        }
    }

    private func open(_ address: WebSocketAddress, _ headers: [String: String]) async throws -> Channel {
        let seconds = settings.connectTimeout.components.seconds
        do {
            let upgrade: EventLoopFuture<Upgrade> = try await ClientBootstrap(
                group: MultiThreadedEventLoopGroup.singleton
            )
            .connectTimeout(.seconds(seconds))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connect(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel, address, headers) }
            }
            switch try await withTimeout(seconds, { try await upgrade.get() }) {
            case .done(let channel): return channel
            case .refused(let channel): throw WebSocketError.notUpgraded(status: try await Self.status(of: channel))
            }
        } catch let error as WebSocketError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw WebSocketError.failed(HTTPTransport.words(of: "\(error)".firstLine))
        }
    }

    private func prepare(
        _ channel: any NIOCore.Channel, _ address: WebSocketAddress, _ headers: [String: String]
    ) throws -> EventLoopFuture<Upgrade> {
        if address.isSecure {
            let context = try NIOSSLContext(configuration: .makeClientConfiguration())
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: address.serverName))
        }
        let upgrader = NIOTypedWebSocketClientUpgrader<Upgrade>(maxFrameSize: Self.longestMessage) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 10_000,
                        maxAccumulatedFrameSize: Self.longestMessage))
                return .done(try Channel(wrappingChannelSynchronously: channel))
            }
        }
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: address.target)
        head.headers = ["Host": address.authority, "User-Agent": settings.userAgent]
        for (name, value) in headers { head.headers.replaceOrAdd(name: name, value: value) }
        let configuration = NIOTypedHTTPClientUpgradeConfiguration(
            upgradeRequestHead: head, upgraders: [upgrader],
            notUpgradingCompletionHandler: { channel in
                channel.eventLoop.makeCompletedFuture {
                    .refused(try NIOAsyncChannel(wrappingChannelSynchronously: channel))
                }
            })
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
            configuration: .init(upgradeConfiguration: configuration))
    }

    private static func status(
        of channel: NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>
    ) async throws -> Int {
        try await channel.executeThenClose { inbound, _ in
            for try await part in inbound {
                if case .head(let head) = part { return Int(head.status.code) }
            }
            return 0
        }
    }

    private func withTimeout<Result: Sendable>(
        _ seconds: Int64, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            // The group has two tasks, so there is a first result.
            guard let result = try await group.next()! else { throw WebSocketError.timedOut(seconds: Int(seconds)) }
            return result
        }
    }
}

/// An open WebSocket.
public struct WebSocketConnection: Sendable {
    let inbound: NIOAsyncChannelInboundStream<WebSocketFrame>
    let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

    /// Sends a text message.
    /// - Throws: an error of the connection.
    public func send(_ text: String) async throws {
        try await outbound.write(frame(.text, NIOCore.ByteBuffer(string: text)))
    }

    /// Sends a ping frame, which the server answers with a pong.
    /// - Throws: an error of the connection.
    public func ping() async throws { try await outbound.write(frame(.ping, NIOCore.ByteBuffer())) }

    /// Calls `handle` with each message, text or binary, until the connection ends. Pings are answered.
    ///
    /// - Returns: why the server closed the connection; `nil` when it ended without a word.
    /// - Throws: an error of the connection, and what `handle` throws.
    public func forEachMessage(_ handle: ([UInt8]) async throws -> Void) async throws -> String? {
        for try await received in inbound {
            switch received.opcode {
            case .text, .binary:
                try await handle(Array(received.unmaskedData.readableBytesView))
            case .ping: try await outbound.write(frame(.pong, received.unmaskedData))
            case .connectionClose: return Self.reason(of: received.unmaskedData)
            default: break
            }
        }
        return nil
    }

    /// Clients mask what they send.
    private func frame(_ opcode: WebSocketOpcode, _ data: NIOCore.ByteBuffer) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
    }

    private static func reason(of data: NIOCore.ByteBuffer) -> String {
        var data = data
        let code = data.readInteger(as: UInt16.self)
        let text = String(buffer: data).firstLine
        let number = code.map { "closed by the exchange with code \($0)" } ?? "closed by the exchange"
        return text.isEmpty ? number : "\(number): \(text.prefix(100))"
    }
}

/// The parts of `wss://host:port/path?query`.
struct WebSocketAddress {
    var host: String
    var port: Int
    var target: String
    var isSecure: Bool

    init?(_ url: String) {
        guard let scheme = ["wss://", "ws://"].first(where: url.hasPrefix) else { return nil }
        isSecure = scheme == "wss://"
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard HostAndPort.isUsable(authority), let name = Transport.host(of: url) else { return nil }
        host = name
        let behind = authority.drop { $0 == "[" }.split(separator: authority.hasPrefix("[") ? "]" : ":", maxSplits: 1)
        port = behind.count == 2 ? Int(behind[1].drop { $0 == ":" }) ?? (isSecure ? 443 : 80) : isSecure ? 443 : 80
        let path = rest.dropFirst(authority.count)
        target = path.isEmpty ? "/" : path.hasPrefix("/") ? String(path) : "/" + path
    }

    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// What the certificate must be for; `nil` for an IP address, which has no name.
    var serverName: String? {
        host.contains(":") || host.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (48...57).contains($0) }) ? nil : host
    }
}
