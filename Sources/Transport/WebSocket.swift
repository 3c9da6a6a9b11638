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
    /// The proxy made no way to the server; `status` is that of HTTP, and `nil` when the proxy closed the connection.
    case refusedByProxy(host: String, status: Int?)
    /// The server sent a message that is longer than `limit` bytes.
    case tooLong(limit: Int)
    /// The connection failed.
    case failed(String)

    /// The error in one line.
    public var description: String {
        switch self {
        case .badAddress(let url): "'\(url)' is no address of a WebSocket"
        case .notUpgraded(let status): "the server refused the connection with status \(status)"
        case .timedOut(let seconds): "no connection in \(seconds) seconds"
        case .refusedByProxy(let host, 407): "the proxy \(host) wants other credentials: status 407"
        case .refusedByProxy(let host, let status?): "the proxy \(host) refused the connection with status \(status)"
        case .refusedByProxy(let host, nil): "the proxy \(host) closed the connection"
        case .tooLong(let limit): "a message is longer than \(limit) bytes"
        case .failed(let reason): reason
        }
    }
}

extension WebSocketError {
    /// An error of opening a connection, in plain words.
    fileprivate init(_ error: any Error, within timeout: Duration) {
        switch error {
        case let error as WebSocketError: self = error
        case ChannelError.connectTimeout: self = .timedOut(seconds: Int(timeout.components.seconds))
        default: self = .failed(HTTPTransport.words(of: "\(error)".firstLine))
        }
    }

    /// The error with the host of the proxy at which it came up, if there is one.
    fileprivate func ofProxy(_ proxy: ProxyServer?) -> WebSocketError {
        proxy.map { .failed("the proxy \($0.host): \(self)") } ?? self
    }
}

/// Opens WebSockets, with the limits, the proxies and the identity of the HTTP transport.
public struct WebSocketClient: Sendable {
    private let settings: TransportSettings

    /// A client without connections.
    public init(_ settings: TransportSettings = TransportSettings()) { self.settings = settings }

    /// The longest message in bytes; longer ones end the connection.
    public static let longestMessage = 4 << 20

    private enum Upgrade<Message: Sendable> {
        case done(NIOAsyncChannel<Received<Message>, WebSocketFrame>)
        case refused(NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>)
    }
    /// A connection on its way to a WebSocket.
    private struct Opening<Message: Sendable>: Sendable {
        let channel: any NIOCore.Channel
        let upgrade: EventLoopFuture<Upgrade<Message>>
    }

    /// Opens a connection, and closes it when `body` returns or throws.
    ///
    /// - Parameters:
    ///   - headers: of the request that opens it, beside the usual ones.
    ///   - reader: reads each message where it comes in.
    /// - Throws: `WebSocketError` when it cannot be opened, and what `body` throws.
    public func withConnection<Message: Sendable, Result: Sendable>(
        to url: String, headers: [String: String] = [:], reader: WebSocketReader<Message>,
        _ body: @Sendable (WebSocketConnection<Message>) async throws -> Result
    ) async throws -> Result {
        guard let address = WebSocketAddress(url) else { throw WebSocketError.badAddress(url) }
        let channel = try await open(address, headers, settings.proxy.server(for: url), reader)
        return try await channel.executeThenClose { inbound, outbound in
            try await body(WebSocketConnection(inbound: inbound, outbound: outbound))
        }
    }

    private func open<Message>(
        _ address: WebSocketAddress, _ headers: [String: String], _ proxy: ProxyServer?,
        _ reader: WebSocketReader<Message>
    ) async throws -> NIOAsyncChannel<Received<Message>, WebSocketFrame> {
        let opening = try await connect(address, headers, proxy, reader)
        do {
            let upgrade = try await withTaskCancellationHandler {
                try await opening.upgrade.get()
            } onCancel: {
                opening.channel.close(promise: nil)
            }
            switch upgrade {
            case .done(let channel): return channel
            case .refused(let channel): throw WebSocketError.notUpgraded(status: try await Self.status(of: channel))
            }
        } catch {
            try Task.checkCancellation()
            throw WebSocketError(error, within: settings.connectTimeout)
        }
    }

