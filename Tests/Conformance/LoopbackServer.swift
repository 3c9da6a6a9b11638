import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Serves HTTP/1.1 on a free port of loopback, from a table of paths: `/{hour}/{exchange}` and the exchange's own path.
///
/// It has one thread per connection, and lives as long as the process.
final class LoopbackServer: Sendable {
    private struct ServerState {
        var responses: [String: [String: ServedResponse]] = [:]
        var asked: [String: Set<String>] = [:]
        var unknown: [String] = []
    }

    let port: UInt16
    private let socket: CInt
    private let state = Mutex(ServerState())

    init() throws {
        #if canImport(Glibc)
            socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #else
            socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socket
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isReady else { throw ConformanceFailure("cannot listen on loopback: \(String(cString: strerror(errno)))") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                if connection >= 0 { Thread.detachNewThread { self.serve(connection) } }
            }
        }
    }

    /// Serves the responses of an exchange's hour below `pathPrefix`: `2025-01-01T00/okx`.
    func serve(_ responses: [String: ServedResponse], at pathPrefix: String) {
        state.withLock { state in
            state.responses[pathPrefix] = responses
            state.asked[pathPrefix] = []
        }
    }

    /// The planned requests of an exchange's hour that were never made.
    func unasked(at pathPrefix: String) -> [String] {
        state.withLock { state in
            Set(state.responses[pathPrefix].map { Array($0.keys) } ?? []).subtracting(state.asked[pathPrefix] ?? []).sorted()
        }
    }

    /// The requests that are in no plan.
    var unknown: [String] { state.withLock { $0.unknown } }

    private func served(method: String, target: Substring, body: String) -> ServedResponse {
        let parts = target.split(separator: "/", maxSplits: 2)
        let pathPrefix = parts.prefix(2).joined(separator: "/")
        let key = ServedPlan.key(method: method, target: "/" + (parts.count > 2 ? parts[2] : ""), body: body)
        return state.withLock { state in
            guard let served = state.responses[pathPrefix]?[key] else {
                state.unknown.append("\(pathPrefix) \(key)")
                return ServedResponse(status: 404, contentType: "text/plain", body: Data("no recording\n".utf8))
            }
            state.asked[pathPrefix]?.insert(key)
            return served
        }
    }

    // MARK: - One connection

    private func serve(_ connection: CInt) {
        defer { close(connection) }
        // A client that closes the connection must not end this process.
        #if canImport(Glibc)
            let flags = CInt(MSG_NOSIGNAL)
        #else
            let flags: CInt = 0
            var yes: CInt = 1
            setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<CInt>.size))
        #endif
        var received: [UInt8] = []
        while let request = Self.nextRequest(connection, &received) {
            let served = served(method: request.method, target: request.target[...], body: request.body)
            var response = Data(
                """
                HTTP/1.1 \(served.status) Recorded\r
                content-type: \(served.contentType)\r
                content-length: \(served.body.count)\r
                \r\n
                """.utf8)
            response.append(served.body)
            let isSent = response.withUnsafeBytes { bytes in
                var sent = 0
                while sent < bytes.count {
                    let count = send(connection, bytes.baseAddress! + sent, bytes.count - sent, flags)  // never empty
                    guard count > 0 else { return false }
                    sent += count
                }
                return true
            }
            guard isSent else { return }
        }
    }

    private static func nextRequest(
        _ connection: CInt, _ received: inout [UInt8]
    ) -> (method: String, target: String, body: String)? {
        var buffer = [UInt8](repeating: 0, count: 8192)
        func more() -> Bool {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return false }
            received += buffer[..<count]
            return true
        }
        let blank = Array("\r\n\r\n".utf8)
        var end = received.firstRange(of: blank)
        while end == nil {
            guard more() else { return nil }
            end = received.firstRange(of: blank)
        }
        guard let end else { return nil }
        let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        let length =
            lines.lazy.map { $0.lowercased() }.first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) } ?? 0
        while received.count < end.upperBound + length {
            guard more() else { return nil }
        }
        let body = String(decoding: received[end.upperBound..<end.upperBound + length], as: UTF8.self)
        received.removeSubrange(..<(end.upperBound + length))
        return (words[0], words[1], body)
    }
}
