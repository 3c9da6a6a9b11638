import AlertDelivery
import OutcomeKeeping
import PerpCore
import Replaying
import Signals
import Testing
import TrackRecord

@testable import Warehouse
@testable import alert

@Suite("An alert tells of those before it")
struct AlertRecordTests {
    private let start = Market.start

    /// What came of breakouts a day and more apart before the hour: right or wrong in turn.
    private func outcomes(_ right: [Bool], estimate: Double? = nil) -> [OutcomeRow] {
        right.enumerated().map { number, isRight in
            let decided = start.advanced(by: -30 * (right.count - number))
            var event = AlertEvent(
                hour: decided, key: "breakout:MARKET", strategy: "breakout", direction: "BULLISH", confidence: 80)
            event.estimate = estimate
            var row = OutcomeRow(event, status: "resolved", version: "history-1")
            row.claim = "profit"
            row.horizonHours = 24
            row.entry = decided.next
            row.resolved = decided.advanced(by: 25)
            row.isRight = isRight
            row.baseRate = 0.5
            return row
        }
    }

    private func evaluated(_ outcomes: [OutcomeRow]) throws -> AlertRun.Result {
        let warehouse = try Market.warehouse([Market.quiet(start)])
        try OutcomeStore(warehouse).store(outcomes)
        return try AlertRun(warehouse: warehouse, rules: AlertRules(), model: .v2).evaluate(start, now: start.end)
    }

    private func breakout(_ result: AlertRun.Result) throws -> AlertRow {
        try #require(result.alerts.first { $0.key == "breakout:MARKET" })
    }

    @Test("the sentence is in what is printed, stored and sent; too few outcomes change no confidence")
    func few() throws {
        let result = try evaluated(outcomes([true, false, true, true, false, true]))
        let row = try breakout(result)
        // 20 of even chance and 4 of 6: 14 / 26 = 0.538; with that excess (20 * 0.538 + 4) / 26 = 0.568, and a little less for
        // the age of the outcomes: 0.567.
        #expect(
            row.message.contains(
                "Fired 6 times, 4 right within 24 h; by chance 50 %. Estimated 57 % (not used)."))
        #expect(row.message.split(separator: "\n").dropLast().last?.hasPrefix("Fired 6 times") == true)
        #expect(result.text.contains("Fired 6 times, 4 right within 24 h"))
        #expect(try result.payloads().joined().contains("Fired 6 times, 4 right within 24 h"))
        #expect(row.boost == 0 && row.adjusted == row.confidence && row.estimate != nil)
        #expect(row.decision == "new")
    }

    @Test("many good outcomes add points, which are told and decide nothing")
    func many() throws {
        let result = try evaluated(outcomes((0..<40).map { $0 % 4 != 0 }, estimate: 0.75))
        let row = try breakout(result)
        #expect(try #require(row.boost) > 0)
        #expect(row.adjusted == row.confidence)
        #expect(row.message.contains("Fired 40 times, 30 right within 24 h; by chance 50 %."))
        #expect(!row.message.contains("(not used)"))
        #expect(result.outbox.first { $0.key == "breakout:MARKET" }?.confidence == min(100, row.confidence + (row.boost ?? 0)))
    }

    @Test("bad outcomes take points off what is told, and keep no alert from being one")
    func bad() throws {
        let result = try evaluated(outcomes([Bool](repeating: false, count: 40), estimate: 0.1))
        let row = try breakout(result)
        #expect(row.boost == -20 && row.decision == "new")
        #expect(result.outbox.first { $0.key == "breakout:MARKET" }?.confidence == row.confidence - 20)
    }

    @Test("without a past it says that nothing is known")
    func none() throws {
        let row = try breakout(try evaluated([]))
        #expect(row.message.contains("No outcome of an earlier one is known."))
        #expect(row.boost == 0 && row.estimate == nil)
    }

    @Test("what was said is stored, and comes back from the database")
    func stored() throws {
        let warehouse = try Market.warehouse([Market.quiet(start)])
        try OutcomeStore(warehouse).store(outcomes((0..<40).map { $0 % 4 != 0 }, estimate: 0.75))
        let run = AlertRun(warehouse: warehouse, rules: AlertRules(), model: .v2)
        let result = try run.evaluate(start, now: start.end)
        try run.store(result)
        let row = try #require(try AlertStore(warehouse).alerts(at: start).first { $0.key == "breakout:MARKET" })
        #expect(try row == breakout(result))
        #expect(row.estimate != nil && row.boost != 0)
    }

    @Test("a replayed alert has the sentence of what was known then, from what was replayed")
    func replayed() throws {
        // Three days in which the setup comes and goes.
        let hours = (0..<72).map { start.advanced(by: $0) }
        let warehouse = try Market.warehouse(
            hours.enumerated().map { $0.offset % 24 < 2 ? Market.quiet($0.element) : Market.thin($0.element) })
        let replay = Replay(warehouse: warehouse, rules: AlertRules(), model: .v2)
        let rows = try replay.rows(hours[0]...hours[71], all: false)
        #expect(try replay.rows(hours[0]...hours[71], all: false) == rows)
        #expect(try OutcomeStore(warehouse).rows().isEmpty)
    }
}
