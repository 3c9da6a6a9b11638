import Foundation
import PerpCore
import PipelineFiles
import Testing

@Suite("Raw files of streams")
struct StreamFileTests {
    private static let hour = Hour("2026-11-18T11")!  // a valid hour

    private static func at(_ seconds: Int64) -> Timestamp { hour.startTime.advanced(byMilliseconds: seconds * 1000) }

    private static func member(_ texts: [String], second: Int64, event: StreamEvent.Kind? = nil) -> ByteBuffer {
        let writer = RawWriter()
        if let event { writer.append(StreamEvent(connection: "all#1", at: at(second), kind: event), of: .binance) }
        for text in texts {
            Array(text.utf8).withUnsafeBufferPointer {
                writer.append(message: $0, of: "all#1", .binance, receivedAt: at(second))
            }
        }
        return writer.gzipped()
    }

    /// What a reader sees of a file: messages as text with their second, events as words.
    private static func content(_ path: String) throws -> [String] {
        let reader = RawReader()
        try reader.open(path)
        var lines: [String] = []
        try reader.readLines { line in
            switch line {
            case .message(let message):
                let second = (message.receivedAt.milliseconds - hour.startMilliseconds) / 1000
                lines.append("\(second) \(message.body?.summary ?? "no JSON")")
            case .event(let event, _): lines.append(event.kind.rawValue)
            case .response, .answered: lines.append("response")
            }
        } refuse: { _, reason, _ in
            lines.append("refused: \(reason)")
        }
        return lines
    }

    @Test("members become the hour's file when it is closed, and not before")
    func closed() throws {
        let folder = try TemporaryFolder()
        let paths = ArchivePaths(raw: folder.path)
        let file = try StreamFile(.binance, Self.hour, in: paths)
        try file.append(Self.member(["1"], second: 1, event: .subscribed))
        try file.append(Self.member(["2", "pong"], second: 2))
        #expect(!FileSystem.exists(paths.rawFile(.binance, Self.hour, .stream)))
        try file.finish()
        #expect(try Self.content(paths.rawFile(.binance, Self.hour, .stream)) == ["subscribed", "1 1", "2 2", "2 no JSON"])
        #expect(!FileSystem.exists(paths.streamPart(.binance, Self.hour)))
    }

    @Test("a cut member is cut off, and recording goes on behind the last whole one", arguments: [1, 9, 20, 40])
    func cut(lost: Int) throws {
        let folder = try TemporaryFolder()
        let paths = ArchivePaths(raw: folder.path)
        let part = paths.streamPart(.binance, Self.hour)
        try StreamFile(.binance, Self.hour, in: paths).append(Self.member(["1"], second: 1, event: .subscribed))
        let whole = FileSystem.size(of: part)
        try StreamFile(.binance, Self.hour, in: paths).append(Self.member(["2"], second: 2))
        let size = FileSystem.size(of: part)
        let handle = try #require(FileHandle(forUpdatingAtPath: part))
        try handle.truncate(atOffset: UInt64(size) - UInt64(lost))
        try handle.close()
        let file = try StreamFile(.binance, Self.hour, in: paths)
        #expect(FileSystem.size(of: part) == whole)
        #expect(file.unended == ["all#1": Self.at(1)])
        try file.append(Self.member(["3"], second: 3, event: .lost))
        try file.finish()
        #expect(try Self.content(paths.rawFile(.binance, Self.hour, .stream)) == ["subscribed", "1 1", "lost", "3 3"])
    }

    @Test("a part's time says until when everything was heard")
    func lastSign() throws {
        let folder = try TemporaryFolder()
        let paths = ArchivePaths(raw: folder.path)
        do {
            let killed = try StreamFile(.binance, Self.hour, in: paths)
            try killed.append(Self.member(["1"], second: 1, event: .subscribed))
            killed.touch(Self.at(77))
        }
        #expect(try StreamFile(.binance, Self.hour, in: paths).unended == ["all#1": Self.at(77)])
    }

    @Test("what a recorder adds after the hour's file is in place joins it")
    func again() throws {
        let folder = try TemporaryFolder()
        let paths = ArchivePaths(raw: folder.path)
        for second in [1, 2] as [Int64] {
            let file = try StreamFile(.binance, Self.hour, in: paths)
            try file.append(Self.member(["\(second)"], second: second))
            try file.finish()
        }
        #expect(try Self.content(paths.rawFile(.binance, Self.hour, .stream)) == ["1 1", "2 2"])
    }

    @Test("a second recorder is refused")
    func alone() throws {
        let folder = try TemporaryFolder()
        let paths = ArchivePaths(raw: folder.path)
        let file = try StreamFile(.binance, Self.hour, in: paths)
        #expect(throws: FileError.self) { try StreamFile(.binance, Self.hour, in: paths) }
        try file.finish()
    }

    @Test("a staged stream is read back as it was written")
    func staged() throws {
        let folder = try TemporaryFolder()
        let source = Source(
            rawSHA256: "ab", transformVersion: 3, responses: 4, responsesOK: 4, endpoints: [], liquidations: .sampled,
            observedFrom: nil, observedTo: nil)
        var staged = StagedHour(exchange: .bybit, hour: Self.hour, source: source)
        staged.stream = StreamRecord(
            priceKind: .bankruptcy, coveredMilliseconds: 3_590_000,
            gaps: [.init(from: Self.at(10), to: Self.at(20), reason: "no \"pong\"\nin 20 s")], messages: 4, duplicates: 1)
        staged.liquidations = [
            Liquidation(
                symbol: "BTCUSDT", asset: "BTC", side: .long, price: 80_000, quantityBase: 0.5, valueUSD: 40_000,
                occurredAt: Self.at(5))
        ]
        try StagedWriter().write(staged, to: "\(folder.path)/x.ndjson.gz")
        #expect(try StagedReader().read("\(folder.path)/x.ndjson.gz") == staged)
    }
}
