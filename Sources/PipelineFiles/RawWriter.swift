import Gzip
import JSONReader
import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One HTTP exchange as it is kept: what was asked, when, and what came back, byte for byte.
public struct RawLine: Sendable {
    public var exchange: Exchange
    public var endpoint: String
    /// `GET` or `POST`.
    public var method: String
    /// As sent, a base URL override and all.
    public var url: String
    public var requestBody: String?
    /// Our clock.
    public var sentAt: Timestamp
    public var receivedAt: Timestamp
    /// 1 for the first try.
    public var attempt: Int
    /// HTTP status; 0 when no response came.
    public var status: Int
    /// Why no response came, or why one was not taken.
    public var error: String?
    /// The response's own headers that matter, in the order to keep, names in lower case.
    public var headers: [(name: String, value: String)]
    /// Length as received, before content decoding.
    public var wireBytes: Int
    /// The body after content decoding; `nil` when no response came.
    public var body: [UInt8]?
    /// Whether a simulator answered.
    public var isSimulated = false

    public init(
        exchange: Exchange, endpoint: String, method: String, url: String, requestBody: String? = nil,
        sentAt: Timestamp, receivedAt: Timestamp, attempt: Int = 1, status: Int, error: String? = nil,
        headers: [(name: String, value: String)] = [], wireBytes: Int, body: [UInt8]?
    ) {
        self.exchange = exchange
        self.endpoint = endpoint
        self.method = method
        self.url = url
        self.requestBody = requestBody
        self.sentAt = sentAt
        self.receivedAt = receivedAt
        self.attempt = attempt
        self.status = status
        self.error = error
        self.headers = headers
        self.wireBytes = wireBytes
        self.body = body
    }
}

/// Writes raw files: gzipped NDJSON, one line an HTTP exchange.
public final class RawWriter {
    /// A body that is nested deeper is kept as text.
    static let deepestBody = 64

    private let lines = ByteBuffer(capacity: 1 << 20)
    private let parser = JSONParser()

    public init() {}

    public func append(_ line: RawLine) {
        var json = JSONLine(into: lines)
        json.add("exchange", line.exchange.id)
        json.add("endpoint", line.endpoint)
        json.add("method", line.method)
        json.add("url", line.url)
        json.add("request_body", line.requestBody)
        json.add("sent_at_ms", line.sentAt)
        json.add("received_at_ms", line.receivedAt)
        json.add("attempt", Int64(line.attempt))
        json.add("status", Int64(line.status))
        json.add("error", line.error)
        json.key("headers")
        append(headers: line.headers)
        json.add("wire_bytes", Int64(line.wireBytes))
        json.add("body_bytes", Int64(line.body?.count ?? 0))
        line.body?.withUnsafeBufferPointer { bytes in
            json.add("body_sha256", sha256(bytes))
            append(body: bytes, to: &json)
        }
        if line.isSimulated { json.add("simulated", true) }
        json.end()
    }

    private func append(headers: [(name: String, value: String)]) {
        lines.append(UInt8(ascii: "{"))
        for (place, header) in headers.enumerated() {
            if place > 0 { lines.append(UInt8(ascii: ",")) }
            lines.appendJSON(header.name)
            lines.append(UInt8(ascii: ":"))
            lines.appendJSON(header.value)
        }
        lines.append(UInt8(ascii: "}"))
    }

    private func append(body: UnsafeBufferPointer<UInt8>, to json: inout JSONLine) {
        if isPlainJSON(body) {
            json.key("body")
            lines.append(body)
        } else if let text = String(validating: body, as: UTF8.self) {
            json.add("body_text", text)
        } else {
            json.add("body_base64", Data(body).base64EncodedString())
        }
    }

    /// Whether a body may stand in a line as it is.
    private func isPlainJSON(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !body.starts(with: [0xEF, 0xBB, 0xBF]), !body.contains(where: { $0 == 0x0A || $0 == 0x0D }) else {
            return false
        }
        guard let value = try? parser.parseStrictly(body) else { return false }  // not JSON: kept as text
        return value.depth <= Self.deepestBody
    }

    /// The gzipped lines, as one member.
    public func gzipped() -> ByteBuffer {
        let output = ByteBuffer(capacity: lines.count / 4)
        // Raw files are written once and kept for long.
        Deflater(for: .size).deflate(lines.bytes, into: output)
        return output
    }

    public func removeAll() { lines.removeAll() }

    /// Writes the file whole.
    public func write(to path: String) throws(FileError) {
        try FileSystem.write(gzipped(), to: path)
    }

    /// Adds the lines to a file of failed attempts, which is then a stream of several members.
    public func add(to path: String) throws(FileError) {
        let content = ByteBuffer()
        if FileSystem.exists(path) { try FileSystem.read(path, into: content) }
        content.append(gzipped())
        try FileSystem.write(content, to: path)
    }
}
