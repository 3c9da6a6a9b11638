import Foundation
import PerpCore
import PipelineFiles
import Testing

@testable import transform

/// `transform` as the child of another program: real processes.
@Suite("transform as a child")
final class ChildTests {
    private let hour = Hour("2025-10-23T15")!  // a literal hour
    private let folder = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path

    init() throws { try FileSystem.makeFolder(folder) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody

    /// The program beside the tests, which are a bundle on macOS and a file elsewhere.
    private static var program: URL {
        let tests = Bundle(for: ChildTests.self).bundleURL
        let folder = tests.pathExtension == "xctest" ? tests.deletingLastPathComponent() : tests
        return folder.appending(path: "transform")
    }

    private func process(_ arguments: String...) -> (process: Process, input: Pipe, output: Pipe, said: Pipe) {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let (input, output, said) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = said
        return (process, input, output, said)
    }

    /// Runs the program on some input; what it prints is less than a pipe holds.
    private func run(_ input: Data, _ arguments: String...) throws -> (status: Int32, output: Data, said: String) {
        let child = process()
        child.process.arguments = arguments
        try child.process.run()
        child.input.fileHandleForWriting.write(input)
        try child.input.fileHandleForWriting.close()
        let output = child.output.fileHandleForReading.readDataToEndOfFile()
        let said = String(decoding: child.said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.process.waitUntilExit()
        return (child.process.terminationStatus, output, said)
    }

    private var raw: String { "raw/2025-10-23/15/bybit.ndjson.gz" }
    private var staged: String { "staged/2025-10-23/15/bybit.ndjson.gz" }

    /// One good ticker and one that is refused.
    private func writeRaw() throws -> Data {
        let writer = RawWriter()
        let body = #"{"retCode":0,"result":{"list":[{"symbol":"BTCUSDT","lastPrice":"1"},{"symbol":"ETHUSDT","lastPrice":"x"}]},"time":1}"#
        writer.append(
            RawLine(
                exchange: .bybit, endpoint: "tickers", method: "GET", url: "http://x/", sentAt: hour.startTime,
                receivedAt: hour.startTime, status: 200, wireBytes: 0, body: Array(body.utf8)))
        try writer.write(to: "\(folder)/\(raw)")
        return try data(raw)
    }

    private func data(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)")) }

    private struct Answer: Decodable {
        var path: String
        var raw_sha256, staged, staged_sha256, error: String?
        var rows, rejections, status: Int?
    }

    private func answers(_ data: Data) throws -> [Answer] {
        try data.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Answer.self, from: $0) }
    }

    @Test("a stream is staged to the bytes of the file, and says how it went where it is asked to")
    func stream() throws {
        let content = try writeRaw()
        #expect(try run(Data(), raw).status == 0)
        let plain = try run(content, "--stream")
        #expect(try plain.status == 0 && plain.output == data(staged) && plain.said.isEmpty)
        let told = try run(content, "--stream", "--status", "--as", "s3://bucket/\(raw)")
        let answer = try #require(try answers(Data(told.said.utf8)).first)
        #expect(told.output == plain.output && answer.path == "s3://bucket/\(raw)")
        #expect(try answer.staged_sha256 == sha256(of: "\(folder)/\(staged)") && answer.staged == nil)
        #expect(try answer.raw_sha256 == sha256(of: "\(folder)/\(raw)") && answer.rows == 1 && answer.rejections == 1)
    }

    @Test("a stream that is cut short prints nothing, and is named with its status")
    func cutStream() throws {
        let result = try run(try writeRaw().dropLast(9), "--stream")
        #expect(result.status == 65 && result.output.isEmpty)
        #expect(result.said.hasPrefix("transform: standard input: gzip data is damaged or cut short"))
        let named = try run(Data("no gzip".utf8), "--stream", "--as", raw)
        #expect(named.status == 65 && named.said.hasPrefix("transform: \(raw): not gzip data"))
    }

    @Test(
        "what does not fit together is wrong usage",
        arguments: [
            ["--stream", "x"], ["--as", "x", "y"], ["--status"], ["--status", "x"], ["-", "--status", "--jobs", "2"],
            ["--stream", "--as", "x"], ["--stream", "--history"],
        ])
    func usage(arguments: [String]) throws {
        let child = process()
        child.process.arguments = arguments
        try child.process.run()
        try child.input.fileHandleForWriting.close()
        child.process.waitUntilExit()
        #expect(child.process.terminationStatus == 64)
    }

    @Test("each path has a line, in order, and a bad file ends nothing")
    func paths() throws {
        let cut = "raw/2025-10-23/16/bybit.ndjson.gz"
        let content = try writeRaw()
        try FileSystem.makeFolder("\(folder)/raw/2025-10-23/16")
        try content.dropLast(9).write(to: URL(fileURLWithPath: "\(folder)/\(cut)"))
        let absent = "raw/2025-10-23/17/bybit.ndjson.gz"
        let result = try run(Data("\(cut)\nx\n\n\(absent)\n\(raw)".utf8), "-", "--status")
        let answers = try answers(result.output)
        #expect(answers.map(\.path) == [cut, "x", "", absent, raw])
        #expect(answers.map(\.status) == [65, 64, 64, 74, nil] && result.status == 74 && result.said.isEmpty)
        #expect(try answers[0].raw_sha256 == sha256(of: "\(folder)/\(cut)") && answers[1].raw_sha256 == nil)
        #expect(answers[3].raw_sha256 == nil)
        #expect(try answers[4].staged == staged && answers[4].staged_sha256 == sha256(of: "\(folder)/\(staged)"))
        #expect(!FileSystem.exists("\(folder)/staged/2025-10-23/16/bybit.ndjson.gz"))
        #expect(try run(Data("\(cut)\n".utf8), "-", "--status").status == 0)
    }

    @Test("a line comes as soon as its file is done, while the input is open; a signal ends the wait for the next path")
    func flushed() throws {
        _ = try writeRaw()
        let child = process("-", "--status")
        try child.process.run()
        for _ in 0..<2 {
            child.input.fileHandleForWriting.write(Data("\(raw)\n".utf8))
            #expect(try answers(child.output.fileHandleForReading.availableData).map(\.path) == [raw])
        }
        child.process.terminate()
        child.process.waitUntilExit()
        #expect(child.process.terminationStatus == 143)
    }

    @Test("answers that nobody reads end the program with the status of a file that failed")
    func unread() throws {
        let child = process("-", "--status")
        try child.process.run()
        try child.output.fileHandleForReading.close()
        child.input.fileHandleForWriting.write(Data("x\n".utf8))
        child.process.waitUntilExit()
        #expect(child.process.terminationStatus == 74)
    }
}
