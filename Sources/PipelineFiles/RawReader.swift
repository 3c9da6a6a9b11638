import Gzip
import JSONReader
import PerpCore

/// One line of a raw file: a view that is valid until the reader's next line.
public struct RawResponse {
    /// The id of the exchange; `nil` when the line does not say.
    public let exchange: String?
    /// The endpoint's name in the adapter's table.
    public let endpoint: String
    /// The URL as it was sent.
    public let url: String
    /// The body of a `POST` request; `nil` for a `GET`.
    public let requestBody: String?
    /// The contract that was asked about, in a file of the past; `nil` where the line names none.
    public let symbol: String?
    /// When the request was sent, on our clock; `nil` when the line does not say.
    public let sentAt: Timestamp?
    /// When the response was received, on our clock.
    public let receivedAt: Timestamp
    /// The HTTP status; 0 when no response came.
    public let status: Int
    /// Why no response came, or why it was not accepted; `nil` without an error.
    public let error: String?
    /// The body of the response; `nil` when none came or it is not JSON: `bodyProblem` then says why.
    public let body: JSONValue?
    /// Why there is no `body`; `nil` when there is one.
    public let bodyProblem: String?
    /// The first 200 characters of a body that is not JSON; `nil` for any other.
    public let bodyText: String?
    /// The file in which the body is kept, in a record of archives; `nil` elsewhere.
    public let archive: KeptArchive?
    /// Whether the response came from a simulator.
    public let isSimulated: Bool

    /// The same without its body.
    var withoutBody: RawResponse {
        RawResponse(
            exchange: exchange, endpoint: endpoint, url: url, requestBody: requestBody, symbol: symbol, sentAt: sentAt,
            receivedAt: receivedAt, status: status, error: error, body: nil, bodyProblem: nil, bodyText: nil,
            archive: archive, isSimulated: isSimulated)
    }
}

/// A message of a stream: a view that is valid until the reader's next line.
public struct RawMessage {
    /// The id of the exchange; `nil` when the line does not say.
    public let exchange: String?
    /// The connection that received it.
    public let connection: String
    /// When it was received, on our clock.
    public let receivedAt: Timestamp
    /// The message; `nil` when it is not JSON.
    public let body: JSONValue?
    /// Whether it came from a simulator.
    public let isSimulated: Bool
}

/// A line of a raw file.
public enum RawFileLine {
    /// An HTTP request and its response.
    case response(RawResponse)
    /// A message of a stream.
    case message(RawMessage)
    /// What the recorder noted about a connection.
    case event(StreamEvent, isSimulated: Bool)
    /// What `backfill` noted: an exchange has answered whole for a span of the past.
    case answered(HistorySpan)
}

/// What a line says of the origin of the file that it is in.
public struct RawLineOrigin: Sendable {
    /// The exchange that it names.
    public let exchange: Exchange
    /// The endpoint that was asked; `nil` in a line that is no response.
    public let endpoint: String?
    /// The dataset of the past that it names; `nil` in most lines.
    public let dataset: HistoryDataset?
    /// Whether it is a message of a stream, or an event of a connection.
    public let isOfStream: Bool
    /// When the request was sent; `nil` when the line does not say.
    public let sentAt: Timestamp?
    /// When the answer or the message was received, or the event happened; `nil` when the line does not say.
    public let heardAt: Timestamp?
}

/// Reads raw files. One task uses it for many files.
public final class RawReader {
    private let compressed = ByteBuffer(capacity: 1 << 20)
    private let text = ByteBuffer(capacity: 1 << 22)
    private let bodyText = ByteBuffer()
    private let inflater = Inflater()
    private let lineParser = JSONParser()
    private let bodyParser = JSONParser()
    private let memory = AnswerMemory()
    /// A line without its body.
    private let header = ByteBuffer()

    private var isInflated = false

    /// The path of the file that was opened last; blank before the first.
    public private(set) var path = ""
    /// The SHA-256 of the stored bytes of the file that was opened last; blank when it could not be read.
    public private(set) var storedSHA256 = ""
    /// The size in bytes of the decompressed lines of the file that was read last.
    public var textCount: Int { text.count }

