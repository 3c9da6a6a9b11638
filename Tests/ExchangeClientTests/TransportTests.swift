import PerpCore
import Testing

@testable import ExchangeClient
@testable import Transport

@Suite("HTTP against a server that misbehaves", .timeLimit(.minutes(1)), .serialized)
struct TransportTests {
    /// Sends one call with small caps; short timeouts only where they are what is tested.
    private func send(_ path: String, method: String = "GET", body: String? = nil) async throws -> Reply {
        let server = try await MisbehavingServer()
        var settings = TransportSettings()
        if path == "/silent" { settings.readTimeout = .milliseconds(300) }
        if path == "/slow" { settings.totalTimeout = .milliseconds(700) }
        settings.mostWireBytes = 1 << 20
        settings.mostBodyBytes = 1 << 20
        let transport = HTTPTransport(settings)
        let reply = try await transport.send(Call(method: method, url: server.url + path, body: body, limit: "x"))
        await transport.shutdown()
        try await server.stop()
        return reply
    }

    @Test("a plain and a gzipped body are the same, and both lengths are known")
    func bodies() async throws {
        for path in ["/plain", "/gzip"] {
            let reply = try await send(path)
            #expect(reply.status == 200)
            #expect(reply.error == nil)
            #expect(String(decoding: reply.body, as: UTF8.self) == MisbehavingServer.json)
            let wire = path == "/gzip" ? MisbehavingServer.gzipped(reply.body).count : reply.body.count
            #expect(reply.wireBytes == wire)
        }
        #expect(try await send("/gzip").headers.kept.map(\.name) == ["content-encoding", "date"])
    }

    @Test("what the network library says of names and certificates is said in plain words")
    func words() async throws {
        let said = "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268435581 error:1000007d:SSL routines:"
        #expect(
            HTTPTransport.words(of: said + "OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at /x.cc:1]))")
                == "the server's certificate is not trusted")
        #expect(HTTPTransport.words(of: said + "WRONG_VERSION_NUMBER])") == "no TLS connection could be made")
        #expect(HTTPTransport.words(of: "Connection reset by peer") == "Connection reset by peer")
        let transport = HTTPTransport(TransportSettings())
        let reply = try await transport.send(Call(url: "http://perps.invalid/", limit: "x"))
        await transport.shutdown()
        #expect(reply.status == 0 && reply.error == "the server's name does not resolve")
    }

    @Test("a request names the project, asks for gzip, and posts its JSON")
    func request() async throws {
        let reply = try await send("/echo", method: "POST", body: #"{"type":"metaAndAssetCtxs"}"#)
        let head = String(decoding: reply.body, as: UTF8.self).lowercased()
        #expect(head.hasPrefix("post /echo http/1.1\r\n"))
        #expect(head.contains("user-agent: perps-warehouse/"))
        #expect(head.contains("accept-encoding: gzip\r\n"))
        #expect(head.contains("content-type: application/json\r\n"))
        #expect(head.contains("content-length: 27\r\n"))
    }

    @Test("a status is told with its body and headers, and a redirect is not followed")
    func statuses() async throws {
        let busy = try await send("/status")
        #expect(busy.status == 429)
        #expect(busy.headers["retry-after"] == "7")
        #expect(busy.beginning == "busy")
        #expect(try await send("/redirect").status == 302)
    }

    @Test(
        "what does not come whole is no response, and says why",
        arguments: [
            ("/silent", "nothing received for 0.3 seconds"), ("/slow", "no whole response in 0.7 seconds"),
            ("/cut", "the connection was closed before the response was whole"),
            ("/reset", "the connection was closed before the response was whole"),
        ])
    func broken(path: String, reason: String) async throws {
        let reply = try await send(path)
        #expect(reply.status == 0)
        #expect(try #require(reply.error).hasPrefix(reason))
        #expect(reply.body.isEmpty)
    }

    @Test(
        "a body that is too large, damaged or in another coding is refused with its status",
        arguments: [
            ("/endless", "the body is longer than 1048576 bytes", true),
            ("/bomb", "gzip data holds more than 1048576 bytes", true),
            ("/truncated", "gzip data is damaged or cut short", false),
            ("/brotli", "the content coding 'br' was not asked for", false),
        ])
    func undecodable(path: String, error: String, isDropped: Bool) async throws {
        let reply = try await send(path)
        #expect(reply.status == 200)
        #expect(reply.error == error)
        #expect(reply.body.isEmpty == isDropped)
        #expect(reply.isTooLarge == isDropped)
    }

    @Test("a call goes through the proxy, which gets the password")
    func proxy() async throws {
        let server = try await MisbehavingServer()
        var settings = TransportSettings()
        settings.proxy = try ProxySettings(http: server.url.replacing("http://", with: "http://me:secret@"))
        let transport = HTTPTransport(settings)
        let reply = try await transport.send(Call(url: "http://nowhere.invalid/echo", limit: "x"))
        await transport.shutdown()
        try await server.stop()
        #expect(reply.error == nil)
        let head = String(decoding: reply.body, as: UTF8.self).lowercased()
        #expect(head.hasPrefix("connect nowhere.invalid:80 http/1.1\r\n"))
        #expect(head.contains("proxy-authorization: basic bwu6c2vjcmv0\r\n"))
        #expect(head.contains("get /echo http/1.1\r\n") && head.contains("\r\nhost: nowhere.invalid\r\n"))
    }

    @Test("a closed port is an error at once")
    func refused() async throws {
        let server = try await MisbehavingServer()
        try await server.stop()
        let transport = HTTPTransport()
        let reply = try await transport.send(Call(url: server.url + "/plain", limit: "x"))
        await transport.shutdown()
        #expect(reply.status == 0)
        #expect(try #require(reply.error).lowercased().contains("refused"))
    }

    @Test("a cancelled task stops waiting")
    func cancelled() async throws {
        let server = try await MisbehavingServer()
        let transport = HTTPTransport()
        let task = Task { try await transport.send(Call(url: server.url + "/silent", limit: "x")) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await transport.shutdown()
        try await server.stop()
    }
}
