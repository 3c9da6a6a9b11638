import ExchangeAdapters
import JSONReader
import PerpCore
import Synchronization
import Transport

/// Takes what sessions hear and note. Calls come from several connections at the same time.
public protocol StreamSink: Sendable {
    /// Something happened to a connection.
    func note(_ event: StreamEvent, of exchange: Exchange) async
    /// A connection showed a sign of life; told at most twice a second, behind everything that was kept before it.
    func sign(of connection: String, _ exchange: Exchange, at: Timestamp) async
    /// A message came that is kept: liquidations, acknowledgements, refusals, and what is not known.
    func keep(_ message: [UInt8], _ meaning: StreamMessage, of exchange: Exchange, connection: String, at: Timestamp)
        async
}

/// How long sessions wait.
public struct StreamPatience: Hashable, Sendable {
    /// How long a connection may show no sign of life, in milliseconds.
    public var silence: Int64 = 30_000
    /// How long after opening the first sign of life may take, in milliseconds.
    public var subscription: Int64 = 30_000
    /// The longest wait before the first attempt to connect again, in milliseconds; it doubles with each failure.
    public var firstWait: Int64 = 1_000
    /// The longest wait of all, in milliseconds.
    public var longestWait: Int64 = 60_000
    /// A connection that lived so long was no failure, in milliseconds.
    public var goodLife: Int64 = 60_000
    /// The part of a connection's longest life after which it is replaced.
    public var usedLife = 0.96
    /// How long messages may wait for more of them before they are read, in milliseconds.
    public var gathering: Int64 = 100

    /// The usual patience.
    public init() {}

    /// A wait before the attempt after so many failures: anything from 0 up to a limit that doubles (full jitter).
    /// - Parameter random: from 0 up to 1.
    public func wait(after failures: Int, random: Double) -> Int64 {
        let limit = min(Double(longestWait), Double(firstWait) * Double(1 << min(failures, 30)))
        return Int64(limit * random)
    }
}

/// Keeps one named connection of an exchange's stream up: opens it, subscribes, watches for signs of life, opens it again,
/// and replaces it, with an overlap, before the exchange cuts it.
public struct StreamSession: Sendable {
    /// Why a connection ended.
    private enum Ending: Sendable {
        /// It failed, in the words of people.
        case lost(String)
        /// Another one took over.
        case replaced
        /// The recorder ends.
        case ended

        var reason: String {
            switch self {
            case .lost(let reason): reason
            case .replaced: "planned change of connection"
            case .ended: "the recorder was ended"
            }
        }

        var isPlanned: Bool { if case .lost = self { false } else { true } }
    }

    private let exchange: Exchange
    private let stream: LiquidationStream
    private let connection: StreamConnection
    private let client: WebSocketClient
    private let clock: StreamClock
    private let patience: StreamPatience
    private let sink: any StreamSink
    private let random: @Sendable () -> Double

    /// A session that has not begun.
    ///
    /// - Parameters:
    ///   - connection: with the address to open, that of a simulator perhaps.
    ///   - random: a number from 0 up to 1, for the jitter of waits.
    public init(
        _ exchange: Exchange, _ stream: LiquidationStream, _ connection: StreamConnection, client: WebSocketClient,
        clock: StreamClock, patience: StreamPatience = StreamPatience(), sink: any StreamSink,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.exchange = exchange
        self.stream = stream
        self.connection = connection
        self.client = client
        self.clock = clock
        self.patience = patience
        self.sink = sink
        self.random = random
    }

    /// How often a connection's last sign of life is noted, in milliseconds.
    private static let aliveEvery: Int64 = 60_000

    /// How often the sink is told of signs of life, in milliseconds.
    private static let signEvery: Int64 = 500

    /// Keeps the connection up until the task is cancelled, which closes it.
    ///
    /// - Parameters:
    ///   - numbers: gives each connection its number.
    ///   - isReplaced: whether the task was cancelled because other connections took over.
    ///   - subscribed: called each time that a connection shows its first sign of life.
    public func run(
        numbers: ConnectionNumbers, isReplaced: @escaping @Sendable () -> Bool = { false },
        subscribed: @escaping @Sendable () -> Void = {}
    ) async {
        await withDiscardingTaskGroup { group in
            let (successors, next) = AsyncStream.makeStream(of: Succession.self)
            @Sendable func succession(_ predecessor: @escaping @Sendable () -> Void) -> Succession {
                Succession(isReplaced: isReplaced) {
                    predecessor()
                    subscribed()
                } handOver: { end in
                    next.yield(succession(end))
                }
            }
            next.yield(succession {})
            for await succession in successors {
                group.addTask { await keepUp(numbers, succession) }
            }
            group.cancelAll()
        }
    }

