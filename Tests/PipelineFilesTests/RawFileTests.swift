import Foundation
import PerpCore
import PipelineFiles
import Testing

@Suite("Raw files")
struct RawFileTests {
    private func line(_ body: [UInt8]?, status: Int = 200, error: String? = nil) -> RawLine {
        RawLine(
            exchange: .okx, endpoint: "tickers", method: "GET", url: "https://www.okx.com/api?a=\"b\"", sentAt: Timestamp(milliseconds: 1000),
            receivedAt: Timestamp(milliseconds: 2000), status: status, error: error, headers: [("date", "today"), ("retry-after", "1")],
            wireBytes: 7, body: body)
    }

    private func text(_ line: RawLine) throws -> String {
        let folder = try TemporaryFolder()
        let writer = RawWriter()
        writer.append(line)
        try writer.write(to: "\(folder.path)/okx.ndjson.gz")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", "\(folder.path)/okx.ndjson.gz"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    @Test("the keys stand in their order, and the body as it came")
    func keys() throws {
        #expect(
            try text(line(Array(#"{"data": [1.50]}"#.utf8)))
                == #"{"exchange":"okx","endpoint":"tickers","method":"GET","url":"https://www.okx.com/api?a=\"b\"","sent_at_ms":1000,"received_at_ms":2000,"attempt":1,"status":200,"headers":{"date":"today","retry-after":"1"},"wire_bytes":7,"body_bytes":16,"body_sha256":"2f8d35dbb6c9bf5a54c3d4a9ed4b5bd0a5a2e3ec8ad1bf27c8ef3d8cfd6b2e2a","body":{"data": [1.50]}}"#.replacing(/"body_sha256":"[0-9a-f]+"/, with: #""body_sha256":"\#(sha256(ByteBuffer(Array(#"{"data": [1.50]}"#.utf8))))""#) + "\n")
    }

    private static let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)

    /// Bodies with what their lines say of them.
    private static let kept: [(body: [UInt8], line: String)] = [
        (Array(#"[1,"é"]"#.utf8), #""body":[1,"é"]"#),
        (Array("[1,\n2]".utf8), #""body_text":"[1,\n2]""#),
        (Array("<html>".utf8), #""body_text":"<html>""#),
        ([], #""body_text":"""#),
        ([0xFF, 0xFE], #""body_base64":"//4=""#),
        (Array("\u{FEFF}[]".utf8), "\"body_text\":\"\u{FEFF}[]\""),
        (Array(deepest.utf8), #""body":[["#),
        (Array("[\(deepest)]".utf8), #""body_text":"[["#),
        (Array("[1e400]".utf8), #""body_text":"[1e400]""#),
    ]

    @Test("a body is kept as JSON, as text or as base64", arguments: kept)
    func bodies(body: [UInt8], expected: String) throws { #expect(try text(line(body)).contains(expected)) }

    @Test("a request without a response has an error and no body")
    func noResponse() throws {
        let text = try text(line(nil, status: 0, error: "timed out"))
        #expect(text.contains(#""status":0,"error":"timed out","headers""#))
        #expect(text.contains(#""body_bytes":0}"#))
    }

    @Test("lines are read back; a broken one is refused by its number and the others go on")
    func read() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/okx.ndjson.gz"
        let writer = RawWriter()
        writer.append(line(Array("[1]".utf8)))
        writer.append(line(Array("{\n\"a\": 1e400}".utf8)))
        writer.append(line(Array("<html>".utf8)))
        try writer.write(to: path)
        try writer.add(to: path)
        var bodies: [String] = []
        let reader = RawReader()
        try reader.open(path)
        try reader.readLines { line in
            guard case .response(let response) = line else { return }
            bodies.append(response.body.map { $0.array == nil ? "object" : "array" } ?? response.bodyProblem.map { _ in "none" } ?? "")
        } refuse: { _, reason, _ in
            Issue.record("\(reason)")
        }
        #expect(bodies == ["array", "object", "none", "array", "object", "none"])
        #expect(reader.storedSHA256.count == 64)
    }

    @Test("a file that is no gzip, or holds no raw line, is refused whole")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/okx.ndjson.gz"
        try Data("not gzip".utf8).write(to: URL(filePath: path))
        #expect(throws: FormatError.self) { try lines(of: path) }
        let empty = RawWriter()
        try empty.write(to: path)
        #expect(throws: FormatError.self) { try lines(of: path) }
    }

    private func lines(of path: String) throws {
        let reader = RawReader()
        try reader.open(path)
        try reader.readLines(handle: { _ in }, refuse: { _, _, _ in })
    }

    @Test("a run's report comes back as it was written")
    func runReport() throws {
        let folder = try TemporaryFolder()
        let paths = ArchivePaths(raw: folder.path, staged: "")
        let hour = try #require(Hour("2025-10-23T15"))
        let report = RunReport(
            hour: hour, startedAt: hour.startTime, finishedAt: hour.end, enabled: [.okx, .gate],
            exchanges: [
                .init(
                    exchange: .okx, outcome: .failed, cause: .banned, reason: "418",
                    endpoints: [.init(id: "tickers", calls: 1, failed: 1, attempts: 3, weight: 40, ok: false)])
            ], version: "1")
        try RunFile.write(report, in: paths)
        #expect(try RunFile.read(hour, in: paths) == [report])
        #expect(try RunFile.read(hour.next, in: paths).isEmpty)
    }
}
