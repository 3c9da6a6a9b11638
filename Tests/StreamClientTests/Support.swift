import Gzip
import PerpCore
import Synchronization

@testable import ExchangeAdapters
@testable import StreamClient
@testable import Transport

/// An invented stream: `op` says what a message is about.
let stream = LiquidationStream(
    priceKind: .fill, connections: { _ in [] },
    meaning: { message in
        switch message.text("op") {
        case "liquidation": .liquidations
        case "trade": .control
        case "subscribed": .acknowledged
        case "pong": .alive
        case "ping": .ping
        default: .unknown
        }
    }, read: { _, _ in })

let trade = #"{"op":"trade"}"#

func gzipped(_ text: String) -> [UInt8] {
    let output = ByteBuffer()
    Array(text.utf8).withUnsafeBufferPointer { Deflater(for: .speed).deflate($0, into: output) }
    return output.array
}

/// Remembers what sessions tell.
final class Heard: StreamSink {
    struct Kept: Hashable {
        var bytes: [UInt8]
        var meaning: StreamMessage
    }

    private let noted = Mutex<[StreamEvent]>([])
    private let messages = Mutex<[Kept]>([])

    func note(_ event: StreamEvent, of exchange: Exchange) {
        if event.kind != .alive { noted.withLock { $0.append(event) } }
    }

    func sign(of connection: String, _ exchange: Exchange, at: Timestamp) {}

    func keep(_ message: [UInt8], _ meaning: StreamMessage, of exchange: Exchange, connection: String, at: Timestamp) {
        messages.withLock { $0.append(Kept(bytes: message, meaning: meaning)) }
    }

    var events: [StreamEvent] { noted.withLock { $0 } }
    var kept: [Kept] { messages.withLock { $0 } }

    /// What happened, in order: `a#1 lost: silent for 30 s`.
    var story: [String] {
        events.map { event in
            "\(event.connection) \(event.kind.rawValue)" + (event.reason.map { ": \($0)" } ?? "")
        }
    }
}

/// Waits until something is so, for a minute at most: the expectations behind it then say what is missing.
func wait(until isSo: () -> Bool) async throws {
    for _ in 0..<12_000 where !isSo() { try await Task.sleep(for: .milliseconds(5)) }
}

/// A clock that shows 50 seconds in one of the machine's.
func fast() -> StreamClock { StreamClock(startingAt: Timestamp(milliseconds: 1_795_000_000_000), speed: 50) }

/// Something that other tasks wait for.
final class Gate: Sendable {
    private let state = Mutex(false)

    func open() { state.withLock { $0 = true } }
    func wait() async throws { while !state.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) } }
}

/// Patience for connections that a busy machine must not lose.
/// - Parameter silence: how long a connection that is subscribed may be silent, in milliseconds.
func patience(silence: Int64 = 3_600_000) -> StreamPatience {
    var patience = StreamPatience()
    (patience.silence, patience.subscription) = (silence, 3_600_000)
    return patience
}

func connection(
    _ url: String, name: String = "a", subscriptions: [String] = [], heartbeat: StreamConnection.Heartbeat = .init(),
    longestLife: Double? = nil, sendsGzip: Bool = false
) -> StreamConnection {
    StreamConnection(
        name, url, subscriptions: subscriptions, heartbeat: heartbeat, longestLife: longestLife, sendsGzip: sendsGzip)
}

func session(
    _ connection: StreamConnection, _ heard: Heard, clock: StreamClock, patience: StreamPatience = StreamPatience(),
    random: @escaping @Sendable () -> Double = { 0 }
) -> StreamSession {
    StreamSession(
        .okx, stream, connection, client: WebSocketClient(), clock: clock, patience: patience, sink: heard,
        random: random)
}

/// Runs a session while `body` runs, and waits for its end.
func running(_ session: StreamSession, _ body: () async throws -> Void) async throws {
    let task = Task { await session.run(numbers: ConnectionNumbers()) }
    defer { task.cancel() }
    try await body()
    task.cancel()
    await task.value
}

/// A clock that stands still: of its waits only one ends, the first for the planned change of a connection, when the test
/// says so.
final class DayClock: Sendable {
    /// What an exchange keeps a connection for, in seconds.
    static let longestLife = 86_400.0

    let isOver = Gate()
    private let days = Mutex(0)

    var clock: StreamClock {
        StreamClock {
            Timestamp(milliseconds: 1_795_000_000_000)
        } wait: { [self] milliseconds in
            if milliseconds == 0 { return }
            let isFirst =
                milliseconds == 82_944_000
                && days.withLock { days in
                    days += 1
                    return days == 1
                }
            // 0.96 of a day.
            if isFirst { try await isOver.wait() } else { try await Task.sleep(for: .seconds(3600)) }
        }
    }
}
