import ExchangeAdapters
import Testing

@testable import StreamClient

@Suite("Connections that follow a list")
struct ConnectionsTests {
    @Test("only what changed is replaced, and is closed when all that is new is subscribed")
    func changes() async throws {
        let gate = Gate()
        let server = try await WebSocketServer { socket, number in
            if number > 2 { try await gate.wait() }
            try await socket.repeating(trade)
        }
        let heard = Heard()
        let connections = StreamConnections { session($0, heard, clock: fast(), patience: patience()) }
        let (lists, next) = AsyncStream.makeStream(of: [StreamConnection].self)
        let task = Task { await connections.run(lists) }
        func of(_ name: String) -> [String] {
            heard.story.filter { $0.hasPrefix(name + "#") }.map { String($0.drop { $0 != " " }.dropFirst()) }
        }
        let (a, b, c) = (connection(server.url, name: "a"), connection(server.url, name: "b"), connection(server.url, name: "c"))
        let other = connection(server.url, name: "b", subscriptions: ["more"])

        next.yield([a, b])
        try await wait { heard.story.count >= 4 }
        next.yield([a, other, c])
        try await wait { heard.story.count >= 6 }
        #expect(of("a") == ["open", "subscribed"])
        #expect(of("b") == ["open", "subscribed", "open"] && of("c") == ["open"])
        gate.open()
        try await wait { heard.story.count >= 9 }
        #expect(of("a") == ["open", "subscribed"] && of("c") == ["open", "subscribed"])
        #expect(of("b") == ["open", "subscribed", "open", "subscribed", "closed: planned change of connection"])

        // Nothing is new, so there is nothing to wait for.
        next.yield([a])
        try await wait { heard.story.count >= 11 }
        #expect(of("b").last == of("c").last && of("c").last == "closed: planned change of connection")
        task.cancel()
        await task.value
        await server.stop()
        #expect(of("a") == ["open", "subscribed", "closed: the recorder was ended"])
        #expect(heard.story.count == 12)
    }
}
