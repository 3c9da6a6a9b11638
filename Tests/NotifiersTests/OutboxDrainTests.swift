import PerpCore
import Synchronization
import Testing

@testable import Notifiers

@Suite("Emptying the outbox")
struct OutboxDrainTests {
    private let start = Timestamp(milliseconds: 1_761_231_840_000)

    @Test("a crash between sending and marking sends the same alert once more, and once only")
    func crash() async throws {
        let receiver = Receiver()
        let store = MemoryOutbox([message("a", tier: 1)])
        store.failsToMark = true
        await #expect(throws: MemoryOutbox.Crash.self) { try await drain(receiver).run(store) }
        store.failsToMark = false
        let report = try await drain(receiver).run(store)
        #expect(report.delivered == 1)
        #expect(try await drain(receiver).run(store).delivered == 0)
        #expect(receiver.titles == [["a"], ["a"]])
    }

    @Test("messages expire by tier", arguments: [(1, 2), (2, 4), (3, 12)])
    func expiry(tier: Int, hours: Int) async throws {
        let store = MemoryOutbox([message("a", tier: tier)])
        let last = start.advanced(byMilliseconds: Int64(hours) * 3_600_000)
        let early = try await OutboxDrain(nil, now: { last }).run(store)
        #expect(early.waiting == 1)
        let late = last.advanced(byMilliseconds: 1)
        let report = try await drain(Receiver(), at: late).run(store)
        #expect(report.expired == 1)
        #expect(report.delivered == 0)
        #expect(store.log == ["expire a"])
    }

    @Test("of a message that is refused each alert is tried alone, and the bad one is dead")
    func refused() async throws {
        let receiver = Receiver { titles in titles.contains("bad") ? 400 : 204 }
        let store = MemoryOutbox([message("a"), message("bad"), message("c")])
        let report = try await drain(receiver).run(store)
        #expect(receiver.titles == [["a", "bad", "c"], ["a"], ["bad"], ["c"]])
        #expect((report.delivered, report.dead) == (2, 1))
        #expect(store.log == ["postpone a bad c", "deliver a", "bury bad", "deliver c"])
    }

    @Test("a closed channel stops the run, and everything waits")
    func closed() async throws {
        let receiver = Receiver { _ in 404 }
        let store = MemoryOutbox((0..<11).map { message("\($0)") })
        let report = try await drain(receiver).run(store)
        #expect(report.closed?.contains("404") == true)
        #expect(report.waiting == 11)
        #expect(receiver.titles.count == 1)
    }

    @Test("a wish to stop is met after the message at hand, and the others wait")
    func stopped() async throws {
        let receiver = Receiver()
        let store = MemoryOutbox((0..<11).map { message("\($0)") })
        let report = try await drain(receiver, isStopped: { !receiver.titles.isEmpty }).run(store)
        #expect((report.delivered, report.waiting) == (10, 1))
        #expect(receiver.titles.count == 1)
    }

    @Test("a wait that is too long is kept for the next run")
    func postponed() async throws {
        let store = MemoryOutbox([message("a")])
        let receiver = Receiver(headers: ["retry-after": "90"]) { _ in 429 }
        let report = try await drain(receiver).run(store)
        #expect(report.waiting == 1)
        #expect(store.messages[0].nextAttemptAt == start.advanced(byMilliseconds: 90_000))
        let soon = try await drain(Receiver(), at: start.advanced(byMilliseconds: 60_000)).run(store)
        #expect((soon.delivered, soon.waiting) == (0, 1))
        #expect(try await drain(Receiver(), at: start.advanced(byMilliseconds: 90_000)).run(store).delivered == 1)
    }

    @Test("without a receiver messages wait")
    func noReceiver() async throws {
        let store = MemoryOutbox([message("a")])
        let time = start
        let report = try await OutboxDrain(nil, now: { time }).run(store)
        #expect(report.waiting == 1)
        #expect(store.log == [])
    }

    @Test("a payload that is no message is dead, and the others go out")
    func unreadable() async throws {
        var broken = message("b")
        broken.payload = "{"
        let store = MemoryOutbox([broken, message("a")])
        let report = try await drain(Receiver()).run(store)
        #expect((report.delivered, report.dead) == (1, 1))
    }

    private func drain(_ receiver: Receiver, at time: Timestamp? = nil, isStopped: @escaping @Sendable () -> Bool = { false }) throws -> OutboxDrain {
        let now = time ?? start
        let environment = DiscordSender.Environment(now: { 0 }, sleep: { _ in }, random: { 0 })
        let url = try WebhookURL("https://discord.com/api/webhooks/1/t")
        return OutboxDrain(DiscordSender(url, environment: environment, post: receiver.post), isStopped: isStopped, now: { now })
    }

    private func message(_ id: String, tier: Int = 2) -> OutboxMessage {
        let embed = DiscordEmbed(title: id, description: "d", color: 0, fields: [], footer: id, timestamp: "")
        let payload = try? DiscordMessage(embeds: [embed]).json()  // it has nothing that cannot be encoded
        return OutboxMessage(id: id, tier: tier, createdAt: start, payload: payload ?? "")
    }
}

/// Notes which embeds came, and answers with what they deserve.
private final class Receiver: Sendable {
    private let received = Mutex<[[String]]>([])
    private let headers: [String: String]
    private let status: @Sendable ([String]) -> Int

    init(headers: [String: String] = [:], status: @escaping @Sendable ([String]) -> Int = { _ in 204 }) {
        self.headers = headers
        self.status = status
    }

    var titles: [[String]] { received.withLock(\.self) }

    var post: DiscordSender.Post {
        { _, body in
            let titles = try DiscordMessage(json: body).embeds.map(\.title)
            self.received.withLock { $0.append(titles) }
            return WebhookResponse(status: self.status(titles), headers: self.headers)
        }
    }
}

/// An outbox in memory that can break at the worst moment.
private final class MemoryOutbox: OutboxStore {
    struct Crash: Error {}

    var messages: [OutboxMessage]
    var failsToMark = false
    var log: [String] = []

    init(_ messages: [OutboxMessage]) { self.messages = messages }

    func pending() throws -> [OutboxMessage] { messages }

    func expire(_ ids: [String]) throws { take("expire", ids) }

    func markDelivered(_ ids: [String], messageID: String?, attempts: Int, at time: Timestamp) throws {
        if failsToMark { throw Crash() }
        take("deliver", ids)
    }

    func postpone(_ ids: [String], attempts: Int, error: String, until time: Timestamp?) throws {
        log.append("postpone " + ids.joined(separator: " "))
        for place in messages.indices where ids.contains(messages[place].id) {
            messages[place].nextAttemptAt = time
            messages[place].attempts += attempts
        }
    }

    func bury(_ ids: [String], attempts: Int, error: String) throws { take("bury", ids) }

    private func take(_ what: String, _ ids: [String]) {
        log.append(what + " " + ids.joined(separator: " "))
        messages.removeAll { ids.contains($0.id) }
    }
}