    /// Connects to the proxy or, without one, to the server.
    private func connect<Message>(
        _ address: WebSocketAddress, _ headers: [String: String], _ proxy: ProxyServer?,
        _ reader: WebSocketReader<Message>
    ) async throws -> Opening<Message> {
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(settings.connectTimeout.amount)
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .connect(host: proxy?.host ?? address.host, port: proxy?.port ?? address.port) { channel in
                    channel.eventLoop.makeCompletedFuture { try begin(channel, address, headers, proxy, reader) }
                }
        } catch {
            try Task.checkCancellation()
            throw WebSocketError(error, within: settings.connectTimeout).ofProxy(proxy)
        }
    }

    /// Prepares a connection for everything from the request to the proxy to the upgrade, which all must be over in time.
    private func begin<Message>(
        _ channel: any NIOCore.Channel, _ address: WebSocketAddress, _ headers: [String: String], _ proxy: ProxyServer?,
        _ reader: WebSocketReader<Message>
    ) throws -> Opening<Message> {
        let opened = channel.eventLoop.makePromise(of: Upgrade<Message>.self)
        let tunnelMade = channel.eventLoop.makePromise(of: Void.self)
        let late = WebSocketError.timedOut(seconds: Int(settings.connectTimeout.components.seconds))
        let deadline = channel.eventLoop.scheduleTask(in: settings.connectTimeout.amount) {
            tunnelMade.fail(late.ofProxy(proxy))
            opened.fail(late)
        }
        opened.futureResult.whenComplete { result in
            deadline.cancel()
            if case .failure = result { channel.close(promise: nil) }
        }
        if let proxy {
            try tunnel(channel, to: address, through: proxy, tunnelMade).flatMap {
                channel.eventLoop.makeCompletedFuture { try prepare(channel, address, headers, reader) }.flatMap { $0 }
            }.cascade(to: opened)
        } else {
            tunnelMade.succeed()
            try prepare(channel, address, headers, reader).cascade(to: opened)
        }
        return Opening(channel: channel, upgrade: opened.futureResult)
    }

    /// Asks the proxy for a tunnel; when it is there, the connection is as if it were one to the server.
    private func tunnel(
        _ channel: any NIOCore.Channel, to address: WebSocketAddress, through proxy: ProxyServer,
        _ made: EventLoopPromise<Void>
    ) throws -> EventLoopFuture<Void> {
        let (encoder, decoder) = (HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()))
        let request = TunnelRequest(to: address, through: proxy, userAgent: settings.userAgent, made: made)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers([encoder, decoder, request])
        let handlers = NIOLoopBound((encoder, decoder, request), eventLoop: channel.eventLoop)
        return made.futureResult.flatMap {
            let (encoder, decoder, request) = handlers.value
            let pipeline = channel.pipeline.syncOperations
            return .andAllSucceed(
                [
                    pipeline.removeHandler(request), pipeline.removeHandler(decoder), pipeline.removeHandler(encoder),
                ], on: channel.eventLoop)
        }
    }

    private func prepare<Message>(
        _ channel: any NIOCore.Channel, _ address: WebSocketAddress, _ headers: [String: String],
        _ reader: WebSocketReader<Message>
    ) throws -> EventLoopFuture<Upgrade<Message>> {
        if address.isSecure {
            let context = try NIOSSLContext(configuration: settings.tls)
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: address.serverName))
        }
        // The usual handling of errors closes the connection before it says why.
        let upgrader = NIOTypedWebSocketClientUpgrader<Upgrade<Message>>(
            maxFrameSize: Self.longestMessage, enableAutomaticErrorHandling: false
        ) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 10_000,
                        maxAccumulatedFrameSize: Self.longestMessage))
                try channel.pipeline.syncOperations.addHandler(MessageIntake(reader))
                try channel.pipeline.syncOperations.addHandler(
                    ReadPacer(gathering: reader.gathering.amount, on: channel.eventLoop), position: .first)
                return .done(try NIOAsyncChannel(wrappingChannelSynchronously: channel))
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
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: configuration)
        // The first messages may come with the response.
        pipeline.leftOverBytesStrategy = .forwardBytes
        return try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: pipeline)
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
}

/// Asks a proxy for a connection to a server with the method `CONNECT`.
private final class TunnelRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// Succeeds when the proxy has made the connection.
    private let made: EventLoopPromise<Void>
    private let proxy: ProxyServer
    private let head: HTTPRequestHead

    init(to address: WebSocketAddress, through proxy: ProxyServer, userAgent: String, made: EventLoopPromise<Void>) {
        self.proxy = proxy
        self.made = made
        var head = HTTPRequestHead(version: .http1_1, method: .CONNECT, uri: address.hostAndPort)
        head.headers = ["Host": address.hostAndPort, "User-Agent": userAgent]
        if let credentials = proxy.credentials {
            head.headers.add(name: "Proxy-Authorization", value: "Basic \(base64(credentials))")
        }
        self.head = head
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where !(200..<300).contains(head.status.code):
            made.fail(WebSocketError.refusedByProxy(host: proxy.host, status: Int(head.status.code)))
        case .head, .body: break
        case .end: made.succeed()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { made.fail(error) }

    func channelInactive(context: ChannelHandlerContext) { failClosed() }

    func handlerRemoved(context: ChannelHandlerContext) { failClosed() }

    private func failClosed() { made.fail(WebSocketError.refusedByProxy(host: proxy.host, status: nil)) }
}

/// Reads the messages of a connection on the network's own thread, which those that are read as nothing never leave.
public struct WebSocketReader<Message: Sendable>: Sendable {
    let read: @Sendable (WebSocketMessage) -> Message?
    let gathering: Duration

    /// Takes how messages are read.
    ///
    /// - Parameters:
    ///   - gathering: how long what the network received may wait for more, since waking a thread for each message costs
    ///     more than reading it.
    ///   - read: reads one; `nil` when nobody is to hear of it. It must not wait, and is never called twice at a time.
    public init(gathering: Duration = .zero, read: @escaping @Sendable (WebSocketMessage) -> Message?) {
        self.gathering = gathering
        self.read = read
    }
}

