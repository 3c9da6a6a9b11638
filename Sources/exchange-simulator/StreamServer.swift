import NIOCore
import NIOWebSocket
import PerpCore
import SimulatedMarket
import StreamClient
import Synchronization

/// Serves the exchanges' streams: replies to what is sent, and sends the market's events at their times.
struct StreamServer: Sendable {
    typealias Connection = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>
    private typealias Writer = NIOAsyncChannelOutboundWriter<WebSocketFrame>

    /// A way in which a stream misbehaves, decided per connection.
    enum Fault: String, CaseIterable {
        /// Acknowledges, and then sends nothing.
        case silent
        /// Answers no heartbeat, and goes on sending.
        case unanswered
        /// Answers no heartbeat and stops sending after a while, with the connection open.
        case halfOpen = "half-open"
        /// Ends after a while without a closing frame, in the middle of one.
        case cut
        /// Sends each message in several frames.
        case fragmented
        /// Sends each message twice.
        case twice
        /// Sends the events of the last minute again when a connection subscribes.
        case replay
        /// Sends events up to 20 s late, and out of order.
        case late
        /// Sends gzip that is cut short, as a binary message, before each message.
        case garbage
        /// Repeats its last liquidation 2,000 times per second of the machine, for three seconds after each while.
        case burst
        /// Answers the upgrade with status 403.
        case refused

        /// Whether subscriptions and heartbeats are answered.
        fileprivate var answers: Bool { self != .halfOpen && self != .unanswered }
    }

    let market: Market
    let clock: StreamClock
    /// The faults that connections take in turn; the first of each exchange has none.
    let faults: [Fault]
    /// After how many milliseconds of the market's clock each connection is closed, as exchanges do after a day; `nil` for
    /// never.
    let longestLife: Int64?
    /// Where what was sent is noted, a line per liquidation; `nil` notes nothing.
    let log: StreamLog?

    /// How often the market is asked, in milliseconds of its clock at least, and of the machine's.
    private static let step: Int64 = 100
    /// After how long a fault that comes after a while comes, in milliseconds of the market's clock.
    private static let lifeWithFault: Int64 = 600_000

    private let counts = ConnectionCounts()

    init(market: Market, clock: StreamClock, faults: [Fault], longestLife: Int64?, log: StreamLog?) {
        self.market = market
        self.clock = clock
        self.faults = faults
        self.longestLife = longestLife
        self.log = log
    }

    /// `/2025-10-23T15/okx/ws/v5/public`
    private static func exchange(_ target: String) -> Exchange? {
        let parts = target.split(separator: "/", maxSplits: 2)
        return parts.count == 3 ? Exchange(rawValue: String(parts[1])) : nil
    }

    /// Whether the upgrade of a request is refused.
    func refuses(_ target: String) -> Bool {
        guard let exchange = Self.exchange(target) else { return true }
        return faults.contains(.refused) && counts.refusal(of: exchange)
    }

