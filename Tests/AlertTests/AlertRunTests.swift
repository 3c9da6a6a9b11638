import AlertDelivery
@testable import Notifiers
import PerpCore
import Replaying
@testable import Signals
import Testing
import Warehouse

@testable import alert

@Suite("An hour's alerts")
struct AlertRunTests {
    private let start = Market.start

    @Test("what fires is stored with its message in one go, and evaluating again changes nothing")
    func storedOnce() throws {
        let warehouse = try Market.warehouse([Market.quiet(start)])
        let run = run(warehouse)
        let result = try run.evaluate(start, now: start.end)
        #expect(result.outbox.map(\.key) == ["breakout:MARKET"])
        try run.store(result)
        let again = try run.evaluate(start, now: start.end)
        #expect(again.outbox.isEmpty)
        #expect(again.states.isEmpty)
        try run.store(again)
        #expect(try AlertStore(warehouse).alerts(at: start).first { $0.key == "breakout:MARKET" }?.decision == "new")
        #expect(try pending(warehouse).count == 1)
        #expect(again.text.contains("Decision: new"))
    }

    @Test("a restart between storing and sending sends once, and the next hour has nothing new")
    func restart() async throws {
        let warehouse = try Market.warehouse([Market.quiet(start), Market.quiet(start.next)])
        try run(warehouse).store(try run(warehouse).evaluate(start, now: start.end))
        // The pending message counts as sent: it is not decided a second time.
        let second = try run(warehouse).evaluate(start.next, now: start.next.end)
        #expect(second.outbox.isEmpty)
        try WarehouseOutbox(warehouse).markDelivered(
            try pending(warehouse).map(\.id), messageID: "7", attempts: 1, at: start.next.end)
        #expect(try pending(warehouse).isEmpty)
        let state = try #require(try AlertStore(warehouse).statesByKey()["breakout:MARKET"])
        #expect(state.lastSent?.hour == start)
        #expect(state.sentInEpisode == 1)
        #expect(try run(warehouse).evaluate(start.next, now: start.next.end).outbox.isEmpty)
    }

    @Test("the day's budget of a key is counted in the UTC day of the clock")
    func dayChange() throws {
        let evening = Market.start.advanced(by: 23)
        let warehouse = try Market.warehouse([Market.quiet(evening), Market.quiet(evening.next)])
        let rows = (0..<3).map { number in
            OutboxRow(
                id: "\(number)", key: "breakout:MARKET", hour: Market.start.advanced(by: number * 4), reason: "new",
                tier: 2, confidence: 100, direction: "BULLISH", status: nil, payload: "{}",
                createdAt: Market.start.advanced(by: number * 4).end)
        }
        try AlertStore(warehouse).store(alerts: [], states: [], outbox: rows)
        try AlertStore(warehouse).markDelivered(rows.map(\.id), messageID: nil, attempts: 1, at: evening.startTime, states: [])
        let same = try run(warehouse).evaluate(evening, now: evening.end.advanced(byMilliseconds: -1))
        #expect(same.detections.first { $0.detection.key == "breakout:MARKET" }?.decision == "key_daily")
        let next = try run(warehouse).evaluate(evening.next, now: evening.next.end)
        #expect(next.outbox.map(\.reason) == ["new"])
    }

    @Test("an old hour makes no alert, and a detection of it says why")
    func backfilled() throws {
        let warehouse = try Market.warehouse([Market.quiet(start)])
        let late = start.startTime.advanced(byMilliseconds: 2 * Hour.milliseconds + 1)
        let result = try run(warehouse).evaluate(start, now: late)
        #expect(result.outbox.isEmpty)
        #expect(result.states.isEmpty)
        #expect(Set(result.detections.map(\.decision)) == ["gate:backfilled"])
    }

    @Test(
        "no alert comes before 24 of the last 30 hours are sealed",
        arguments: [(21, "gate:cold_start"), (22, "new")])
    func coldStart(hoursBefore: Int, decision: String) throws {
        // With the hour a day before there is something to compare with.
        let offsets = [-24] + Array(-hoursBefore...0)
        let warehouse = try Market.cold(offsets.map { Market.quiet(start.advanced(by: $0)) })
        let result = try run(warehouse).evaluate(start, now: start.end)
        #expect(result.detections.first { $0.detection.key == "breakout:MARKET" }?.decision == decision)
        #expect(result.outbox.isEmpty == (decision != "new"))
    }

    @Test("growth that is unknown is no condition met: the first hours send nothing")
    func firstHour() throws {
        let warehouse = try Market.cold([Market.quiet(start)])
        let result = try run(warehouse).evaluate(start, now: start.end)
        #expect(result.outbox.isEmpty && result.detections.isEmpty)
        let breakout = try #require(result.evaluation.entering.first { $0.strategy == .breakout })
        #expect(breakout.unknown == ["OI/volume above 0.4, open interest growing"])
    }

    @Test("an end is told above the next message")
    func digest() throws {
        let hours = (0..<6).map { start.advanced(by: $0) }
        let warehouse = try Market.warehouse(
            hours.enumerated().map { [1, 2].contains($0.offset) ? Market.thin($0.element) : Market.quiet($0.element) })
        var contents: [String] = []
        for hour in hours {
            let result = try run(warehouse).evaluate(hour, now: hour.end)
            try run(warehouse).store(result)
            contents += try result.outbox.map { try DiscordMessage(json: $0.payload).content ?? "-" }
            let outbox = WarehouseOutbox(warehouse)
            try outbox.markDelivered(try outbox.pending().map(\.id), messageID: nil, attempts: 1, at: hour.end)
        }
        #expect(contents == ["-", "Ended: breakout:MARKET (2025-10-23 02:00 UTC)"])
    }

    @Test("a state that cannot be read is an error")
    func unreadable() throws {
        let warehouse = try Market.warehouse([Market.quiet(start)])
        let state = AlertStateRow(
            key: "breakout:MARKET", since: nil, direction: "SIDEWAYS", confidence: 1, status: nil, misses: 0,
            evaluated: start, lastSent: nil, lastFlip: nil, sentInEpisode: 0, ended: nil)
        try AlertStore(warehouse).store(alerts: [], states: [state], outbox: [])
        #expect(throws: WarehouseError.self) { try run(warehouse).evaluate(start, now: start.end) }
    }

    @Test("a replay gives the same table each time, and writes nothing")
    func replay() throws {
        let hours = (0..<6).map { start.advanced(by: $0) }
        let warehouse = try Market.warehouse(
            hours.enumerated().map { [2, 3].contains($0.offset) ? Market.thin($0.element) : Market.quiet($0.element) })
        let replay = Replay(warehouse: warehouse, rules: AlertRules(), model: .v2)
        let rows = try replay.rows(hours[0]...hours[5], all: false)
        #expect(rows.filter { $0.strategy == "breakout" }.map(\.time) == ["2025-10-23T00", "2025-10-23T04"])
        #expect(try replay.rows(hours[0]...hours[5], all: false) == rows)
        #expect(Replay.text(rows).contains("BULLISH"))
        #expect(try AlertStore(warehouse).states().isEmpty)
        #expect(try pending(warehouse).isEmpty)
    }

    private func run(_ warehouse: Warehouse) -> AlertRun {
        AlertRun(warehouse: warehouse, rules: AlertRules(), model: .v2)
    }

    private func pending(_ warehouse: Warehouse) throws -> [OutboxMessage] { try WarehouseOutbox(warehouse).pending() }
}
