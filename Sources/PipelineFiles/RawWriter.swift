import Gzip
import JSONReader
import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One HTTP request and its response as they are stored: what was requested, when, and what came back, byte for byte.
public struct RawLine: Sendable {
    /// The exchange that was asked.
    public var exchange: Exchange
    /// The endpoint's name in the adapter's table.
    public var endpoint: String
    /// `GET` or `POST`.
    public var method: String
    /// The URL as sent, with a base URL override where there is one.
    public var url: String
    /// The body of a `POST` request; `nil` for a `GET`.
    public var requestBody: String?
    /// The contract that was asked about, in a file of the past; `nil` elsewhere.
    public var symbol: String?
    /// When the request was sent, on our clock.
    public var sentAt: Timestamp
    /// When the response was received, on our clock.
    public var receivedAt: Timestamp
    /// The number of the attempt, counted from 1.
    public var attempt: Int
    /// The HTTP status; 0 when no response came.
    public var status: Int
    /// Why no response came, or why it was not accepted; `nil` without an error.
    public var error: String?
    /// The headers of the response that matter, in their stored order, with names in lower case.
    public var headers: [(name: String, value: String)]
    /// Bytes of the body as received, before content decoding.
    public var wireBytes: Int
    /// The body after content decoding; `nil` when no response came, and where it is kept as an archive.
    public var body: [UInt8]?
    /// The file in which the body is kept, in a record of archives; `nil` elsewhere.
    public var archive: KeptArchive?
    /// Whether the response came from a simulator.
    public var isSimulated = false

    /// The event of a line that says for which span of the past an exchange has answered.
    static let answered = "answered"

    /// Creates a line; unless stated otherwise it is the first attempt, without error and headers.
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

/// Writes raw files: gzipped NDJSON, one line per HTTP request; in files of streams, one per message and per event of a
/// connection too.
public final class RawWriter {
    /// The deepest nesting of a body that is stored as JSON; a deeper one is stored as text.
    static let deepestBody = 64

    private let lines = ByteBuffer(capacity: 1 << 20)
    private let parser = JSONParser()

    /// A writer without lines.
    public init() {}

    /// Appends a line.
    public func append(_ line: RawLine) {
        var json = JSONLine(into: lines)
        json.add("exchange", line.exchange.id)
        json.add("endpoint", line.endpoint)
        json.add("method", line.method)
        json.add("url", line.url)
        json.add("request_body", line.requestBody)
        json.add("symbol", line.symbol)
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
            append(bytes, to: &json, as: ("body", "body_text", "body_base64"))
        }
        if let archive = line.archive {
            json.add("archive", archive.path)
            json.add("archive_bytes", Int64(archive.bytes))
            json.add("archive_sha256", archive.sha256)
            json.add("checksum", archive.checksum.rawValue)
            json.add("stated_sha256", archive.statedSHA256)
            if archive.wasThere { json.add("was_there", true) }
        }
        if line.isSimulated { json.add("simulated", true) }
        json.end()
    }

    /// Appends a message of a stream as it came: text of a frame, or what a frame of gzip held.
    public func append(
        message: UnsafeBufferPointer<UInt8>, of connection: String, _ exchange: Exchange, receivedAt: Timestamp,
        isSimulated: Bool = false
    ) {
        var json = JSONLine(into: lines)
        json.add("exchange", exchange.id)
        json.add("connection", connection)
        json.add("received_at_ms", receivedAt)
        append(message, to: &json, as: ("message", "message_text", "message_base64"))
        if isSimulated { json.add("simulated", true) }
        json.end()
    }

    /// Appends what the recorder notes about a connection.
    public func append(_ event: StreamEvent, of exchange: Exchange, isSimulated: Bool = false) {
        var json = JSONLine(into: lines)
        json.add("exchange", exchange.id)
        json.add("connection", event.connection)
        json.add("at_ms", event.at)
        json.add("event", event.kind.rawValue)
        json.add("reason", event.reason)
        json.add("control_messages", event.controlMessages)
        if isSimulated { json.add("simulated", true) }
        json.end()
    }

    /// Appends that an exchange has answered whole for a span of the past.
    public func append(_ span: HistorySpan, of exchange: Exchange, _ dataset: HistoryDataset) {
        var json = JSONLine(into: lines)
        json.add("exchange", exchange.id)
        json.add("dataset", dataset.rawValue)
        json.add("event", RawLine.answered)
        json.add("symbol", span.symbol)
        json.add("from_ms", span.from)
        json.add("to_ms", span.to)
        json.end()
    }

    private func append(headers: [(name: String, value: String)]) {
        lines.append(UInt8(ascii: "{"))
        for (index, header) in headers.enumerated() {
            if index > 0 { lines.append(UInt8(ascii: ",")) }
            lines.appendJSON(header.name)
            lines.append(UInt8(ascii: ":"))
            lines.appendJSON(header.value)
        }
        lines.append(UInt8(ascii: "}"))
    }

    /// Bytes under the first key that can hold them: as JSON, as text, in base 64.
    private func append(
        _ bytes: UnsafeBufferPointer<UInt8>, to json: inout JSONLine,
        as keys: (json: StaticString, text: StaticString, base64: StaticString)
    ) {
        if isPlainJSON(bytes) {
            json.key(keys.json)
            lines.append(bytes)
        } else if let text = String(validating: bytes, as: UTF8.self) {
            json.add(keys.text, text)
        } else {
            json.add(keys.base64, Data(bytes).base64EncodedString())
        }
    }

    /// Whether a body can be part of a line as it is.
    private func isPlainJSON(_ body: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !body.starts(with: [0xEF, 0xBB, 0xBF]), !body.contains(where: { $0 == 0x0A || $0 == 0x0D }) else {
            return false
        }
        guard let value = try? parser.parseStrictly(body) else { return false }  // not JSON: stored as text
        return value.depth <= Self.deepestBody
    }

    /// Bytes of the lines.
    public var count: Int { lines.count }

    /// Whether there is no line.
    public var isEmpty: Bool { lines.count == 0 }

    /// The gzipped lines, as one member.
    public func gzipped() -> ByteBuffer {
        let output = ByteBuffer(capacity: lines.count / 4)
        // Raw files are written once and kept for a long time.
        Deflater(for: .size).deflate(lines.bytes, into: output)
        return output
    }

    /// Removes all lines.
    public func removeAll() { lines.removeAll() }

    /// Writes the lines as a whole file.
    /// - Throws: `FileError` when the file cannot be written.
    public func write(to path: String) throws(FileError) {
        try FileSystem.write(gzipped(), to: path)
    }

    /// Adds the lines to a file of failed attempts, as another gzip member.
    /// - Throws: `FileError` when the file cannot be read or written.
    public func add(to path: String) throws(FileError) {
        let content = ByteBuffer()
        if FileSystem.exists(path) { try FileSystem.read(path, into: content) }
        content.append(gzipped())
        try FileSystem.write(content, to: path)
    }
}
