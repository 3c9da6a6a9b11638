import NIOWebSocket
import Synchronization
import Testing

@testable import Transport

extension WebSocketReader<WebSocketMessage> {
    static var asTheyCome: Self { Self { $0 } }
}

/// What a client heard: its messages in order, and why the connection ended.
private func heard(
    _ url: String, _ settings: TransportSettings = TransportSettings()
) async throws -> (messages: [WebSocketMessage], reason: String?) {
    try await WebSocketClient(settings).withConnection(to: url, reader: .asTheyCome) { socket in
        let messages = Mutex<[WebSocketMessage]>([])
        let reason = try await socket.forEachMessage { message in messages.withLock { $0.append(message) } }
        return (messages.withLock { $0 }, reason)
    }
}

/// The error with which a connection ends; `nil` when it ends without one.
private func failure(_ url: String, _ settings: TransportSettings = TransportSettings()) async -> WebSocketError? {
    do {
        _ = try await heard(url, settings)
        return nil
    } catch {
        return error as? WebSocketError
    }
}

private func message(_ text: String, isBinary: Bool = false) -> WebSocketMessage {
    WebSocketMessage(bytes: Array(text.utf8), isBinary: isBinary)
}

@Suite("WebSockets")
struct WebSocketTests {
    @Test("messages come whole, text or binary, in one frame or in several, and closing says why")
    func messages() async throws {
        let server = try await WebSocketServer { socket, _ in
            try await socket.send("one")
            try await socket.send(.text, Array("tw".utf8), isLast: false)
            // A frame of control may come between the parts of a message.
            try await socket.send(.ping, Array("in between".utf8))
            try await socket.send(.continuation, [], isLast: false)
            try await socket.send(.continuation, Array("o".utf8))
            try await socket.send(.binary, [0x1F, 0x8B])
            try await socket.close(code: 1001, "maintenance")
            try await socket.hold()
        }
        let (messages, reason) = try await heard(server.url)
        await server.stop()
        #expect(
            messages == [message("one"), message("two"), WebSocketMessage(bytes: [0x1F, 0x8B], isBinary: true)])
        #expect(reason == "closed by the exchange with code 1001: maintenance")
    }

    @Test("messages that are read as nothing are not heard of")
    func screened() async throws {
        let server = try await WebSocketServer { socket, _ in
            for number in 1...5 { try await socket.send("\(number)") }
            try await socket.close(code: 1000, "")
        }
        let reader = WebSocketReader<String>(gathering: .milliseconds(20)) { message in
            let text = String(decoding: message.bytes, as: UTF8.self)
            return text == "2" || text == "4" ? nil : text
        }
        let texts = try await WebSocketClient().withConnection(to: server.url, reader: reader) { socket in
            let texts = Mutex<[String]>([])
            _ = try await socket.forEachMessage { text in texts.withLock { $0.append(text) } }
            return texts.withLock { $0 }
        }
        await server.stop()
        #expect(texts == ["1", "3", "5"])
    }

    @Test("of a connection that sends much, all comes, however long messages may wait")
    func much() async throws {
        let server = try await WebSocketServer { socket, _ in
            let kilobyte = [UInt8](repeating: 0x20, count: 1024)
            for _ in 1...2000 { try await socket.send(.text, kilobyte) }
            try await socket.close(code: 1000, "")
        }
        let reader = WebSocketReader<Int>(gathering: .milliseconds(10)) { $0.bytes.count }
        let total = try await WebSocketClient().withConnection(to: server.url, reader: reader) { socket in
            let total = Mutex(0)
            _ = try await socket.forEachMessage { size in total.withLock { $0 += size } }
            return total.withLock { $0 }
        }
        await server.stop()
        #expect(total == 2000 * 1024)
    }

    @Test("a ping frame is answered with its very bytes", arguments: [[], [0, 255, 13, 10], Array("17950".utf8)])
    func ping(payload: [UInt8]) async throws {
        let answer = Mutex<[UInt8]?>(nil)
        let server = try await WebSocketServer { socket, _ in
            try await socket.send(.ping, payload)
            let received = try await socket.next(.pong)
            answer.withLock { $0 = received }
        }
        _ = try? await heard(server.url)
        await server.stop()
        #expect(answer.withLock { $0 } == payload)
    }

    @Test(
        "a server that does not upgrade is told by its status",
        arguments: [("403 Forbidden", 403), ("302 Found\r\nLocation: ws://127.0.0.1:1/", 302), ("200 OK", 200)])
    func refused(line: String, status: Int) async throws {
        let server = try await PlainServer(.answer("HTTP/1.1 \(line)\r\nContent-Length: 0\r\n\r\n"))
        let error = await failure("ws://127.0.0.1:\(server.port)/ws")
        await server.stop()
        #expect(error == .notUpgraded(status: status))
        #expect(error?.description == "the server refused the connection with status \(status)")
    }

    @Test("a message longer than 4 MiB ends the connection, in one frame or in several", arguments: [1, 5])
    func tooLong(parts: Int) async throws {
        let server = try await WebSocketServer { socket, _ in
            let part = [UInt8](repeating: 0x20, count: (4 << 20) / parts + 1)
            for number in 1...parts {
                try await socket.send(number == 1 ? .text : .continuation, part, isLast: number == parts)
            }
            try await socket.hold()
        }
        let error = await failure(server.url)
        await server.stop()
        #expect(error == .tooLong(limit: 4_194_304))
    }

    @Test("a connection that is cut within a frame ends, and half a message is none")
    func cut() async throws {
        let server = try await WebSocketServer { socket, _ in
            guard try await socket.text() == "go on" else { return }
            try await socket.send("whole")
            try await socket.send(.text, Array(#"{"e":"#.utf8), isLast: false)
        }
        let messages = Mutex<[WebSocketMessage]>([])
        _ = try? await WebSocketClient().withConnection(to: server.url, reader: .asTheyCome) { socket in
            try await socket.send("go on")
            return try await socket.forEachMessage { message in messages.withLock { $0.append(message) } }
        }
        await server.stop()
        #expect(messages.withLock { $0 } == [message("whole")])
    }

    @Test("a server that never answers is waited for so long only")
    func silent() async throws {
        let server = try await PlainServer(.silent)
        var settings = TransportSettings()
        settings.connectTimeout = .seconds(1)
        let error = await failure("ws://127.0.0.1:\(server.port)/ws", settings)
        await server.stop()
        #expect(error == .timedOut(seconds: 1))
    }

    @Test("a cancelled task stops waiting for a server that never answers")
    func cancelled() async throws {
        let server = try await PlainServer(.silent)
        let url = "ws://127.0.0.1:\(server.port)/ws"
        let task = Task { try await heard(url) }
        while server.heads.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await server.stop()
    }

    @Test("a closed port is an error at once, and so is an address that is none")
    func noServer() async throws {
        let server = try await PlainServer(.silent)
        await server.stop()
        #expect(await failure("ws://127.0.0.1:\(server.port)/ws") == .failed("the connection was refused"))
        #expect(await failure("http://127.0.0.1/") == .badAddress("http://127.0.0.1/"))
    }
}

@Suite("WebSockets over TLS")
struct SecureWebSocketTests {
    private func trusting() -> TransportSettings {
        var settings = TransportSettings()
        settings.trustedRoots = [TestCertificate.pem]
        return settings
    }

    private func server() async throws -> WebSocketServer {
        try await WebSocketServer(tls: TestCertificate.server()) { socket, _ in
            try await socket.send("hello")
            try await socket.close(code: 1000, "")
            try await socket.hold()
        }
    }

    @Test("a trusted certificate for the name passes")
    func trusted() async throws {
        let server = try await server()
        let (messages, reason) = try await heard("wss://localhost:\(server.port)/ws", trusting())
        await server.stop()
        #expect(messages == [message("hello")] && reason == "closed by the exchange with code 1000")
    }

    @Test("a certificate that nobody vouches for is refused")
    func untrusted() async throws {
        let server = try await server()
        let error = await failure("wss://localhost:\(server.port)/ws")
        await server.stop()
        #expect(error == .failed("the server's certificate is not trusted"))
    }

    @Test("a trusted certificate for another name is refused")
    func otherName() async throws {
        let server = try await server()
        let error = await failure("wss://127.0.0.1:\(server.port)/ws", trusting())
        await server.stop()
        #expect(error == .failed("the server's certificate is for another name"))
    }

    @Test("TLS goes through a proxy to the name that was asked for")
    func throughProxy() async throws {
        let server = try await server()
        let proxy = try await PlainServer(.tunnel(port: server.port))
        var settings = trusting()
        settings.proxy = try ProxySettings(https: "http://127.0.0.1:\(proxy.port)")
        let (messages, _) = try await heard("wss://exchange.invalid/ws", settings)
        let error = await failure("wss://other.invalid:8443/ws", settings)
        await server.stop()
        await proxy.stop()
        #expect(messages == [message("hello")])
        #expect(error == .failed("the server's certificate is for another name"))
        #expect(
            proxy.heads.map { $0.split(separator: "\r\n").first } == [
                "CONNECT exchange.invalid:443 HTTP/1.1", "CONNECT other.invalid:8443 HTTP/1.1",
            ])
    }
}

