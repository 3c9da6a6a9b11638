import Foundation

/// A server that sends wrong HTTP for every exchange.
enum RudeFaults {
    private static let body = #"{"code":"0","data":[]}"#

    static let all: [FaultScenario] = [
        rude("a content-length above the body", "closed before") {
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n\(body)"
        },
        rude("a content-length below the body", "the body is not JSON") {
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n\(body)"
        },
        rude("no HTTP", "not HTTP") { "SSH-2.0-OpenSSH_9.2\r\n" },
        rude("nothing, and close", "closed before") { "" },
        rude("headers without an end", "header") {
            "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Filler: \(String(repeating: "x", count: 1000))\r\n", count: 2000)
        },
        rude("a redirect to a file", "status 302") {
            "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"
        },
    ]

    private static func rude(_ what: String, _ word: String, _ response: @escaping @Sendable () -> String) -> FaultScenario {
        FaultScenario("an exchange sends \(what): extract", from: "empty") { scene in
            let server = try RudeServer(response: Array(response().utf8))
            defer { server.stop() }
            try scene.suffer(
                "extract", ["--hour", FaultsBench.hour, "--exchanges", "okx"], status: 69, saying: ["okx failed", word],
                settings: ["PERPS_BASE_URL": "\(server.address)/{hour}/{exchange}"])
            try ExchangeFaults.again(scene)
            scene.preserved("complete after the next run")
        }
    }
}

/// Sends the same bytes on every connection, whatever the request is, and closes it.
final class RudeServer: Sendable {
    let address: String
    private let socket: Int32

    /// - Parameter after: seconds of silence before the response.
    init(response: [UInt8], after: UInt32 = 0) throws {
        #if canImport(Glibc)
            let (stream, quiet) = (Int32(SOCK_STREAM.rawValue), Int32(MSG_NOSIGNAL))
        #else
            let (stream, quiet) = (SOCK_STREAM, Int32(0))
        #endif
        let socket = Foundation.socket(AF_INET, stream, 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(socket, name, length) == 0 && getsockname(socket, name, &length) == 0 && listen(socket, 64) == 0
            }
        }
        guard isListening else { throw FaultsFailure("no socket on loopback") }
        self.socket = socket
        address = "http://127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
        Thread.detachNewThread {
            while true {
                let peer = accept(socket, nil, nil)
                guard peer >= 0 else { return }
                var request = [UInt8](repeating: 0, count: 4096)
                _ = recv(peer, &request, request.count, 0)
                sleep(after)
                // Sending fails when the peer has closed the connection, which is fine.
                _ = send(peer, response, response.count, quiet)
                close(peer)
            }
        }
    }

    func stop() {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }
}
