import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// A WebSocket server on loopback that does with each connection what the test says.
final class WebSocketServer: Sendable {
    private typealias Channel = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
    let port: Int
    private let channel: any NIOCore.Channel
    private let accepted: Task<Void, Never>

    /// - Parameter behave: is called with each connection and its number, from 1; when it returns, the connection is closed.
    init(tls: NIOSSLContext? = nil, _ behave: @escaping @Sendable (ServerSocket, Int) async throws -> Void) async throws {
        let server: NIOAsyncChannel<EventLoopFuture<Channel?>, Never> = try await ServerBootstrap(
            group: MultiThreadedEventLoopGroup.singleton
        )
        .bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                let upgrader = NIOTypedWebSocketServerUpgrader<Channel?>(
                    shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
                    upgradePipelineHandler: { channel, _ in
                        channel.eventLoop.makeCompletedFuture { try Channel(wrappingChannelSynchronously: channel) }
                    })
                return try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                    configuration: .init(
                        upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
                            upgraders: [upgrader],
                            notUpgradingCompletionHandler: { $0.eventLoop.makeSucceededFuture(nil) })))
            }
        }
        channel = server.channel
        port = channel.localAddress?.port ?? 0
        accepted = Task {
            try? await withThrowingDiscardingTaskGroup { group in
                try await server.executeThenClose { connections in
                    var number = 0
                    for try await connection in connections {
                        number += 1
                        group.addTask { [number] in
                            // A client that goes away ends its own connection only.
                            guard let socket = try? await connection.get() else { return }
                            try? await socket.executeThenClose { inbound, outbound in
                                try await behave(ServerSocket(inbound: inbound, outbound: outbound), number)
                            }
                        }
                    }
                }
            }
        }
    }

    var url: String { "ws://127.0.0.1:\(port)/ws" }

    func stop() async {
        accepted.cancel()
        try? await channel.close()
        await accepted.value
    }
}

/// The server's end of a WebSocket.
struct ServerSocket: Sendable {
    // One task per connection reads from it, and may do so once only.
    private nonisolated(unsafe) let frames: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

    init(
        inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    ) {
        frames = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    func send(_ text: String) async throws { try await send(.text, Array(text.utf8)) }

    func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8], isLast: Bool = true) async throws {
        try await outbound.write(WebSocketFrame(fin: isLast, opcode: opcode, data: ByteBuffer(bytes: bytes)))
    }

    func close(code: Int, _ reason: String) async throws {
        var data = ByteBuffer()
        data.writeInteger(UInt16(code))
        data.writeString(reason)
        try await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
    }

    /// Sends a text again and again until the client goes away.
    func repeating(_ text: String) async throws {
        while true {
            try await send(text)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits until the client goes away.
    func hold() async throws { while try await next() != nil {} }

    /// The next text of the client; `nil` when it went away.
    func text() async throws -> String? { try await next(.text).map { String(decoding: $0, as: UTF8.self) } }

    /// What the next frame of this kind, or of any, holds; `nil` when the client went away.
    func next(_ opcode: WebSocketOpcode? = nil) async throws -> [UInt8]? {
        var frames = frames  // a copy reads on where the last one ended
        while let frame = try await frames.next() {
            if opcode == nil || frame.opcode == opcode { return Array(frame.unmaskedData.readableBytesView) }
        }
        return nil
    }
}

/// A server on loopback that answers the head of each request with the same bytes, or as a proxy leads to another port.
final class PlainServer: Sendable {
    enum Behavior: Sendable {
        /// Sends this text.
        case answer(String)
        /// Never says anything.
        case silent
        /// Closes the connection.
        case close
        /// Is a proxy whose every tunnel ends at this port of loopback.
        case tunnel(port: Int)
    }

    private let channel: any Channel
    private let seen: Seen
    let port: Int

    /// The heads of requests that came.
    final class Seen: Sendable {
        let heads = Mutex<[String]>([])
    }

    init(_ behavior: Behavior) async throws {
        let seen = Seen()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(behavior, seen))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.seen = seen
        port = channel.localAddress?.port ?? 0
    }

    var heads: [String] { seen.heads.withLock { $0 } }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let behavior: Behavior
        private let seen: Seen
        private var head = ""
        private var farEnd: (any Channel)?

        init(_ behavior: Behavior, _ seen: Seen) {
            self.behavior = behavior
            self.seen = seen
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            if let farEnd { return farEnd.writeAndFlush(bytes, promise: nil) }
            head += String(buffer: bytes)
            guard head.hasSuffix("\r\n\r\n") else { return }
            seen.heads.withLock { $0.append(head) }
            switch behavior {
            case .answer(let text): write(text, context)
            case .silent: break
            case .close: context.close(promise: nil)
            case .tunnel(let port): connect(to: port, context)
            }
        }

        private func connect(to port: Int, _ context: ChannelHandlerContext) {
            let near = context.channel
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            ClientBootstrap(group: context.eventLoop)
                .channelInitializer { far in
                    far.eventLoop.makeCompletedFuture {
                        try far.pipeline.syncOperations.addHandler(Back(to: near))
                    }
                }
                .connect(host: "127.0.0.1", port: port).whenSuccess { far in
                    let (handler, context) = bound.value
                    handler.farEnd = far
                    handler.write("HTTP/1.1 200 Connection established\r\n\r\n", context)
                }
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { farEnd?.close(promise: nil) }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    /// Carries what the far end says back to the client.
    private final class Back: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let near: any Channel

        init(to near: any Channel) { self.near = near }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            near.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { near.close(promise: nil) }
    }
}