@Suite("WebSockets through proxies")
struct ProxiedWebSocketTests {
    private func settings(_ port: Int) throws -> TransportSettings {
        var settings = TransportSettings()
        settings.proxy = try ProxySettings(http: "http://me:secret@127.0.0.1:\(port)")
        return settings
    }

    @Test("the proxy is asked for a tunnel with the password, and the server is not told of either")
    func tunnel() async throws {
        let target = try await PlainServer(.answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"))
        let proxy = try await PlainServer(.tunnel(port: target.port))
        let error = await failure("ws://exchange.invalid/market?x=1", try settings(proxy.port))
        await proxy.stop()
        await target.stop()
        #expect(error == .notUpgraded(status: 403))
        let asked = try #require(proxy.heads.first).lowercased()
        #expect(asked.hasPrefix("connect exchange.invalid:80 http/1.1\r\nhost: exchange.invalid:80\r\n"))
        #expect(asked.contains("\r\nproxy-authorization: basic bwu6c2vjcmv0\r\n"))
        let head = try #require(target.heads.first)
        #expect(head.hasPrefix("GET /market?x=1 HTTP/1.1\r\nHost: exchange.invalid\r\n"))
        #expect(!head.lowercased().contains("proxy"))
    }

    @Test("messages come through the tunnel")
    func messages() async throws {
        let server = try await WebSocketServer { socket, _ in
            try await socket.send("hello")
            try await socket.close(code: 1000, "")
            try await socket.hold()
        }
        let proxy = try await PlainServer(.tunnel(port: server.port))
        let (messages, _) = try await heard("ws://exchange.invalid/ws", try settings(proxy.port))
        await proxy.stop()
        await server.stop()
        #expect(messages == [message("hello")])
    }

    @Test(
        "a proxy that refuses is named, without the password",
        arguments: [
            (
                .answer("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 5\r\n\r\nlogin"),
                "the proxy 127.0.0.1 wants other credentials: status 407"
            ),
            (
                .answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
                "the proxy 127.0.0.1 refused the connection with status 403"
            ),
            (.close, "the proxy 127.0.0.1 closed the connection"),
        ] as [(PlainServer.Behavior, String)])
    func refused(behavior: PlainServer.Behavior, words: String) async throws {
        let proxy = try await PlainServer(behavior)
        let error = await failure("ws://exchange.invalid/ws", try settings(proxy.port))
        await proxy.stop()
        #expect(error?.description == words)
    }

    @Test("a proxy that never answers is waited for so long only")
    func silent() async throws {
        let proxy = try await PlainServer(.silent)
        var settings = try settings(proxy.port)
        settings.connectTimeout = .seconds(1)
        let error = await failure("ws://exchange.invalid/ws", settings)
        await proxy.stop()
        #expect(error?.description == "the proxy 127.0.0.1: no connection in 1 seconds")
    }

    @Test("a proxy that is not there is named, too")
    func absent() async throws {
        let proxy = try await PlainServer(.silent)
        await proxy.stop()
        let error = await failure("ws://exchange.invalid/ws", try settings(proxy.port))
        #expect(error?.description == "the proxy 127.0.0.1: the connection was refused")
    }

    @Test("this machine's own addresses go without it")
    func direct() async throws {
        let target = try await PlainServer(.answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"))
        let proxy = try await PlainServer(.close)
        let error = await failure("ws://127.0.0.1:\(target.port)/ws", try settings(proxy.port))
        await proxy.stop()
        await target.stop()
        #expect(error == .notUpgraded(status: 403))
        #expect(proxy.heads.isEmpty)
    }

    @Test("a stream's scheme picks the proxy as that of a call does, and lower-case settings count")
    func schemes() throws {
        let values = ["https_proxy": "one:1", "HTTP_PROXY": "two:2", "no_proxy": "b.invalid"]
        let settings = try ProxySettings(settings: { values[$0] })
        #expect(settings.server(for: "wss://a.invalid/ws")?.host == "one")
        #expect(settings.server(for: "ws://a.invalid/ws")?.host == "two")
        #expect(settings.server(for: "wss://b.invalid/ws") == nil)
    }
}
