import Synchronization
import Testing

@testable import Notifiers

@Suite("Sending to Discord")
struct DiscordSenderTests {
    private static let retryBody = #"{"message":"limited","retry_after":0.8}"#

    @Test(
        "what becomes of a message",
        arguments: [
            Story([.init(status: 204)], .delivered(messageID: nil), waits: []),
            Story([.init(status: 200, body: #"{"id":"7"}"#)], .delivered(messageID: "7"), waits: []),
            Story(
                [.init(status: 429, headers: ["retry-after": "1.5"], body: retryBody), .init(status: 204)],
                .delivered(messageID: nil), waits: [1.5]),
            Story([.init(status: 429, body: retryBody), .init(status: 204)], .delivered(messageID: nil), waits: [0.8]),
            Story(
                [.init(status: 429, headers: ["retry-after": "61"])],
                .later(seconds: 61, reason: "discord.com: HTTP 429"), waits: []),
            Story(
                [.init(status: 500), .init(status: 502), .init(status: 500)],
                .later(seconds: nil, reason: "discord.com: HTTP 500"), waits: [1.25, 2.5]),
            Story([.init(status: 0, body: "cut"), .init(status: 204)], .delivered(messageID: nil), waits: [1.25]),
            Story(
                [.init(status: 400, body: "bad\nembed")], .refused(reason: "discord.com: HTTP 400: bad"), waits: []),
            Story([.init(status: 401)], .closed(reason: "discord.com: HTTP 401"), waits: []),
            Story([.init(status: 403)], .closed(reason: "discord.com: HTTP 403"), waits: []),
            Story([.init(status: 404)], .closed(reason: "discord.com: HTTP 404"), waits: []),
        ])
    func story(_ story: Story) async throws {
        let bench = Bench(story.answers)
        let sender = try bench.sender()
        let (delivery, attempts) = try await sender.send(Self.message)
        #expect(delivery == story.delivery)
        #expect(attempts == story.answers.count)
        #expect(bench.waits == story.waits)
    }

    @Test("a run waits a minute in total for a receiver that is busy")
    func totalWait() async throws {
        let busy = WebhookResponse(status: 429, headers: ["retry-after": "25"])
        let bench = Bench([busy, busy, busy])
        let (delivery, attempts) = try await bench.sender().send(Self.message)
        #expect(delivery == .later(seconds: 25, reason: "discord.com: HTTP 429"))
        #expect(attempts == 3)
        #expect(bench.waits == [25, 25])
    }

    @Test("who names no time is asked less and less often, and a minute at most", arguments: [nil, "0", "soon", "0.01"])
    func unnamedWait(named: String?) async throws {
        let busy = WebhookResponse(status: 429, headers: named.map { ["retry-after": $0] } ?? [:])
        let bench = Bench(Array(repeating: busy, count: 6))
        let (delivery, attempts) = try await bench.sender().send(Self.message)
        #expect(delivery == .later(seconds: 32, reason: "discord.com: HTTP 429"))
        #expect(attempts == 6)
        #expect(bench.waits == [1, 2, 4, 8, 16])
    }

    @Test("five requests in two seconds, no more")
    func pacing() async throws {
        let bench = Bench(Array(repeating: WebhookResponse(status: 204), count: 11))
        let sender = try bench.sender()
        for _ in 0..<11 { _ = try await sender.send(Self.message) }
        #expect(bench.waits == [2, 2])
    }

    @Test("a limit that is used up is waited for before the next message")
    func remaining() async throws {
        let last = WebhookResponse(
            status: 204, headers: ["x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "1.75"])
        let bench = Bench([last, WebhookResponse(status: 204)])
        let sender = try bench.sender()
        for _ in 0..<2 { _ = try await sender.send(Self.message) }
        #expect(bench.waits == [1.75])
    }

    @Test("the address is never shown", arguments: ["/api/webhooks/123456789/s3cr3t-t0k3n", "s3cr3t-t0k3n"])
    func secret(part: String) async throws {
        let bench = Bench([WebhookResponse(status: 400, body: "no such thing: \(part)")])
        let (delivery, _) = try await bench.sender().send(Self.message)
        #expect(!"\(delivery)".contains("t0k3n"))
        let url = try WebhookURL(Bench.url)
        #expect("\(url)" == "discord.com")
        #expect(String(reflecting: url) == "discord.com")
        var dumped = ""
        dump(url, to: &dumped)
        #expect(!dumped.contains("t0k3n"))
        #expect(bench.urls == [Bench.url + "?wait=true"])
    }

    @Test(
        "addresses that are none", arguments: ["", "discord.com/api", "ftp://discord.com/x", "http://discord.com/x"])
    func badAddress(text: String) {
        #expect(throws: WebhookURLError.self) { try WebhookURL(text) }
    }

    private static let message = DiscordMessage(embeds: [])

    struct Story: Sendable {
        let answers: [WebhookResponse]
        let delivery: Delivery
        let waits: [Double]

        init(_ answers: [WebhookResponse], _ delivery: Delivery, waits: [Double]) {
            self.answers = answers
            self.delivery = delivery
            self.waits = waits
        }
    }
}

/// A receiver that answers from a list, and a clock that only waiting moves.
private final class Bench: Sendable {
    static let url = "https://discord.com/api/webhooks/123456789/s3cr3t-t0k3n"

    private struct State {
        var answers: [WebhookResponse]
        var now = 0.0
        var waits: [Double] = []
        var urls: [String] = []
    }

    private let state: Mutex<State>

    init(_ answers: [WebhookResponse]) { state = Mutex(State(answers: answers)) }

    var waits: [Double] { state.withLock(\.waits) }
    var urls: [String] { state.withLock(\.urls) }

    func sender() throws -> DiscordSender {
        let environment = DiscordSender.Environment(
            now: { self.state.withLock(\.now) },
            sleep: { seconds in
                self.state.withLock {
                    $0.now += seconds
                    $0.waits.append(seconds)
                }
            },
            random: { 0.5 })
        return DiscordSender(try WebhookURL(Self.url), environment: environment) { url, _ in
            self.state.withLock {
                $0.urls.append(url)
                return $0.answers.isEmpty ? WebhookResponse(status: 204) : $0.answers.removeFirst()
            }
        }
    }
}