    /// A reader without an open file.
    public init() {}

    /// Reads the stored bytes of a file and computes their hash.
    /// - Throws: `FileError` when the file cannot be read.
    public func open(_ path: String) throws(FileError) {
        try open(path) { (buffer) throws(FileError) in try FileSystem.read(path, into: buffer) }
    }

    /// Reads the stored bytes of a file from standard input and computes their hash.
    /// - Parameter path: what the file is called in errors.
    /// - Throws: `FileError` when standard input cannot be read.
    public func openStandardInput(as path: String) throws(FileError) {
        try open(path) { (buffer) throws(FileError) in try FileSystem.readStandardInput(into: buffer, as: path) }
    }

    private func open(_ path: String, _ read: (ByteBuffer) throws(FileError) -> Void) throws(FileError) {
        self.path = path
        storedSHA256 = ""
        compressed.removeAll()
        try read(compressed)
        storedSHA256 = sha256(compressed.bytes)
        isInflated = false
    }

    /// Takes the decompressed lines of a file instead of a file, for a copy that was changed in memory: it has no path and no
    /// hash.
    public func open(lines: UnsafeBufferPointer<UInt8>) {
        path = ""
        storedSHA256 = ""
        text.removeAll()
        text.append(lines)
        isInflated = true
    }

    /// Calls `handle` with what each line of the opened file says of the file's origin; lines that name no exchange are left
    /// out.
    /// - Throws: `FormatError` when the file is not gzip.
    public func readOrigins(_ handle: (RawLineOrigin) -> Void) throws(FormatError) {
        try inflate()
        for line in text.bytes.lines {
            guard var members = try? lineParser.parse(padded: line).object,  // a broken line states nothing
                let exchange = members.value("exchange")?.string.flatMap(Exchange.init(rawValue:))
            else { continue }
            handle(
                RawLineOrigin(
                    exchange: exchange, endpoint: members.value("endpoint")?.string,
                    dataset: members.value("dataset")?.string.flatMap(HistoryDataset.init(rawValue:)),
                    isOfStream: members.value("endpoint") == nil && members.value("connection") != nil,
                    sentAt: calendarTime("sent_at_ms", in: &members),
                    heardAt: calendarTime("at_ms", in: &members) ?? calendarTime("received_at_ms", in: &members)))
        }
    }

    private func calendarTime(_ key: StaticString, in members: inout JSONObject) -> Timestamp? {
        members.value(key)?.integer.map(Timestamp.init(milliseconds:)).flatMap { $0.isCalendarTime ? $0 : nil }
    }

    /// Calls `handle` with each line of the opened file, or `refuse` with the number, counted from 0, of a line that
    /// cannot be read.
    /// - Parameters:
    ///   - repeated: called instead of `handle` with a response whose body is that of a kept answer, which has this number, and
    ///     is not parsed: `body` is `nil`. Returns `false` where the body must be parsed after all; `handle` is then called.
    ///   - keep: called after `handle` with a response, and the number that the answers to its request have. Returns whether
    ///     this one is to be kept.
    /// - Throws: `FormatError` when the file is not gzip or has no raw line.
    public func readLines(
        handle: (RawFileLine) -> Void, refuse: (_ line: Int, _ reason: String, _ text: String) -> Void,
        repeated: (_ response: RawResponse, _ answer: Int) -> Bool = { _, _ in false },
        keep: (_ response: RawResponse, _ answer: Int) -> AnswerKeeping = { _, _ in .no }
    ) throws(FormatError) {
        try inflate()
        var count = 0
        var good = 0
        for line in text.bytes.lines {
            do {
                let isKnown = repetition(in: line).map { repeated($0.response, $0.answer) } ?? false
                if !isKnown {
                    let content = try content(of: line)
                    handle(content)
                    if case .response(let response) = content { remember(response, of: line, keep) }
                }
                good += 1
            } catch {
                refuse(count, "\(error)", String(decoding: line.prefix(200), as: UTF8.self))
            }
            count += 1
        }
        guard good > 0 else { throw FormatError(path: path, reason: "has no line of a raw file") }
    }

