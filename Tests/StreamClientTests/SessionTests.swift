import PerpCore
import Synchronization
import Testing

@testable import ExchangeAdapters
@testable import StreamClient
@testable import Transport

@Suite("Sessions of streams")
struct SessionTests {
    @Test("a connection that acknowledges and then sends nothing is down, and is opened again")
    func acknowledges() async throws {
        let server = try await WebSocketServer { socket, _ in
            guard try await socket.text() == "subscribe" else { return }
            try await socket.send(#"{"op":"subscribed"}"#)
            try await socket.hold()
        }
        let heard = Heard()
        try await running(session(connection(server.url, subscriptions: ["subscribe"]), heard, clock: fast())) {
            try await wait { heard.story.count >= 3 && !heard.kept.isEmpty }
        }
        await server.stop()
        #expect(heard.story.prefix(3) == ["a#1 open", "a#1 lost: silent for 30 s", "a#2 open"])
        #expect(heard.kept.first?.meaning == .acknowledged)
    }

    @Test("subscriptions wait for each other where the exchange counts them", arguments: [666, nil] as [Int64?])
    func pacedSubscriptions(pacing: Int64?) async throws {
        let received = Mutex<[String]>([])
        let server = try await WebSocketServer { socket, _ in
            while let text = try await socket.text() { received.withLock { $0.append(text) } }
        }
        let receivedBefore = Mutex<[Int]>([])
        let clock = StreamClock {
            Timestamp(milliseconds: 1_795_000_000_000)
        } wait: { milliseconds in
            guard milliseconds == 666 else { return try await Task.sleep(for: .seconds(3600)) }
            let waits = receivedBefore.withLock(\.count)
            try await wait { received.withLock(\.count) > waits }
            receivedBefore.withLock { $0.append(received.withLock(\.count)) }
        }
        var connection = connection(server.url, subscriptions: ["one", "two", "three"])
        connection.pacing = pacing
        try await running(session(connection, Heard(), clock: clock, patience: patience())) {
            try await wait { received.withLock(\.count) == 3 }
        }
        await server.stop()
        #expect(received.withLock(\.self) == ["one", "two", "three"])
        #expect(receivedBefore.withLock(\.self) == (pacing == nil ? [] : [1, 2]))
    }

    @Test("a connection whose control falls silent is lost at its last sign of life, whatever else comes")
    func fallsSilent() async throws {
        let server = try await WebSocketServer { socket, number in
            try await socket.send(trade)
            if number > 1 { return try await socket.hold() }
            // Acknowledgements and answers prove nothing, however many come.
            try await socket.repeating(#"{"op":"pong"}"#)
        }
        let heard = Heard()
        let patience = patience(silence: 30_000)
        try await running(session(connection(server.url), heard, clock: fast(), patience: patience)) {
            try await wait { heard.story.count >= 4 }
        }
        await server.stop()
        #expect(
            heard.story.prefix(4)
                == ["a#1 open", "a#1 subscribed", "a#1 lost: silent for 30 s", "a#2 open"])
        let events = heard.events
        #expect(events.count >= 3 && events[2].at <= events[1].at)
    }

    @Test("where heartbeats are the sign of life, one that stays unanswered is the end")
    func unanswered() async throws {
        let server = try await WebSocketServer { socket, _ in
            guard try await socket.text() == "ping" else { return }
            try await socket.send("pong")
            try await socket.hold()
        }
        let heard = Heard()
        let heartbeat = StreamConnection.Heartbeat("ping", every: 1, provesLife: true)
        let session = session(
            connection(server.url, heartbeat: heartbeat), heard, clock: fast(), patience: patience(silence: 30_000))
        try await running(session) {
            try await wait { heard.story.count >= 3 }
        }
        await server.stop()
        #expect(heard.story.prefix(3) == ["a#1 open", "a#1 subscribed", "a#1 lost: silent for 30 s"])
    }

    @Test("a connection that is cut within a message is lost, and half a message is not kept")
    func cut() async throws {
        let server = try await WebSocketServer { socket, _ in
            guard try await socket.text() == "subscribe" else { return }
            try await socket.send(trade)
            try await socket.send(.text, Array(#"{"op":"liqui"#.utf8), isLast: false)
        }
        let heard = Heard()
        try await running(session(connection(server.url, subscriptions: ["subscribe"]), heard, clock: fast(), patience: patience())) {
            try await wait { heard.story.count >= 4 }
        }
        await server.stop()
        #expect(
            heard.story.prefix(4) == ["a#1 open", "a#1 subscribed", "a#1 lost: the connection ended", "a#2 open"])
        #expect(heard.kept.isEmpty)
    }

    @Test("a message in several frames is kept as one")
    func fragments() async throws {
        let whole = Array(#"{"op":"liquidation","symbol":"BTC"}"#.utf8)
        let server = try await WebSocketServer { socket, _ in
            try await socket.send(.text, Array(whole[..<9]), isLast: false)
            try await socket.send(.continuation, Array(whole[9...]))
            try await socket.hold()
        }
        let heard = Heard()
        try await running(session(connection(server.url), heard, clock: fast(), patience: patience())) {
            try await wait { !heard.kept.isEmpty }
        }
        await server.stop()
        #expect(heard.kept == [.init(bytes: whole, meaning: .liquidations)])
    }

    @Test("a message that is too long ends the connection with the reason")
    func tooLong() async throws {
        let server = try await WebSocketServer { socket, _ in
            try await socket.send(.text, [UInt8](repeating: 0x20, count: 4 << 20 + 1))
            try await socket.hold()
        }
        let heard = Heard()
        try await running(session(connection(server.url), heard, clock: fast(), patience: patience())) {
            try await wait { heard.story.count >= 2 }
        }
        await server.stop()
        #expect(heard.story.prefix(2) == ["a#1 open", "a#1 lost: a message is longer than 4194304 bytes"])
    }

    @Test("a binary message that is no gzip is kept as it came, and costs nothing else")
    func noGzip() async throws {
        let server = try await WebSocketServer { socket, _ in
            try await socket.send(.binary, [0x1F, 0x8B, 0xFF])
            try await socket.send(.binary, gzipped(trade))
            try await socket.hold()
        }
        let heard = Heard()
        try await running(session(connection(server.url, sendsGzip: true), heard, clock: fast(), patience: patience())) {
            try await wait { heard.story.count >= 2 }
        }
        await server.stop()
        #expect(heard.story.prefix(2) == ["a#1 open", "a#1 subscribed"])
        #expect(heard.kept == [.init(bytes: [0x1F, 0x8B, 0xFF], meaning: .unknown)])
    }

    @Test("a ping of the exchange in gzip is answered with its very bytes, as text, and is not kept")
    func echo() async throws {
        let answers = Mutex<[String?]>([])
        let server = try await WebSocketServer { socket, _ in
            try await socket.send(.binary, gzipped(#"{"op":"ping","ts":"1795000000000"}"#))
            let answer = try await socket.text()
            answers.withLock { $0.append(answer) }
            try await socket.hold()
        }
        let heard = Heard()
        try await running(session(connection(server.url, sendsGzip: true), heard, clock: fast(), patience: patience())) {
            try await wait { !answers.withLock(\.isEmpty) }
        }
        await server.stop()
        #expect(answers.withLock { $0 } == [#"{"op":"pong","ts":"1795000000000"}"#])
        #expect(heard.kept.isEmpty && heard.story.first == "a#1 open")
    }

    @Test("before it is cut, a connection is replaced: it ends when the next one is subscribed")
    func planned() async throws {
        let gate = Gate()
        let server = try await WebSocketServer { socket, number in
            if number > 1 { try await gate.wait() }
            try await socket.repeating(trade)
        }
        let (heard, day) = (Heard(), DayClock())
        try await running(
            session(connection(server.url, longestLife: DayClock.longestLife), heard, clock: day.clock)
        ) {
            try await wait { heard.story.count >= 2 }
            #expect(heard.story == ["a#1 open", "a#1 subscribed"])
            day.isOver.open()
            try await wait { heard.story.count >= 3 }
            #expect(heard.story.dropFirst(2) == ["a#2 open"])
            gate.open()
            try await wait { heard.story.count >= 5 }
        }
        await server.stop()
        #expect(
            heard.story.dropFirst(3) == [
                "a#2 subscribed", "a#1 closed: planned change of connection", "a#2 closed: the recorder was ended",
            ])
    }

    @Test("a connection that is lost while its successor is opened is not opened a second time")
    func lostWhileReplaced() async throws {
        let (first, second) = (Gate(), Gate())
        let server = try await WebSocketServer { socket, number in
            if number == 1 {
                try await socket.send(trade)
                return try await first.wait()
            }
            try await second.wait()
            try await socket.repeating(trade)
        }
        let (heard, day) = (Heard(), DayClock())
        try await running(
            session(connection(server.url, longestLife: DayClock.longestLife), heard, clock: day.clock)
        ) {
            try await wait { heard.story.count >= 2 }
            day.isOver.open()
            try await wait { heard.story.count >= 3 }
            first.open()
            try await wait { heard.story.count >= 4 }
            second.open()
            try await wait { heard.story.count >= 5 }
        }
        await server.stop()
        #expect(
            heard.story == [
                "a#1 open", "a#1 subscribed", "a#2 open", "a#1 lost: the connection ended", "a#2 subscribed",
                "a#2 closed: the recorder was ended",
            ])
    }

    @Test("when the recorder ends, its connections are closed, not lost")
    func ended() async throws {
        let server = try await WebSocketServer { socket, _ in try await socket.repeating(trade) }
        let heard = Heard()
        try await running(session(connection(server.url), heard, clock: fast(), patience: patience())) {
            try await wait { heard.story.count >= 2 }
        }
        await server.stop()
        #expect(heard.story == ["a#1 open", "a#1 subscribed", "a#1 closed: the recorder was ended"])
    }
}

@Suite("Waits before connecting again")
struct WaitTests {
    /// A clock that stands still, remembers each wait, and stops waiting after so many.
    private final class Waits: Sendable {
        let milliseconds = Mutex<[Int64]>([])

        func clock(_ most: Int) -> StreamClock {
            StreamClock {
                Timestamp(milliseconds: 1_795_000_000_000)
            } wait: { milliseconds in
                let count = self.milliseconds.withLock {
                    $0.append(milliseconds)
                    return $0.count
                }
                if count >= most { try await Task.sleep(for: .seconds(3600)) }
            }
        }
    }

    private func waits(_ most: Int, _ patience: StreamPatience, _ numbers: [Double]) async throws -> [Int64] {
        let server = try await PlainServer(.answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"))
        let (waits, heard) = (Waits(), Heard())
        let drawn = Mutex(0)
        let session = session(
            connection("ws://127.0.0.1:\(server.port)/ws"), heard, clock: waits.clock(most), patience: patience
        ) {
            drawn.withLock { count in
                defer { count += 1 }
                return numbers[count % numbers.count]
            }
        }
        try await running(session) { try await wait { waits.milliseconds.withLock(\.count) >= most } }
        await server.stop()
        #expect(heard.story.first == "a#1 lost: the server refused the connection with status 403")
        return waits.milliseconds.withLock { $0 }
    }

    @Test("the limit doubles from 2 s to 60 s with each failure, and the wait is anything below it")
    func doubles() async throws {
        // The limits are 2, 4, 8, 16, 32, 60 and 60 seconds.
        let numbers = [0.5, 0, 0.25, 0.75, 0.5, 0.5, 0.125]
        #expect(
            try await waits(7, StreamPatience(), numbers) == [1000, 0, 2000, 12_000, 16_000, 30_000, 7500])
    }

    @Test("after a connection that lived long enough the limit is 1 s again")
    func afterGoodLife() async throws {
        var patience = StreamPatience()
        patience.goodLife = 0
        #expect(try await waits(3, patience, [0.5, 0.75, 0]) == [500, 750, 0])
    }
}