    /// A line of connections that takes over from another one.
    private struct Succession: Sendable {
        /// Whether the task was cancelled because other connections took over.
        let isReplaced: @Sendable () -> Bool
        /// Called when a connection of the line is subscribed.
        let subscribed: @Sendable () -> Void
        /// Starts the next line, which calls `end` when it is subscribed.
        let handOver: @Sendable (_ end: @escaping @Sendable () -> Void) -> Void
    }

    /// Opens connections one after the other, until one hands over to a successor.
    private func keepUp(_ numbers: ConnectionNumbers, _ succession: Succession) async {
        var failures = 0
        while !Task.isCancelled {
            let life = ConnectionLife("\(connection.name)#\(numbers.next())", clock)
            await live(life, succession)
            // From then on the successor is opened again and again, and a second one would only be heard twice.
            if life.isHandedOver { return }
            failures = life.milliseconds >= patience.goodLife ? 0 : failures + 1
            // Ends at once when the task is cancelled.
            try? await clock.sleep(milliseconds: patience.wait(after: failures, random: random()))
        }
    }

    /// The whole life of one connection, with what is noted about it.
    private func live(_ life: ConnectionLife, _ succession: Succession) async {
        var ending: Ending
        do {
            ending = try await client.withConnection(
                to: connection.url, headers: connection.headers, reader: reader(life)
            ) { socket in
                life.begin()
                await note(life, .open, at: clock.now)
                return try await converse(socket, life, succession)
            }
        } catch {
            ending = .lost("\(error)")
        }
        if Task.isCancelled { ending = succession.isReplaced() ? .replaced : .ended }
        // What still waited for more when the connection was closed is lost.
        let heardUntil = clock.now.advanced(byMilliseconds: -patience.gathering)
        let event = StreamEvent(
            connection: life.id, at: ending.isPlanned ? max(heardUntil, life.began) : life.lastSign,
            kind: ending.isPlanned ? .closed : .lost, reason: ending.reason,
            controlMessages: life.takeControlMessages())
        await sink.note(event, of: exchange)
    }

    /// Subscribes, listens, sends heartbeats and watches, until one of these ends.
    private func converse(
        _ socket: WebSocketConnection<HeardMessage>, _ life: ConnectionLife, _ succession: Succession
    ) async throws -> Ending {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask { try await listen(to: socket, life, succession) }
            group.addTask { try await speak(to: socket) }
            group.addTask { try await watch(life) }
            group.addTask { try await noteSigns(of: life) }
            if let longest = connection.longestLife {
                group.addTask {
                    try await clock.sleep(milliseconds: Int64(longest * 1000 * patience.usedLife))
                    return try await handOver(life, succession)
                }
            }
            defer { group.cancelAll() }
            return try await group.next()!  // the group has tasks
        }
    }

    private func listen(
        to socket: WebSocketConnection<HeardMessage>, _ life: ConnectionLife, _ succession: Succession
    ) async throws -> Ending {
        let reason = try await socket.forEachMessage { message in
            if message.isFirst {
                await note(life, .subscribed, at: max(message.receivedAt, life.began))
                succession.subscribed()
            }
            if message.meaning == .ping { try await socket.send(pong(to: message.bytes)) }
            if message.meaning.isKept {
                await sink.keep(
                    message.bytes, message.meaning, of: exchange, connection: life.id, at: message.receivedAt)
            }
            if message.isNewSign { await sink.sign(of: life.id, exchange, at: message.receivedAt) }
        }
        return .lost(reason ?? "the connection ended")
    }

    /// Reads messages where they come in. Control messages, most of all, only count, but for those that show a sign of life
    /// that the sink is to be told.
    private func reader(_ life: ConnectionLife) -> WebSocketReader<HeardMessage> {
        let reader = MessageReader(stream, inflatesBinary: connection.sendsGzip)
        return WebSocketReader(gathering: clock.duration(milliseconds: patience.gathering)) { message in
            let now = clock.now
            let (bytes, meaning) = reader.read(message)
            let isFirst = life.sign(of: meaning, at: now, byHeartbeat: connection.heartbeat.provesLife)
            let isNewSign = life.isNewSign(every: Self.signEvery)
            guard isFirst || isNewSign || meaning == .ping || meaning.isKept else { return nil }
            return HeardMessage(
                bytes: bytes, meaning: meaning, receivedAt: now, isFirst: isFirst, isNewSign: isNewSign)
        }
    }

    /// Sends the subscriptions, and then the heartbeat for ever.
    private func speak(to socket: WebSocketConnection<HeardMessage>) async throws -> Ending {
        for (index, text) in connection.subscriptions.enumerated() {
            if index > 0, let pacing = connection.pacing { try await clock.sleep(milliseconds: pacing) }
            try await socket.send(text)
        }
        while true {
            try await clock.sleep(milliseconds: Int64(connection.heartbeat.every * 1000))
            if let heartbeat = connection.heartbeat.message {
                try await socket.send(heartbeat)
            } else if connection.heartbeat.isPingFrame {
                try await socket.ping()
            }
        }
    }

    /// Notes the last sign of life now and then.
    private func noteSigns(of life: ConnectionLife) async throws -> Ending {
        while true {
            try await clock.sleep(milliseconds: Self.aliveEvery)
            guard life.isSubscribed else { continue }
            await sink.note(
                StreamEvent(
                    connection: life.id, at: life.lastSign, kind: .alive,
                    controlMessages: life.takeControlMessages()), of: exchange)
        }
    }

    /// Starts the successor, and ends when it is subscribed: until then this connection stays.
    private func handOver(_ life: ConnectionLife, _ succession: Succession) async throws -> Ending {
        let (subscribed, signal) = AsyncStream.makeStream(of: Void.self)
        life.handOver()
        succession.handOver { signal.yield() }
        for await _ in subscribed { return .replaced }
        throw CancellationError()
    }

    /// Ends when the connection shows no sign of life.
    private func watch(_ life: ConnectionLife) async throws -> Ending {
        while true {
            let allowed = life.isSubscribed ? patience.silence : patience.subscription
            let left = allowed - (clock.now.milliseconds - life.lastSign.milliseconds)
            if left <= 0 { return .lost("silent for \(allowed / 1000) s") }
            // A connection that is subscribed meanwhile may have less time left.
            try await clock.sleep(milliseconds: min(left, patience.silence))
        }
    }

    private func note(_ life: ConnectionLife, _ kind: StreamEvent.Kind, at: Timestamp) async {
        await sink.note(StreamEvent(connection: life.id, at: at, kind: kind), of: exchange)
    }
}