    /// Calls `handle` with each line of a text that can be read.
    static func forEachLine(of text: ByteBuffer, _ handle: (RawFileLine) -> Void) {
        let reader = RawReader()
        for line in text.bytes.lines {
            if let content = try? reader.content(of: line) { handle(content) }  // a broken line tells nothing
        }
    }

    // MARK: - Repeated answers

    /// What stands behind the body of a line; `nil` for any other end.
    private static func ending(of line: UnsafeBufferPointer<UInt8>) -> StaticString? {
        let simulated: StaticString = ",\"simulated\":true}"
        if line.ends(with: simulated) { return simulated }
        return line.ends(with: "}") ? "}" : nil
    }

    /// A response of which only the header is parsed, because its body is that of a kept answer.
    private func repetition(in line: UnsafeBufferPointer<UInt8>) -> (response: RawResponse, answer: Int)? {
        guard line.count >= AnswerMemory.shortestLine, let ending = Self.ending(of: line),
            let body = line.end(of: "\"body\":", among: 4096)
        else { return nil }
        header.removeAll()
        header.append(UnsafeBufferPointer(rebasing: line[..<body]))
        header.append("null" as StaticString)
        header.append(ending)
        // What cannot be read so is read in full, and then the error is told.
        guard case .response(let response)? = header.withBytes({ try? content(of: $0) }),
            let answer = memory.number(of: response, repeating: UnsafeBufferPointer(rebasing: line[body...]))
        else { return nil }
        return (response.withoutBody, answer)
    }

    /// Keeps a response, if that is wanted, and its body is the last member of its line but for the word of a simulator.
    private func remember(
        _ response: RawResponse, of line: UnsafeBufferPointer<UInt8>,
        _ keep: (RawResponse, Int) -> AnswerKeeping
    ) {
        guard line.count >= AnswerMemory.shortestLine, response.requestBody == nil, let value = response.body,
            let ending = Self.ending(of: line), let body = line.end(of: "\"body\":", among: 4096)
        else { return }
        let behind = value.memberBehind
        let isLast = ending.utf8CodeUnitCount == 1 ? behind == nil : behind?.name == "simulated"
        guard isLast, behind?.value.memberBehind == nil,
            case .yes(let unreadTime) = keep(response, memory.number(of: response))
        else { return }
        memory.keep(UnsafeBufferPointer(rebasing: line[body...]), of: response, unreadTime: unreadTime)
    }

    private func inflate() throws(FormatError) {
        guard !isInflated else { return }
        text.removeAll()
        do throws(GzipError) {
            try inflater.inflate(compressed.bytes, into: text)
        } catch {
            throw FormatError(path: path, reason: "\(error)")
        }
        isInflated = true
    }

    private func content(of line: UnsafeBufferPointer<UInt8>) throws -> RawFileLine {
        guard var members = try lineParser.parse(padded: line).object else { throw LineError.notAnObject }
        if members.value("event")?.string == RawLine.answered { return .answered(try span(&members)) }
        guard members.value("endpoint") == nil, let connection = members.value("connection")?.string else {
            return .response(try response(&members))
        }
        let isSimulated = members.value("simulated")?.bool ?? false
        return members.value("event") == nil
            ? .message(try message(&members, of: connection, isSimulated))
            : .event(try event(&members, of: connection), isSimulated: isSimulated)
    }

    private func message(
        _ members: inout JSONObject, of connection: String, _ isSimulated: Bool
    ) throws -> RawMessage {
        RawMessage(
            exchange: members.value("exchange")?.string, connection: connection,
            receivedAt: try time("received_at_ms", in: &members), body: members.value("message"),
            isSimulated: isSimulated)
    }

    private func event(_ members: inout JSONObject, of connection: String) throws -> StreamEvent {
        let at = try time("at_ms", in: &members)
        guard let word = members.value("event")?.string, let kind = StreamEvent.Kind(rawValue: word) else {
            throw LineError.unknown(field: "event", value: members.value("event")?.summary ?? "")
        }
        return StreamEvent(
            connection: connection, at: at, kind: kind, reason: members.value("reason")?.string,
            controlMessages: members.value("control_messages")?.integer)
    }

