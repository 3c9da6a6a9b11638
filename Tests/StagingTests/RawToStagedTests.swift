import Foundation
import PerpCore
import PipelineFiles
import Staging
import Testing

@Suite("From raw to staged")
struct RawToStagedTests {
    private let hour = Hour("2025-10-23T15")!  // a literal hour

    private func line(
        _ endpoint: String, _ body: String?, url: String = "http://x/", status: Int = 200, error: String? = nil, attempt: Int = 1
    ) -> RawLine {
        RawLine(
            exchange: .bybit, endpoint: endpoint, method: "GET", url: url, sentAt: hour.startTime, receivedAt: hour.startTime.advanced(byMilliseconds: 120_000),
            attempt: attempt, status: status, error: error, wireBytes: 0, body: body.map { Array($0.utf8) })
    }

    private func staged(_ lines: RawLine...) throws -> StagedHour { try staged(lines, by: RawToStaged()) }

    private func staged(_ lines: [RawLine], by stage: RawToStaged) throws -> StagedHour {
        try stage.staged(written: lines, of: hour)
    }

    private let tickers = #"{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCUSDT","lastPrice":"1"},{"symbol":"ETHUSDT","lastPrice":"x"}]},"time":1761231720000}"#

    @Test("a retried request counts once, and its failed attempts leave no rejection")
    func retried() throws {
        let hour = try staged(line("tickers", "slow down", status: 429), line("tickers", tickers, attempt: 2))
        #expect(hour.source.responses == 2 && hour.source.responsesOK == 1)
        #expect(hour.source.endpoints.map(\.name) == ["tickers"])
        #expect(hour.source.endpoints[0].count == Source.EndpointCount(ok: 1, failed: 0, rows: 2, rejected: 1))
        #expect(hour.rejections.map(\.symbol) == ["ETHUSDT"])
    }

    @Test(
        "a request that was never answered is a rejection of its endpoint",
        arguments: [
            (429, "slow down", "the venue answered with status 429"), (200, "<html>maintenance</html>", "the body is not JSON"),
            (200, #"{"retCode":10006,"retMsg":"Too many visits!"}"#, "the venue answered with an error and status 200"),
            (403, #"{"retCode":10006,"retMsg":"x"}"#, "the venue answered with an error and status 403"), (200, "", "the body is not JSON"),
        ])
    func unanswered(status: Int, body: String, reason: String) throws {
        let hour = try staged(line("tickers", body, status: status))
        #expect(hour.recordCount == 0 && hour.source.endpoints[0].count.failed == 1)
        #expect(hour.rejections.count == 1 && hour.rejections[0].reason.hasPrefix(reason))
    }

    @Test("no response at all says why")
    func noResponse() throws {
        let hour = try staged(line("tickers", nil, status: 0, error: "connect timed out"))
        #expect(hour.rejections.map(\.reason) == ["no response came: connect timed out"])
    }

    @Test("what was asked in another hour, or of another exchange, is refused, and the rest goes on")
    func strangers() throws {
        var late = line("instruments", #"{"retCode":0,"retMsg":"OK","result":{"list":[]}}"#)
        late.sentAt = hour.next.startTime
        var other = late
        other.sentAt = hour.startTime
        other.exchange = .okx
        let staged = try staged(late, other, line("tickers", tickers))
        #expect(staged.source.responses == 3 && staged.source.responsesOK == 1 && staged.tickers.count == 1)
        #expect(
            staged.rejections.map(\.reason).suffix(2) == ["was asked in another hour", "is an answer of another exchange"])
    }

    @Test("a response that came twice is read once")
    func twice() throws {
        let hour = try staged(line("tickers", tickers), line("tickers", tickers))
        #expect(hour.tickers.count == 1 && hour.rejections.count == 1)
    }

    @Test("pretty-printed bodies are kept as text and read alike")
    func prettyPrinted() throws {
        let compact = try staged(line("tickers", tickers))
        let pretty = try staged(line("tickers", tickers.replacing(",", with: ",\n  ")))
        #expect(pretty.tickers == compact.tickers)
    }

    @Test("a line of an unknown endpoint is set aside, and the others go on")
    func unknownEndpoint() throws {
        let hour = try staged(line("order_book", "[]"), line("tickers", tickers))
        #expect(hour.tickers.count == 1)
        #expect(hour.rejections.map(\.reason).contains("is no endpoint of bybit"))
    }

    @Test("the records of an hour do not depend on the hours that were read before it", arguments: 0..<20)
    func readBefore(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let reused = RawToStaged()
        for _ in 0..<6 {
            let symbols = ["BTC", "ETH", "1000PEPE", "SOL", "BTC-26DEC25", "?"].map { "\($0)USDT" }
                .filter { _ in Bool.random(using: &random) }.shuffled(using: &random)
            let rows = symbols.map { symbol in
                let price = Int.random(in: 0..<4, using: &random) == 0 ? "x" : "\(Int.random(in: 1..<9, using: &random))"
                return #"{"symbol":"\#(symbol)","lastPrice":"\#(price)","turnover24h":"5"}"#
            }
            let body = #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(rows.joined(separator: ","))]},"time":1761231720000}"#
            let lines = [line("tickers", body)]
            #expect(try staged(lines, by: reused) == staged(lines, by: RawToStaged()))
        }
    }
}