    /// Serves a connection until it ends.
    func serve(_ connection: Connection, _ target: String) async throws {
        guard let exchange = Self.exchange(target) else { return }
        let number = counts.next(exchange)
        let usable = faults.filter { $0 != .refused }
        let fault = number == 0 || usable.isEmpty ? nil : usable[(number - 1) % usable.count]
        let stream = SimulatedStream(exchange, of: market)
        let topics = Topics(target)
        try await connection.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await send(stream, exchange, fault, topics, to: outbound) }
                group.addTask {
                    for try await frame in inbound {
                        switch frame.opcode {
                        case .text:
                            let text = String(buffer: frame.unmaskedData)
                            topics.add(text)
                            if fault?.answers != false, let reply = stream.reply(to: text) {
                                try await outbound.write(Self.frame(reply, in: stream))
                            }
                        case .ping: try await outbound.write(Self.frame(.pong, frame.unmaskedData))
                        case .connectionClose: return
                        default: break
                        }
                    }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func send(
        _ stream: SimulatedStream, _ exchange: Exchange, _ fault: Fault?, _ topics: Topics,
        to writer: Writer
    ) async throws {
        let began = clock.now.milliseconds
        var sentUntil = fault == .replay ? began - 60_000 : began
        var held: [SimulatedStream.Message] = []
        var last: SimulatedStream.Message?
        var burst = Burst()
        while true {
            try await clock.sleep(milliseconds: Self.step)
            let now = clock.now.milliseconds
            let isOver = now - began > Self.lifeWithFault
            if let longestLife, now - began > longestLife {
                return try await writer.write(Self.frame(.connectionClose, Self.closing(1001, "connection is too old")))
            }
            if fault == .silent || (fault == .halfOpen && isOver) { continue }
            if fault == .cut, isOver {
                try await writer.write(WebSocketFrame(fin: false, opcode: .text, data: ByteBuffer(string: "{\"e\":")))
                return
            }
            let asked = topics.text
            var messages = stream.messages(from: sentUntil, to: now, topics: asked)
            sentUntil = now
            if fault == .late {
                held += messages.filter(\.isLiquidation)
                messages.removeAll(where: \.isLiquidation)
                let due = held.filter { Int64($0.text.utf8.count) * 97 % 20_000 + $0.time <= now }
                held.removeAll { due.contains($0) }
                messages += due
            }
            for message in messages { try await send(message, of: stream, exchange, fault, to: writer) }
            guard fault == .burst else { continue }
            last = messages.last(where: \.isLiquidation) ?? last
            guard let last else { continue }
            for _ in 0..<burst.due((now - began) / Self.lifeWithFault) {
                try await writer.write(Self.frame(last.text, in: stream))
            }
        }
    }

    private func send(
        _ message: SimulatedStream.Message, of stream: SimulatedStream, _ exchange: Exchange, _ fault: Fault?,
        to writer: Writer
    ) async throws {
        let frame = Self.frame(message.text, in: stream)
        switch fault {
        case .fragmented:
            let bytes = Array(frame.data.readableBytesView)
            let middle = bytes.count / 2
            try await writer.write(
                WebSocketFrame(fin: false, opcode: frame.opcode, data: ByteBuffer(bytes: bytes[..<middle])))
            try await writer.write(
                WebSocketFrame(fin: true, opcode: .continuation, data: ByteBuffer(bytes: bytes[middle...])))
        case .twice:
            for _ in 1...2 { try await writer.write(frame) }
        case .garbage:
            let gzip = WireBody.gzipped(Array(message.text.utf8))
            try await writer.write(Self.frame(.binary, ByteBuffer(bytes: gzip.dropLast(9))))
            try await writer.write(frame)
        default: try await writer.write(frame)
        }
        if message.isLiquidation { log?.note(message, exchange, at: clock.now) }
    }

    private static func closing(_ code: UInt16, _ reason: String) -> NIOCore.ByteBuffer {
        var data = NIOCore.ByteBuffer()
        data.writeInteger(code)
        data.writeString(reason)
        return data
    }

    /// A text frame, or gzip in a binary frame where the exchange sends that.
    private static func frame(_ text: String, in stream: SimulatedStream) -> WebSocketFrame {
        stream.sendsGzip
            ? frame(.binary, ByteBuffer(bytes: WireBody.gzipped(Array(text.utf8))))
            : frame(.text, ByteBuffer(string: text))
    }

    private static func frame(_ opcode: WebSocketOpcode, _ data: NIOCore.ByteBuffer) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: opcode, data: data)
    }
}

/// Bursts of messages, each as long and dense as the machine's clock says.
private struct Burst {
    /// How many messages come per millisecond, and for how many milliseconds.
    private static let (pace, length) = (2.0, 3000.0)

    private var number: Int64 = 0
    private var began = ContinuousClock.now
    private var sent = 0

    /// How many messages are to be sent now.
    /// - Parameter number: which burst has begun; 0 when none has.
    mutating func due(_ number: Int64) -> Int {
        if number != self.number { (self.number, began, sent) = (number, ContinuousClock.now, 0) }
        guard number > 0 else { return 0 }
        let passed = min((ContinuousClock.now - began) / .milliseconds(1), Self.length)
        defer { sent = Int(passed * Self.pace) }
        return Int(passed * Self.pace) - sent
    }
}

/// Everything that a client of a connection has sent.
private final class Topics: Sendable {
    private let sent: Mutex<String>

    init(_ target: String) { sent = Mutex(target) }

    var text: String { sent.withLock { $0 } }
    func add(_ text: String) { sent.withLock { $0 += text } }
}

/// Counts the connections of each exchange.
private final class ConnectionCounts: Sendable {
    private let served = Mutex<[Exchange: Int]>([:])
    private let refused = Mutex<[Exchange: Int]>([:])

    func next(_ exchange: Exchange) -> Int {
        served.withLock { counts in
            defer { counts[exchange, default: 0] += 1 }
            return counts[exchange, default: 0]
        }
    }

    /// Every third upgrade is refused.
    func refusal(of exchange: Exchange) -> Bool {
        refused.withLock { counts in
            counts[exchange, default: 0] += 1
            return counts[exchange, default: 0] % 3 == 2
        }
    }
}

/// A file with what was sent: a line per liquidation, with the time of sending, the exchange and the message.
final class StreamLog: Sendable {
    private let text = Mutex("")
    private let path: String

    /// Begins an empty file.
    /// - Throws: `SimulatorFailure` when it cannot be written.
    init(_ path: String) throws {
        self.path = path
        try SimulatorFiles.write("", to: path)
    }

    func note(_ message: SimulatedStream.Message, _ exchange: Exchange, at time: Timestamp) {
        text.withLock { $0 += "\(time.milliseconds) \(exchange.id) \(message.text)\n" }
    }

    /// Adds what was noted to the file, again and again, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(200))  // ends at once when cancelled
            let noted = text.withLock { noted in
                defer { noted = "" }
                return noted
            }
            do { try SimulatorFiles.append(noted, to: path) } catch { complain("\(error)") }
        }
    }
}