    private func span(_ members: inout JSONObject) throws -> HistorySpan {
        let from = try time("from_ms", in: &members)
        let to = try time("to_ms", in: &members)
        guard from < to else { throw LineError.unknown(field: "to_ms", value: "\(to.milliseconds)") }
        return HistorySpan(symbol: members.value("symbol")?.string ?? "", from: from, to: to)
    }

    private func time(_ key: StaticString, in members: inout JSONObject) throws -> Timestamp {
        guard let time = calendarTime(key, in: &members) else { throw LineError.missing("\(key)") }
        return time
    }

    private func response(_ members: inout JSONObject) throws -> RawResponse {
        let exchange = members.value("exchange")?.string
        guard let endpoint = members.value("endpoint")?.string else { throw LineError.missing("endpoint") }
        guard let url = members.value("url")?.string else { throw LineError.missing("url") }
        let requestBody = members.value("request_body")?.string
        let sentAt = members.value("sent_at_ms")?.integer.map(Timestamp.init(milliseconds:))
        let receivedAt = try time("received_at_ms", in: &members)
        guard let status = members.value("status")?.integer else { throw LineError.missing("status") }
        let error = members.value("error")?.string
        let body = try body(&members)
        return RawResponse(
            exchange: exchange, endpoint: endpoint, url: url, requestBody: requestBody,
            symbol: members.value("symbol")?.string, sentAt: sentAt, receivedAt: receivedAt, status: Int(status),
            error: error,
            body: body.value, bodyProblem: body.problem, bodyText: body.text, archive: try archive(&members),
            isSimulated: members.value("simulated")?.bool ?? false)
    }

    private func archive(_ members: inout JSONObject) throws -> KeptArchive? {
        guard let path = members.value("archive")?.string else { return nil }
        guard KeptArchive.isPath(path) else { throw LineError.unknown(field: "archive", value: path) }
        guard let bytes = members.value("archive_bytes")?.integer else { throw LineError.missing("archive_bytes") }
        guard let sum = members.value("archive_sha256")?.string else { throw LineError.missing("archive_sha256") }
        let word = members.value("checksum")?.string ?? ""
        guard let checksum = KeptArchive.Checksum(rawValue: word) else {
            throw LineError.unknown(field: "checksum", value: word)
        }
        return KeptArchive(
            path: path, bytes: Int(bytes), sha256: sum, checksum: checksum,
            statedSHA256: members.value("stated_sha256")?.string,
            wasThere: members.value("was_there")?.bool ?? false)
    }

    private func body(_ members: inout JSONObject) throws -> (value: JSONValue?, problem: String?, text: String?) {
        if let value = members.value("body") { return (value, nil, nil) }
        if let text = members.value("body_text")?.utf8 {
            bodyText.removeAll()
            bodyText.append(
                text.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeBufferPointer(rebasing: text.dropFirst(3)) : text)
            do throws(JSONError) {
                return (try bodyParser.parse(bodyText), nil, nil)
            } catch {
                return (nil, "the body is not JSON: \(error)", String(decoding: text.prefix(200), as: UTF8.self))
            }
        }
        if let base64 = members.value("body_base64")?.string {
            return (nil, "the body is not UTF-8", String(base64.prefix(200)))
        }
        return (nil, "there is no body", nil)
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func ends(with text: StaticString) -> Bool {
        text.withUTF8Buffer { text in suffix(text.count).elementsEqual(text) }
    }

    /// The end of the first occurrence of a text among the first bytes; `nil` without one.
    fileprivate func end(of text: StaticString, among limit: Int) -> Int? {
        text.withUTF8Buffer { text in
            var index = 0
            while index + text.count <= Swift.min(count, limit) {
                if self[index] == text[0], self[index..<index + text.count].elementsEqual(text) {
                    return index + text.count
                }
                index += 1
            }
            return nil
        }
    }
}
