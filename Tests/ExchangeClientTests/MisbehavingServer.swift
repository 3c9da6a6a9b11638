import Gzip
import NIOCore
import NIOPosix
import PerpCore

/// A server on loopback that misbehaves as each path says.
final class MisbehavingServer: Sendable {
    private let channel: any Channel
    let url: String

    init() async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 16)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Handler()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    func stop() async throws { try await channel.close() }

    /// Bytes that every test knows.
    static let json = #"{"symbol":"BTCUSDT","openInterest":"106499.782"}"#

    static func gzipped(_ bytes: [UInt8]) -> [UInt8] {
        let output = PerpCore.ByteBuffer()
        bytes.withUnsafeBufferPointer { Deflater(for: .speed).deflate($0, into: output) }
        return output.array
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = NIOCore.ByteBuffer
        typealias OutboundOut = NIOCore.ByteBuffer

        private var request = ""
        /// The request for a tunnel; nil without one.
        private var tunnel = ""

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            request += String(buffer: unwrapInboundIn(data))
            guard request.contains("\r\n\r\n") else { return }
            let path = request.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            let head = request
            request = ""
            if head.hasPrefix("CONNECT ") {
                // As a proxy it plays the far end itself.
                tunnel = head
                return write("HTTP/1.1 200 OK\r\n\r\n", context)
            }
            respond(path, tunnel + head, context)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func respond(_ path: String, _ head: String, _ context: ChannelHandlerContext) {
            let json = Array(MisbehavingServer.json.utf8)
            switch path {
            case "/plain": send(json, to: context)
            case "/gzip":
                send(gzipped(json), "Content-Encoding: gzip\r\nDate: Thu, 23 Oct 2025 15:02:01 GMT\r\n", to: context)
            case "/echo": send(Array(head.utf8), to: context)
            case "/status": send(Array("busy".utf8), "Retry-After: 7\r\n", status: "429 Too Many Requests", to: context)
            case "/redirect": send([], "Location: /plain\r\n", status: "302 Found", to: context)
            case "/cut":
                write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"cut\":", context)
                context.close(promise: nil)
            case "/reset": context.close(promise: nil)
            case "/truncated": send(Array(gzipped(json).dropLast(12)), "Content-Encoding: gzip\r\n", to: context)
            case "/bomb": send(gzipped(Array(repeating: 0, count: 3 << 20)), "Content-Encoding: gzip\r\n", to: context)
            case "/brotli": send(json, "Content-Encoding: br\r\n", to: context)
            case "/silent": break
            case "/slow":
                write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", context)
                drip(context, left: 50)
            case "/endless":
                write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", context)
                pour(context, left: 100)
            default: send([], status: "404 Not Found", to: context)
            }
        }

        private func send(
            _ body: [UInt8], _ headers: String = "", status: String = "200 OK", to context: ChannelHandlerContext
        ) {
            write("HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\n\(headers)\r\n", context)
            context.writeAndFlush(wrapOutboundOut(NIOCore.ByteBuffer(bytes: body)), promise: nil)
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(NIOCore.ByteBuffer(string: text)), promise: nil)
        }

        /// A byte now and then.
        private func drip(_ context: ChannelHandlerContext, left: Int) {
            guard left > 0, context.channel.isActive else { return }
            write("x", context)
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: .milliseconds(40)) {
                bound.value.0.drip(bound.value.1, left: left - 1)
            }
        }

        /// Chunks of 64 KiB without an end that the client would wait for.
        private func pour(_ context: ChannelHandlerContext, left: Int) {
            guard left > 0, context.channel.isActive else { return }
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
            context.writeAndFlush(wrapOutboundOut(NIOCore.ByteBuffer(string: chunk))).whenSuccess {
                bound.value.0.pour(bound.value.1, left: left - 1)
            }
        }
    }
}
