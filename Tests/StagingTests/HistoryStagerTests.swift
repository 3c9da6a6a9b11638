import Foundation
import PerpCore
import PipelineFiles
import Staging
import Testing

@Suite("Files of the past from raw to staged")
struct HistoryStagerTests {
    private let start = Hour("2026-11-28T00")!  // a literal hour
    /// Within the fifth hour.
    private var received: Timestamp { start.advanced(by: 4).startTime.advanced(byMilliseconds: 1_800_000) }

    private func ms(_ hour: Int) -> Int64 { start.advanced(by: hour).startMilliseconds }

    private func line(
        _ endpoint: String, _ body: String, symbol: String? = nil, status: Int = 200, of exchange: Exchange = .bybit
    ) -> RawLine {
        var line = RawLine(
            exchange: exchange, endpoint: endpoint, method: "GET",
            url: "https://api.bybit.com/v5/market/kline?category=linear&symbol=\(symbol ?? "")", sentAt: received,
            receivedAt: received, status: status, wireBytes: 0, body: Array(body.utf8))
        line.symbol = symbol
        return line
    }

    private var list: RawLine {
        line(
            "instruments",
            #"{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"1000PEPEUSDT","contractType":"LinearPerpetual","#
                + #""status":"Trading","baseCoin":"1000PEPE","quoteCoin":"USDT","settleCoin":"USDT","launchTime":"1","#
                + #""fundingInterval":480,"symbolType":""}],"nextPageCursor":""},"time":1}"#)
    }

    /// Candles that go from 2 to 3, with 10 coins and 25 dollars.
    private func candles(_ rows: [String]) -> String {
        #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(rows.joined(separator: ","))]},"time":1}"#
    }

    private func row(_ hour: Int, close: String = "3") -> String { #"["\#(ms(hour))","2","4","1","\#(close)","10","25"]"# }

    /// Writes a raw file, stages it, and reads what was staged.
    private func staged(
        _ lines: RawLine..., of dataset: HistoryDataset = .candles, spans: [ClosedRange<Int>] = []
    ) throws -> StagedHour {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody
        let paths = ArchivePaths(raw: "\(folder)/raw", staged: "\(folder)/staged")
        let file = HistoryFile(.bybit, dataset, begunAt: received)
        let writer = RawWriter()
        for line in lines { writer.append(line) }
        for hours in spans {
            let span = HistorySpan(
                symbol: "1000PEPEUSDT", from: start.advanced(by: hours.lowerBound).startTime,
                to: start.advanced(by: hours.upperBound).startTime)
            writer.append(span, of: .bybit, dataset)
        }
        try writer.write(to: paths.rawFile(file))
        let staged = try RawToStaged().staged(paths.rawFile(file), of: file)
        try StagedWriter().write(staged, to: paths.stagedFile(file))
        let read = try StagedReader().read(paths.stagedFile(file))
        #expect(read == staged)
        #expect(StagedReader().source(paths.stagedFile(file)) == staged.source)
        return read
    }

    @Test("rows are in coins and dollars of one coin, edges that repeat stand once, and the file says what it is of")
    func candles() throws {
        let hour = try staged(
            list, line("history_candles", candles([row(3), row(2)]), symbol: "1000PEPEUSDT"),
            line("history_candles", candles([row(2), row(1)]), symbol: "1000PEPEUSDT"), spans: [0...4])
        #expect(hour.history == .candles && hour.hour == start.advanced(by: 4))
        #expect(hour.candles.map(\.from) == [1, 2, 3].map { start.advanced(by: $0).startTime })
        let candle = try #require(hour.candles.first)
        #expect(candle.symbol == "1000PEPEUSDT" && candle.asset == "PEPE" && candle.priceKind == .last)
        // A contract is of a thousand coins.
        #expect(candle.close == 0.003 && candle.volumeBase == 10_000 && candle.volumeUSD == 25)
        #expect(
            hour.historySpans == [
                HistorySpan(symbol: "1000PEPEUSDT", from: start.startTime, to: start.advanced(by: 4).startTime)
            ])
        #expect(hour.rejections.isEmpty && hour.source.responses == 3 && hour.source.responsesOK == 3)
    }

    @Test("the candle of the hour that runs is left out, and so is one that an exchange invents for later")
    func running() throws {
        let hour = try staged(list, line("history_candles", candles([row(9), row(4), row(3)]), symbol: "1000PEPEUSDT"))
        #expect(hour.candles.map(\.from) == [start.advanced(by: 3).startTime])
    }

    @Test("two values of one hour are both kept, in the order in which they were told")
    func twice() throws {
        let hour = try staged(
            list, line("history_candles", candles([row(2)]), symbol: "1000PEPEUSDT"),
            line("history_candles", candles([row(2, close: "3.5")]), symbol: "1000PEPEUSDT"))
        #expect(hour.candles.map(\.close) == [0.003, 0.0035])
    }

    @Test("a row that cannot be read is set aside with its reason, and the others go on")
    func rejected() throws {
        let hour = try staged(
            list, line("history_candles", candles([row(3, close: "n/a"), row(2)]), symbol: "1000PEPEUSDT"))
        #expect(hour.candles.count == 1)
        #expect(hour.rejections.map(\.endpoint) == ["history_candles"])
        let endpoint = try #require(hour.source.endpoints.first { $0.name == "history_candles" })
        #expect(endpoint.count.rows == 2 && endpoint.count.rejected == 1)
    }

    @Test("a failed attempt is no loss and no rejection: only its line says that a span was answered")
    func failed() throws {
        let hour = try staged(
            list, line("history_candles", "slow down", symbol: "1000PEPEUSDT", status: 429),
            line("history_candles", "<html>maintenance</html>", symbol: "1000PEPEUSDT"),
            line("history_candles", #"{"retCode":10006,"retMsg":"Too many visits!"}"#, symbol: "1000PEPEUSDT"))
        #expect(hour.candles.isEmpty && hour.historySpans.isEmpty && hour.rejections.isEmpty)
        #expect(hour.source.endpoints.first { $0.name == "history_candles" }?.count.failed == 3)
    }

    @Test("lines of another dataset, another exchange and a stream are refused, and the others go on")
    func strangers() throws {
        let hour = try staged(
            list, line("history_funding", candles([row(3)]), symbol: "1000PEPEUSDT"),
            line("history_candles", candles([row(3)]), symbol: "1000PEPEUSDT", of: .okx),
            line("history_candles", candles([row(2)]), symbol: "1000PEPEUSDT"))
        #expect(hour.candles.map(\.from) == [start.advanced(by: 2).startTime])
        #expect(
            hour.rejections.map(\.reason) == [
                "is no endpoint of bybit for candles", "is an answer of another exchange",
            ])
    }

    @Test("a contract that is no longer listed keeps its name, in units of its symbol")
    func unlisted() throws {
        let hour = try staged(list, line("history_candles", candles([row(2)]), symbol: "GONEUSDT"))
        #expect(hour.candles.map(\.symbol) == ["GONEUSDT"])
        #expect(hour.candles.map(\.asset) == ["GONE"])
    }

    @Test("settlements and open interest go the same way")
    func others() throws {
        let settled = #"{"symbol":"1000PEPEUSDT","fundingRate":"0.0001","fundingRateTimestamp":"\#(ms(0))"}"#
        let funding = try staged(
            list, line("history_funding", candles([settled]), symbol: "1000PEPEUSDT"), of: .funding)
        #expect(funding.fundingSettlements.map(\.fundingRate) == [0.0001])
        #expect(funding.fundingSettlements.map(\.settledAt) == [start.startTime])
        let figure = #"{"openInterest":"8","timestamp":"\#(ms(2))"}"#
        let interest = try staged(
            list, line("history_open_interest", candles([figure]), symbol: "1000PEPEUSDT"), of: .openInterest)
        // Both sides are told: one of them is 4 contracts of a thousand coins.
        #expect(interest.openInterests.map(\.base) == [4000])
        #expect(interest.openInterests.map(\.contracts) == [4])
    }
}
