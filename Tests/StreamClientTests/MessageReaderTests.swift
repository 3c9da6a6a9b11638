import ExchangeAdapters
import Testing

@testable import StreamClient
@testable import Transport

@Suite("Messages of streams")
struct MessageReaderTests {
    private func read(_ bytes: [UInt8], isBinary: Bool = true, inflates: Bool = true) -> Heard.Kept {
        let (bytes, meaning) = MessageReader(stream, inflatesBinary: inflates).read(
            WebSocketMessage(bytes: bytes, isBinary: isBinary))
        return .init(bytes: bytes, meaning: meaning)
    }

    private func text(_ text: String, _ meaning: StreamMessage) -> Heard.Kept {
        .init(bytes: Array(text.utf8), meaning: meaning)
    }

    @Test("of gzip that holds JSON, the JSON is kept; of anything else, the message as it came")
    func gzip() {
        let json = #"{"op":"liquidation","data":[1]}"#
        #expect(read(gzipped(json)) == text(json, .liquidations))
        #expect(read(gzipped("pong")) == text("pong", .alive))
        #expect(read(gzipped("hello")) == .init(bytes: gzipped("hello"), meaning: .unknown))
        #expect(read([]) == text("", .unknown))
        let cut = Array(gzipped(json).dropLast(5))
        #expect(read(cut) == .init(bytes: cut, meaning: .unknown))
    }

    @Test("text is never taken for gzip, nor is a binary message where the exchange sends none")
    func plain() {
        #expect(read(Array(trade.utf8), isBinary: false) == text(trade, .control))
        #expect(read(Array(trade.utf8), inflates: false) == text(trade, .control))
        #expect(read(gzipped(trade), inflates: false) == .init(bytes: gzipped(trade), meaning: .unknown))
    }

    @Test("gzip that holds more than 4 MiB is kept as it came")
    func bomb() {
        func message(_ size: Int) -> [UInt8] {
            gzipped(#"{"op":"trade","x":""# + String(repeating: "0", count: size - 21) + #""}"#)
        }
        #expect(read(message(4 << 20)).meaning == .control)
        let bomb = message(4 << 20 + 1)
        #expect(read(bomb) == .init(bytes: bomb, meaning: .unknown) && bomb.count < 100_000)
    }

    @Test(
        "the answer to a ping differs in one letter",
        arguments: [
            (#"{"op":"ping","ts":"1795000000000"}"#, #"{"op":"pong","ts":"1795000000000"}"#),
            (#"{ "ping" : 1795000000000 }"#, #"{ "pong" : 1795000000000 }"#),
            (#"{"op":"ping","id":"ping"}"#, #"{"op":"pong","id":"ping"}"#),
        ])
    func answers(ping: String, answer: String) { #expect(pong(to: Array(ping.utf8)) == answer) }
}
