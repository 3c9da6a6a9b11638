import Foundation
import PerpCore
import PipelineFiles
import Staging
import Testing

/// Lists of instruments that repeat those of an hour before are not parsed: what is staged must be the same as by a stage that
/// has seen no hour before.
@Suite("Repeated answers")
struct RepeatedAnswerTests {
    private let hour = Hour("2025-10-23T15")!  // a literal hour

    private func line(_ endpoint: String, _ body: String, isSimulated: Bool = false, status: Int = 200) -> RawLine {
        var line = RawLine(
            exchange: .bybit, endpoint: endpoint, method: "GET", url: "http://x/\(endpoint)", sentAt: hour.startTime,
            receivedAt: hour.startTime.advanced(byMilliseconds: 120_000), attempt: 1, status: status, error: nil, wireBytes: 0,
            body: Array(body.utf8))
        line.isSimulated = isSimulated
        return line
    }

    private func staged(_ lines: [RawLine], by stage: RawToStaged) throws -> StagedHour {
        try stage.staged(written: lines, of: hour)
    }

    /// A list of some 40 KB.
    private func list(time: String = "1761231720000", symbols: Int = 100, change: (String) -> String = { $0 }) -> String {
        let rows = (0..<symbols).map { number in
            #"{"symbol":"C\#(number)USDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"C\#(number)","quoteCoin":"USDT","#
                + #""launchTime":"1700000000000","settleCoin":"USDT","fundingInterval":480,"symbolType":"","#
                + #""note":"\#(String(repeating: "x", count: 200))"}"#
        }
        return change(
            #"{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[\#(rows.joined(separator: ","))],"nextPageCursor":""},"#
                + #""retExtInfo":{},"time":\#(time)}"#)
    }

    private let tickers = #"{"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"C1USDT","lastPrice":"2"},{"symbol":"C7USDT","lastPrice":"3"}]},"time":1761231720000}"#

    /// Stages the hours one after the other, and expects of each what a stage says that has seen no other.
    /// - Returns: how many answers were not parsed.
    private func repetitions(_ hours: [[RawLine]]) throws -> Int {
        let stage = RawToStaged()
        for lines in hours { #expect(try staged(lines, by: stage) == staged(lines, by: RawToStaged())) }
        return stage.repeatedAnswers
    }

    @Test("an answer that differs in its time only is not parsed again", arguments: [false, true])
    func time(isSimulated: Bool) throws {
        let hours = ["1761231720000", "1761235320123", "1761238921000"].map { time in
            [line("instruments", list(time: time), isSimulated: isSimulated), line("tickers", tickers, isSimulated: isSimulated)]
        }
        #expect(try repetitions(hours) == 2)
    }

    @Test(
        "an answer that differs in one byte anywhere else is parsed",
        arguments: [
            (#""status":"Trading""#, #""status":"Closed!""#), ("1700000000000", "1700000000001"), ("480", "240"), (#""C42""#, #""D42""#), ("xxx", "xyx"),
            (#""retCode":0"#, #""retCode":1"#), ("1761231720000", "17612317200001"), ("1761231720000", "0761231720000"), ("1761231720000", "176123172000x"),
            (#""time":"#, #""tyme":"#),
        ])
    func otherBytes(_ before: String, _ after: String) throws {
        let other = list { text in text.replacing(before, with: after, maxReplacements: 1) }
        #expect(try repetitions([[line("instruments", list())], [line("instruments", other)]]) == 0)
    }

    @Test("after a change, the new answer is the one that may repeat")
    func afterAChange() throws {
        let (one, two) = (line("instruments", list()), line("instruments", list(symbols: 101)))
        #expect(try repetitions([[one], [two], [two], [one], [one]]) == 2)
    }

    @Test("other symbols, hours without the list, and other lists in between change nothing")
    func inBetween() throws {
        let prelaunch = list(symbols: 60).replacing("Trading", with: "PreLaunch").replacing("\"C", with: "\"P")
        let both = [line("instruments", list()), line("instruments_prelaunch", prelaunch), line("tickers", tickers)]
        #expect(try repetitions([both, [line("tickers", tickers)], both, both.reversed(), [both[1]], both]) == 5)
    }

    @Test("a list behind other answers is parsed: they may speak of its symbols")
    func behindOthers() throws {
        let hours = [[line("instruments", list())], [line("tickers", tickers), line("instruments", list())]]
        #expect(try repetitions(hours) == 0)
    }

    @Test("a second answer to a request adds nothing, is not kept, and repeats nothing")
    func asked() throws {
        let (one, two) = (line("instruments", list()), line("instruments", list(symbols: 90)))
        #expect(try repetitions([[one], [one, two], [two], [two, one], [two, two]]) == 3)
    }

    @Test("an answer with an error, of another hour, or with a row that cannot be read, is not kept")
    func notKept() throws {
        let broken = line("instruments", list { $0.replacing("LinearPerpetual", with: "Unheard-of", maxReplacements: 1) })
        var late = line("instruments", list())
        late.sentAt = hour.next.startTime
        let failed = line("instruments", list(), status: 500)
        #expect(try repetitions([[broken], [broken], [late], [late], [failed], [failed]]) == 0)
        #expect(try repetitions([[line("instruments", list())], [late], [failed], [broken]]) == 0)
    }

    @Test("any sequence of hours is staged as by a stage that has seen no other", arguments: 0..<12)
    func anySequence(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let times = ["1761231720000", "1761235320123", "76123"]
        let hours = (0..<8).map { _ in
            let instruments = list(time: times.randomElement(using: &random)!, symbols: Int.random(in: 90..<92, using: &random))
            let inverse = list(time: times[0], symbols: 70).replacing("\"C", with: "\"I")
            let lines = [line("instruments", instruments), line("instruments_inverse", inverse), line("tickers", tickers)]
            let some = lines.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
            return Int.random(in: 0..<4, using: &random) == 0 ? some.shuffled(using: &random) : some
        }
        _ = try repetitions(hours.map { $0.isEmpty ? [line("tickers", tickers)] : $0 })
    }
}
