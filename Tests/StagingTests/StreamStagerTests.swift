import Foundation
import PerpCore
import PipelineFiles
import Staging
import Testing

@Suite("From a raw stream to staged")
struct StreamStagerTests {
    private let hour = Hour("2026-11-18T11")!  // a literal hour

    private func at(_ seconds: Double) -> Timestamp {
        hour.startTime.advanced(byMilliseconds: Int64(seconds * 1000))
    }

    private func staged(_ write: (RawWriter) -> Void, _ exchange: Exchange = .bybit) throws -> StagedHour {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody
        let writer = RawWriter()
        write(writer)
        try writer.write(to: "\(folder)/x.ndjson.gz")
        return try RawToStaged().stagedStream("\(folder)/x.ndjson.gz", exchange: exchange, hour: hour)
    }

    private func note(_ writer: RawWriter, _ kind: StreamEvent.Kind, _ second: Double, _ reason: String? = nil) {
        writer.append(StreamEvent(connection: "linear#1", at: at(second), kind: kind, reason: reason), of: .bybit)
    }

    private func hear(_ writer: RawWriter, _ text: String, _ second: Double, connection: String = "linear#1") {
        Array(text.utf8).withUnsafeBufferPointer {
            writer.append(message: $0, of: connection, .bybit, receivedAt: at(second))
        }
    }

    private func event(_ second: Double, size: String = "20") -> String {
        #"{"topic":"allLiquidation.SOLUSDT","type":"snapshot","ts":1,"data":[{"T":\#(at(second).milliseconds),"s":"SOLUSDT","S":"Buy","v":"\#(size)","p":"98.5"}]}"#
    }

    @Test("a whole hour is complete, with the events of all connections once")
    func whole() throws {
        let hour = try staged { writer in
            note(writer, .alive, 0)
            hear(writer, event(100), 100.3)
            hear(writer, event(100), 100.4, connection: "linear#2")
            hear(writer, event(200, size: "1"), 200.2)
            hear(writer, "pong", 201)
            note(writer, .alive, 3600)
        }
        #expect(hour.liquidations.map(\.valueUSD) == [1970, 98.5])
        let stream = try #require(hour.stream)
        #expect(stream.coveredMilliseconds == 3_600_000 && stream.messages == 4 && stream.duplicates == 1)
        #expect(hour.source.liquidations == .complete && hour.rejections.isEmpty)
    }

    @Test("an hour with a hole of more than a thousandth, or a refused row, is a lower bound")
    func partial() throws {
        let hole = try staged { writer in
            note(writer, .alive, 0)
            note(writer, .lost, 100, "silent for 20 s")
            note(writer, .subscribed, 104)
            note(writer, .alive, 3600)
        }
        #expect(hole.source.liquidations == .sampled)
        #expect(hole.stream?.gaps.map(\.reason) == ["silent for 20 s"])
        #expect(hole.stream?.coveredMilliseconds == 3_596_000)
        let refused = try staged { writer in
            note(writer, .alive, 0)
            hear(writer, event(100, size: "x"), 100)
            note(writer, .alive, 3600)
        }
        #expect(refused.source.liquidations == .sampled && refused.rejections.map(\.field) == ["v"])
    }

    @Test("an hour in which nothing was heard is as simulated as its connections")
    func simulated() throws {
        let event = StreamEvent(connection: "linear#1", at: at(0), kind: .open)
        for isSimulated in [false, true] {
            let staged = try staged { $0.append(event, of: .bybit, isSimulated: isSimulated) }
            #expect(staged.source.isSimulated == isSimulated)
        }
    }

    @Test("a connection that was never subscribed makes no liquidations known")
    func never() throws {
        let hour = try staged { writer in
            note(writer, .open, 5)
            note(writer, .lost, 30, "no subscription was acknowledged")
        }
        #expect(hour.source.liquidations == .none && hour.stream?.coveredMilliseconds == 0)
    }

    @Test("the file's own list of instruments says how large contracts are, and is no record of the hour")
    func list() throws {
        let body = #"[{"name":"BTC_USDT","type":"direct","quanto_multiplier":"0.0001","mark_price":"80000","in_delisting":false,"status":"trading"}]"#
        let message = #"{"channel":"futures.public_liquidates","event":"update","time":1,"result":[{"price":"80000","size":"50","time":\#(at(60).milliseconds),"contract":"BTC_USDT"}]}"#
        let hour = try staged(
            { writer in
                writer.append(
                    RawLine(
                        exchange: .gate, endpoint: "contracts", method: "GET", url: "http://x/", sentAt: at(-5000),
                        receivedAt: at(-5000), status: 200, wireBytes: 0, body: Array(body.utf8)))
                writer.append(StreamEvent(connection: "usdt#1", at: at(0), kind: .alive), of: .gate)
                Array(message.utf8).withUnsafeBufferPointer {
                    writer.append(message: $0, of: "usdt#1", .gate, receivedAt: at(61))
                }
                writer.append(StreamEvent(connection: "usdt#1", at: at(3600), kind: .alive), of: .gate)
            }, .gate)
        #expect(hour.liquidations.map(\.valueUSD) == [400] && hour.liquidations.map(\.quantityContracts) == [50])
        #expect(hour.instruments.isEmpty && hour.tickers.isEmpty && hour.rejections.isEmpty)
        #expect(hour.source.liquidations == .complete)
    }

    @Test("an exchange without a stream has no such file")
    func none() {
        #expect(throws: FormatError.self) { try staged({ note($0, .alive, 0) }, .hyperliquid) }
    }
}
