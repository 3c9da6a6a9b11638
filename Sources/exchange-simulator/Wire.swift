import Gzip
import NIOCore
import NIOHTTP1
import PerpCore
import SimulatedMarket

#if canImport(Glibc)
    @preconcurrency import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A response as it is sent to the client.
struct WireResponse: Sendable {
    typealias Writer = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: WireBody

    static func plain(_ status: HTTPResponseStatus, _ text: String) -> WireResponse {
        WireResponse(status: status, headers: ["content-type": "text/plain"], body: .whole(Array(text.utf8)))
    }

    /// - Parameter isLast: whether the connection is closed behind the response.
    func write(to writer: Writer, isLast: Bool) async throws {
        var headers = headers
        if let length = body.length { headers.replaceOrAdd(name: "content-length", value: String(length)) }
        if isLast { headers.replaceOrAdd(name: "connection", value: "close") }
        try await writer.write(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)))
        try await body.write(to: writer)
        try await writer.write(.end(nil))
    }
}

/// A body, complete or faulty.
enum WireBody: Sendable {
    case whole([UInt8])
    case slow([UInt8], bytesPerSecond: Int)
    /// Ends the connection behind so many bytes.
    case cut([UInt8], after: Int)
    case endless
    /// A gzip that inflates to so many megabytes.
    case bomb(megabytes: Int)

    /// Bodies up to this length in bytes are not compressed.
    static let smallestGzip = 256
    /// Thrown to cut a body: the server then closes the connection.
    private struct Cut: Error {}

    static func gzipped(_ body: [UInt8]) -> [UInt8] {
        let output = PerpCore.ByteBuffer(capacity: body.count / 4 + 64)
        body.withUnsafeBufferPointer { Deflater(for: .speed).deflate($0, into: output) }
        return output.array
    }

    /// The length that the head announces; `nil` for a body in chunks.
    var length: Int? {
        switch self {
        case .whole(let bytes), .slow(let bytes, _): bytes.count
        case .cut(let bytes, let count): max(bytes.count, count + 1)
        case .endless, .bomb: nil
        }
    }

    func write(to writer: WireResponse.Writer) async throws {
        func write(_ bytes: some Sequence<UInt8>) async throws {
            try await writer.write(.body(.byteBuffer(NIOCore.ByteBuffer(bytes: bytes))))
        }
        switch self {
        case .whole(let bytes):
            if !bytes.isEmpty { try await write(bytes) }
        case .slow(let bytes, let pace):
            let step = max(1, pace / 10)
            var rest = bytes[...]
            while !rest.isEmpty {
                try await write(rest.prefix(step))
                rest = rest.dropFirst(step)
                try await Task.sleep(for: .seconds(Double(step) / Double(pace)))
            }
        case .cut(let bytes, let count):
            try await write(bytes.prefix(count))
            try await Task.sleep(for: .milliseconds(20))  // so that the bytes are sent first
            throw Cut()
        case .endless:
            try await write("[".utf8)
            let rows = Array(String(repeating: #"{"symbol":"BTCUSDT","price":"1"},"#, count: 1000).utf8)
            while !Task.isCancelled { try await write(rows) }
            throw Cut()
        case .bomb(let megabytes):
            try await write(FaultBodies.bombStart)
            let zeros = Array(repeating: UInt8(0), count: 64 * 1024)
            var rest = FaultBodies.bombCore(megabytes: megabytes)
            while rest > 0 {
                try await write(zeros.prefix(rest))
                rest -= zeros.count
            }
            try await write(FaultBodies.bombEnd)
        }
    }
}

/// Flushes standard output, since a reader of a pipe waits for the line.
func flushStandardOutput() { fflush(stdout) }

/// Ends the program with status 0 when it is told to end: nothing is open that would have to be closed.
func endOnSignals() {
    for number in [SIGTERM, SIGINT] { signal(number) { _ in _exit(0) } }
}

/// Writes one line to standard error.
func complain(_ text: String) { fputs("exchange-simulator: \(text)\n", stderr) }

/// Whether standard error is a terminal.
var isTerminal: Bool { isatty(fileno(stderr)) == 1 }

/// Replaces the current line of the terminal.
func showProgress(_ text: String) { fputs("\r\u{1B}[K\(text)", stderr) }
