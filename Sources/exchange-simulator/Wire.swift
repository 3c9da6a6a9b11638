import Gzip
import HTTPTypes
import HummingbirdCore
import NIOCore
import PerpCore
import SimulatedMarket

#if canImport(Glibc)
    @preconcurrency import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Bodies as they are sent to the client, complete or faulty.
enum Wire {
    /// Bodies up to this length in bytes are not compressed.
    static let smallestGzip = 256
    /// Thrown to cut a body: the server then closes the connection.
    private struct Cut: Error {}

    static func gzipped(_ body: [UInt8]) -> [UInt8] {
        let output = PerpCore.ByteBuffer(capacity: body.count / 4 + 64)
        body.withUnsafeBufferPointer { Deflater(for: .speed).deflate($0, into: output) }
        return output.array
    }

    static func whole(_ body: [UInt8]) -> ResponseBody {
        ResponseBody(byteBuffer: NIOCore.ByteBuffer(bytes: body))
    }

    static func slow(_ body: [UInt8], bytesPerSecond pace: Int) -> ResponseBody {
        let step = max(1, pace / 10)
        return ResponseBody(contentLength: body.count) { writer in
            var rest = body[...]
            while !rest.isEmpty {
                try await writer.write(NIOCore.ByteBuffer(bytes: rest.prefix(step)))
                rest = rest.dropFirst(step)
                try await Task.sleep(for: .seconds(Double(step) / Double(pace)))
            }
            try await writer.finish(nil)
        }
    }

    static func cut(_ body: [UInt8], after count: Int) -> ResponseBody {
        ResponseBody(contentLength: max(body.count, count + 1)) { writer in
            try await writer.write(NIOCore.ByteBuffer(bytes: body.prefix(count)))
            try await Task.sleep(for: .milliseconds(20))  // so that the bytes are sent first
            throw Cut()
        }
    }

    static func endless() -> ResponseBody {
        ResponseBody { writer in
            try await writer.write(NIOCore.ByteBuffer(string: "["))
            let rows = NIOCore.ByteBuffer(
                string: String(repeating: #"{"symbol":"BTCUSDT","price":"1"},"#, count: 1000))
            while !Task.isCancelled { try await writer.write(rows) }
            throw Cut()
        }
    }

    static func bomb(megabytes: Int) -> ResponseBody {
        ResponseBody { writer in
            try await writer.write(NIOCore.ByteBuffer(bytes: FaultBodies.bombStart))
            let zeros = NIOCore.ByteBuffer(repeating: 0, count: 64 * 1024)
            var rest = FaultBodies.bombCore(megabytes: megabytes)
            while rest > 0 {
                try await writer.write(zeros.getSlice(at: 0, length: min(rest, zeros.readableBytes)) ?? zeros)
                rest -= zeros.readableBytes
            }
            try await writer.write(NIOCore.ByteBuffer(bytes: FaultBodies.bombEnd))
            try await writer.finish(nil)
        }
    }
}

/// Flushes standard output, since a reader of a pipe waits for the line.
func flushStandardOutput() { fflush(stdout) }

/// Writes one line to standard error.
func complain(_ text: String) { fputs("exchange-simulator: \(text)\n", stderr) }

/// Whether standard error is a terminal.
var isTerminal: Bool { isatty(fileno(stderr)) == 1 }

/// Replaces the current line of the terminal.
func showProgress(_ text: String) { fputs("\r\u{1B}[K\(text)", stderr) }