/// What comes in on a connection: messages, and frames of the protocol's own.
enum Received<Message: Sendable>: Sendable {
    case message(Message)
    case frame(WebSocketFrame)
}

/// Reads messages, and hands on those that say something.
private final class MessageIntake<Message: Sendable>: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = Received<Message>

    private let reader: WebSocketReader<Message>

    init(_ reader: WebSocketReader<Message>) { self.reader = reader }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        guard let message = WebSocketMessage(frame) else {
            return context.fireChannelRead(wrapInboundOut(.frame(frame)))
        }
        guard let read = reader.read(message) else { return }
        context.fireChannelRead(wrapInboundOut(.message(read)))
    }
}

/// Lets a connection with few bytes gather more of them before they are read.
private final class ReadPacer: ChannelDuplexHandler {
    typealias InboundIn = NIOCore.ByteBuffer
    typealias InboundOut = NIOCore.ByteBuffer
    typealias OutboundIn = NIOCore.ByteBuffer
    typealias OutboundOut = NIOCore.ByteBuffer

    /// So many bytes at a time are read without a wait: the network may hold more of them.
    private static let many = 8 << 10

    private let gathering: TimeAmount
    private let eventLoop: any EventLoop
    private var bytes = 0
    private var nextRead: Scheduled<Void>?

    init(gathering: TimeAmount, on eventLoop: any EventLoop) {
        self.gathering = gathering
        self.eventLoop = eventLoop
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytes
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        guard nextRead == nil else { return }
        defer { bytes = 0 }
        guard gathering > .zero, bytes < Self.many else { return context.read() }
        nextRead = eventLoop.assumeIsolated().scheduleTask(in: gathering) {
            self.nextRead = nil
            context.read()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { nextRead?.cancel() }
}

extension WebSocketMessage {
    /// The message in a frame; `nil` when it is one of the protocol's own.
    fileprivate init?(_ frame: WebSocketFrame) {
        guard frame.opcode == .text || frame.opcode == .binary else { return nil }
        self.init(bytes: Array(frame.unmaskedData.readableBytesView), isBinary: frame.opcode == .binary)
    }
}

/// A message of a WebSocket.
public struct WebSocketMessage: Hashable, Sendable {
    /// Its bytes, of all frames when it came in several.
    public let bytes: [UInt8]
    /// Whether it came as binary, not as text.
    public let isBinary: Bool
}

/// An open WebSocket, whose messages are read as `Message`.
public struct WebSocketConnection<Message: Sendable>: Sendable {
    let inbound: NIOAsyncChannelInboundStream<Received<Message>>
    let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

    /// Sends a text message.
    /// - Throws: an error of the connection.
    public func send(_ text: String) async throws {
        try await outbound.write(frame(.text, NIOCore.ByteBuffer(string: text)))
    }

    /// Sends a ping frame, which the server answers with a pong.
    /// - Throws: an error of the connection.
    public func ping() async throws { try await outbound.write(frame(.ping, NIOCore.ByteBuffer())) }

    /// Calls `handle` with what each message was read as, until the connection ends. Pings are answered.
    ///
    /// - Returns: why the server closed the connection; `nil` when it ended without a word.
    /// - Throws: `WebSocketError` when the connection fails, and what `handle` throws.
    public func forEachMessage(_ handle: (Message) async throws -> Void) async throws -> String? {
        var incoming = inbound.makeAsyncIterator()
        while let received = try await next(&incoming) {
            switch received {
            case .message(let message): try await handle(message)
            case .frame(let ping) where ping.opcode == .ping: try await outbound.write(frame(.pong, ping.unmaskedData))
            case .frame(let close) where close.opcode == .connectionClose:
                // The answer is a courtesy: the connection ends with or without it.
                try? await outbound.write(frame(.connectionClose, close.unmaskedData))
                return close.unmaskedData.closingReason
            case .frame: break
            }
        }
        return nil
    }

    private func next(
        _ incoming: inout NIOAsyncChannelInboundStream<Received<Message>>.AsyncIterator
    ) async throws -> Received<Message>? {
        do {
            return try await incoming.next()
        } catch NIOWebSocketError.invalidFrameLength,
            NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge
        {
            throw WebSocketError.tooLong(limit: WebSocketClient.longestMessage)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw WebSocketError.failed("the connection failed: \(error)".firstLine)
        }
    }

    /// Clients mask what they send.
    private func frame(_ opcode: WebSocketOpcode, _ data: NIOCore.ByteBuffer) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
    }
}

extension NIOCore.ByteBuffer {
    /// Why a server closes a connection, from the payload of its closing frame.
    fileprivate var closingReason: String {
        var data = self
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

    /// The value of the header `Host`: without the usual port.
    var authority: String { port == (isSecure ? 443 : 80) ? bracketedHost : hostAndPort }

    /// What a proxy is asked for.
    var hostAndPort: String { "\(bracketedHost):\(port)" }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// What the certificate must be for; `nil` for an IP address, which has no name.
    var serverName: String? {
        host.contains(":") || host.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (48...57).contains($0) }) ? nil : host
    }
}
