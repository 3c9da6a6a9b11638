import Foundation
import PerpCore
import Testing

@testable import Reports

@Suite("The record of alerts in the report of an hour")
struct AlertRecordTests {
    private let breakout = ClaimRecord(
        strategy: "breakout", title: "Breakout Trading", direction: "BULLISH", horizonHours: 24, resolved: 14, right: 9,
        open: 1, baseRate: 0.48, estimate: 0.6, boost: 12,
        sentence: "Fired 14 times, 9 right within 24 h.")
    private let scalping = ClaimRecord(
        strategy: "scalping", title: "Scalping", direction: "NEUTRAL", horizonHours: 4, resolved: 0, right: 0, open: 2,
        baseRate: nil, estimate: nil, boost: 0, sentence: "Never judged.")
    private let score = AlertRecord.Score(
        alerts: 10, brier: 0.197, brierOfBaseRates: 0.25, skill: 0.212, reliability: 0.0303333, resolution: 0.0733333,
        uncertainty: 0.24)

    @Test("a line for each strategy and direction, then how near the estimates were")
    func lines() {
        #expect(
            AlertRecord(historyOff: false, score: score, rows: [breakout, scalping]).lines == [
                "Breakout Trading BULLISH: 9 of 14 right within 24 h, 1 open; by chance 48 %, estimated 60 %, +12 points",
                "Scalping NEUTRAL: no outcome yet, 2 open",
                "Brier 0.197 against 0.250 of chance over 10 alerts, skill +0.21; reliability 0.030, resolution 0.073, "
                    + "uncertainty 0.240",
            ])
    }

    @Test("the report says when history is off, and why")
    func off() {
        #expect(
            AlertRecord(historyOff: true, score: score, rows: [breakout]).lines.last?
                .hasPrefix("history_off: the estimates are no better than chance, no confidence is changed: Brier") == true)
        #expect(
            AlertRecord(historyOff: true, score: nil, rows: [scalping]).lines.last
                == "history_off: no alert with an estimate was judged yet; no confidence is changed")
        #expect(AlertRecord(historyOff: true, score: nil, rows: []).lines == ["no alert has made a claim yet"])
    }

    @Test("it is a section of the report, and of its JSON, where it was read")
    func section() throws {
        var report = HourReportTests.report()
        #expect(!report.text.contains("Record of alerts"))
        #expect(try !report.json().contains("history_off"))
        report.record = AlertRecord(historyOff: true, score: nil, rows: [scalping])
        #expect(report.text.contains("🧾 Record of alerts"))
        #expect(report.markdown.contains("Scalping NEUTRAL: no outcome yet, 2 open"))
        #expect(try report.json().contains("\"history_off\" : true"))
    }
}

@Suite("The report of proposed weights")
struct WeightReportTests {
    private func report(_ status: String, reason: String? = nil, blocks: Int = 7) -> WeightReport {
        WeightReport(
            id: "v2.w1a2b3c4d", status: status, reason: reason, from: Hour("2026-01-01T00"), to: Hour("2026-10-27T23"),
            hours: 7000, blocks: blocks,
            factors: [
                .init(name: "funding", weight: 0.3424, standard: 0.3804, t: -1.4),
                .init(name: "ls_bias", weight: 0.255, standard: 0.163, t: nil),
            ], gainMean: 0.01, gainT: 2.41, shareOfBlocks: 5.0 / 7, scoreT: 1.3, move: 0.184)
    }

    @Test("proposed weights say what they rest on, and what a person may do")
    func proposed() {
        #expect(
            report("proposed").text == """
                v2.w1a2b3c4d: proposed
                From 2026-01-01 00:00 to 2026-10-27 23:00 UTC, 7000 hours with a known outcome, 7 blocks of 30 days
                   factor   weight v2     evidence (t)
                   funding  0.342  0.380  -1.40
                   ls_bias  0.255  0.163  n/a
                Gain over v2, in hours that were not learned from: t 2.41, in 71.4% of the blocks; the score itself: t 1.30; moved: 0.184
                Nothing changes by itself: 'make accept-weights ID=v2.w1a2b3c4d' sets its score beside that of v2.

                """)
    }

    @Test("refused weights say which rule failed")
    func refused() throws {
        let report = report("refused", reason: "needs 6 blocks of 30 days (270 days), has 0", blocks: 0)
        #expect(report.text.hasPrefix("v2.w1a2b3c4d: refused: needs 6 blocks of 30 days (270 days), has 0\n"))
        #expect(report.text.contains("Nothing was tried yet.\nNothing changes.\n"))
        #expect(try report.json().contains("\"share_of_blocks\""))
    }
}
