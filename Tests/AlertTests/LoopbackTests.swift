import AlertDelivery
import NIOCore
import NIOPosix
@testable import Notifiers
import PerpCore
import Synchronization
import Testing
import Transport
import Warehouse

@testable import alert

@Suite("A receiver that misbehaves")
struct LoopbackTests {
    @Test(
        "what each answer leads to",
        arguments: [
            ("ok", "delivered nil"), ("message", "delivered 42"), ("bad", "refused"), ("gone", "closed"),
            ("busy-once", "delivered nil after 2"), ("busy", "later 90.5"), ("broken", "later nil after 3"),
            ("slow", "later nil after 3"), ("silent", "later nil after 3"), ("reset", "later nil after 3"),
            ("cut", "later nil after 3"),
        ])
    func answers(path: String, expected: String) async throws {
        let receiver = try await MisbehavingReceiver()
        var settings = TransportSettings()
        if ["slow", "silent"].contains(path) {
            settings.readTimeout = .milliseconds(150)
            settings.totalTimeout = .milliseconds(300)
        }
        let transport = HTTPTransport(settings)
        let url = try WebhookURL("\(receiver.url)/\(path)/s3cr3t-t0k3n")
        // Waits are told, not waited for.
        let environment = DiscordSender.Environment(now: { 0 }, sleep: { _ in }, random: { 0 })
        let sender = DiscordSender(url, environment: environment, post: transport.webhookPost)
        let embed = DiscordEmbed(title: "t", description: "d", color: 0, fields: [], footer: "f", timestamp: "")
        let (delivery, attempts) = try await sender.send(DiscordMessage(embeds: [embed]))
        await transport.shutdown()
        try await receiver.stop()
        let text = "\(Self.word(delivery))\(attempts == 1 ? "" : " after \(attempts)")"
        #expect(text == expected)
        #expect(!"\(delivery)".contains("t0k3n"))
        #expect(receiver.bodies.count == attempts)
        #expect(receiver.bodies.allSatisfy { $0.contains(#""allowed_mentions":{"parse":[]}"#) })
    }

    @Test("a stored alert is delivered once through the real sender")
    func endToEnd() async throws {
        let warehouse = try Market.warehouse([Market.quiet(Market.start)])
        let run = AlertRun(warehouse: warehouse, rules: .init(), model: .v2)
        try run.store(try run.evaluate(Market.start, now: Market.start.end))
        let receiver = try await MisbehavingReceiver()
        let transport = HTTPTransport()
        let sender = DiscordSender(try WebhookURL("\(receiver.url)/message/token"), post: transport.webhookPost)
        let drain = OutboxDrain(sender) { Market.start.end }
        let first = try await drain.run(WarehouseOutbox(warehouse))
        let second = try await drain.run(WarehouseOutbox(warehouse))
        await transport.shutdown()
        try await receiver.stop()
        #expect((first.delivered, second.delivered) == (1, 0))
        #expect(receiver.bodies.count == 1)
        let row = try #require(try AlertStore(warehouse).outbox(pendingOrSince: Market.start.startTime).first)
        #expect((row.state, row.messageID, row.attempts) == (.delivered, "42", 1))
    }

    private static func word(_ delivery: Delivery) -> String {
        switch delivery {
        case .delivered(let id): "delivered \(id ?? "nil")"
        case .later(let seconds, _): "later \(seconds.map { "\($0)" } ?? "nil")"
        case .refused: "refused"
        case .closed: "closed"
        }
    }
}

/// A server on loopback that does to each path what its name says, and keeps what came.
private final class MisbehavingReceiver: Sendable {
    private let channel: any Channel
    private let received: Received
    let url: String

    var bodies: [String] { received.bodies.withLock(\.self) }

    init() async throws {
        let received = Received()
        self.received = received
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(received))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        url = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    func stop() async throws { try await channel.close() }

    private final class Received: Sendable {
        let bodies = Mutex<[String]>([])
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = NIOCore.ByteBuffer
        typealias OutboundOut = NIOCore.ByteBuffer

        private let received: Received
        private var request = ""

        init(_ received: Received) { self.received = received }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            request += String(buffer: unwrapInboundIn(data))
            let parts = request.split(separator: "\r\n\r\n", maxSplits: 1)
            // The body is one JSON object, sent after the head.
            guard parts.count == 2, parts[1].hasSuffix("}") else { return }
            let path = request.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            let count = received.bodies.withLock { bodies in
                bodies.append(String(parts[1]))
                return bodies.count
            }
            request = ""
            answer(path, number: count, context)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func answer(_ path: String, number: Int, _ context: ChannelHandlerContext) {
            switch path {
            case "ok": write("HTTP/1.1 204 No Content\r\n\r\n", context)
            case "message": write("200 OK", #"{"id":"42"}"#, context)
            case "bad": write("400 Bad Request", #"{"message":"/bad/s3cr3t-t0k3n?wait=true"}"#, context)
            case "gone": write("404 Not Found", #"{"message":"Unknown Webhook","code":10015}"#, context)
            case "busy-once" where number > 1: write("HTTP/1.1 204 No Content\r\n\r\n", context)
            case "busy-once": write("429 Too Many Requests", #"{"retry_after":1.5}"#, context)
            case "busy": write("429 Too Many Requests", #"{"retry_after":90.5}"#, context)
            case "broken": write("500 Internal Server Error", "<html>", context)
            case "slow": write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", context)
            case "cut":
                write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", context)
                context.close(promise: nil)
            case "reset": context.close(promise: nil)
            default: break
            }
        }

        private func write(_ status: String, _ body: String, _ context: ChannelHandlerContext) {
            write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)", context)
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(NIOCore.ByteBuffer(string: text)), promise: nil)
        }
    }
}