/// A message that the sink is to hear of.
private struct HeardMessage: Sendable {
    var bytes: [UInt8]
    var meaning: StreamMessage
    var receivedAt: Timestamp
    /// Whether it is the connection's first sign of life.
    var isFirst: Bool
    /// Whether the sink is to be told of a sign of life.
    var isNewSign: Bool
}

extension StreamMessage {
    /// Whether a message is kept as it came: what is only a sign of life is counted.
    var isKept: Bool { self != .control && self != .alive && self != .ping }
}

/// Numbers for the connections of a recorder, from 1.
public final class ConnectionNumbers: Sendable {
    private let last: Mutex<Int>

    /// Numbers that go on behind `last`.
    public init(after last: Int = 0) { self.last = Mutex(last) }

    func next() -> Int {
        last.withLock { number in
            number += 1
            return number
        }
    }
}

/// What a connection has shown of itself.
private final class ConnectionLife: Sendable {
    private struct State {
        var began: Timestamp
        var lastSign: Timestamp
        var isSubscribed = false
        var isHandedOver = false
        var controlMessages: Int64 = 0
        var told = Timestamp(milliseconds: 0)
    }

    let id: String
    private let clock: StreamClock
    private let state: Mutex<State>

    init(_ id: String, _ clock: StreamClock) {
        self.id = id
        self.clock = clock
        state = Mutex(State(began: clock.now, lastSign: clock.now))
    }

    func begin() {
        let now = clock.now
        state.withLock { state in
            state.began = now
            // The first messages may have been read already.
            if !state.isSubscribed { state.lastSign = now }
        }
    }

    var began: Timestamp { state.withLock(\.began) }
    var milliseconds: Int64 { state.withLock { clock.now.milliseconds - $0.began.milliseconds } }
    var lastSign: Timestamp { state.withLock(\.lastSign) }
    var isSubscribed: Bool { state.withLock(\.isSubscribed) }
    /// Whether a successor was started.
    var isHandedOver: Bool { state.withLock(\.isHandedOver) }

    func handOver() { state.withLock { $0.isHandedOver = true } }

    func takeControlMessages() -> Int64? {
        state.withLock { state in
            defer { state.controlMessages = 0 }
            return state.controlMessages > 0 ? state.controlMessages : nil
        }
    }

    /// Whether there was a sign since the last one that this returned true for, so many milliseconds later.
    func isNewSign(every milliseconds: Int64) -> Bool {
        state.withLock { state in
            guard state.isSubscribed, state.lastSign.milliseconds - state.told.milliseconds >= milliseconds else {
                return false
            }
            state.told = state.lastSign
            return true
        }
    }

    /// Takes a message as a sign of life, if it is one.
    ///
    /// An acknowledgement is none: an address can acknowledge and then send nothing.
    /// - Parameter byHeartbeat: whether an answer to a heartbeat is one.
    /// - Returns: whether it is the first.
    func sign(of meaning: StreamMessage, at now: Timestamp, byHeartbeat: Bool) -> Bool {
        state.withLock { state in
            switch meaning {
            case .control:
                state.controlMessages += 1
            case .liquidations: break
            case .alive, .ping: guard byHeartbeat else { return false }
            default: return false
            }
            state.lastSign = now
            defer { state.isSubscribed = true }
            return !state.isSubscribed
        }
    }
}
