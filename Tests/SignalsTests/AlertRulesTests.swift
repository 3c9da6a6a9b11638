import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Alert rules")
struct AlertRulesTests {
    @Test(
        "the cooldown table",
        arguments: [
            Story(
                "exit after two silent hours, a new episode later",
                [
                    .fires(100): "new", .fires(100, hour: 1): "-", .silent(hour: 2): "-",
                    .silent(hour: 3): "-", .fires(100, hour: 4): "new, ended breakout:MARKET at 3",
                ]),
            Story("a flip", [.fires(100): "new", .fires(100, .short, hour: 1): "flip"]),
            Story("an escalation", [.fires(60): "new", .fires(80, hour: 1): "escalation"]),
            Story("not quite an escalation", [.fires(60): "new", .fires(79, hour: 1): "-"]),
            Story(
                "one silent hour is no end",
                [
                    .fires(100): "new", .silent(hour: 1): "-", .fires(100, hour: 2): "-",
                ]),
            Story(
                "one flip in a cooldown",
                [
                    .fires(100): "new", .fires(100, .short, hour: 1): "flip",
                    .fires(100, .long, hour: 2): "cooldown", .fires(100, .long, hour: 3): "flip",
                ]),
            Story(
                "a reminder after a day",
                Dictionary(
                    uniqueKeysWithValues: (0...24).map {
                        (.fires(100, hour: $0), $0 == 0 ? "new" : $0 == 24 ? "reminder" : "-")
                    })),
            Story(
                "a rising status",
                [
                    .fires(71, status: .elevatedRisk): "new",
                    .fires(71, status: .activeCascade, hour: 1): "escalation",
                    .fires(71, status: .buildingRisk, hour: 2): "-",
                ]),
            Story("below the floor", [.fires(59): "below_floor", .fires(60, hour: 1): "new"]),
            Story("forgotten after six hours", [.fires(100): "new", .fires(100, hour: 6): "new"]),
            Story("not forgotten after five", [.fires(100): "new", .fires(100, hour: 5): "-"]),
        ])
    func story(_ story: Story) {
        var desk = Desk()
        for (hour, expected) in story.hours { #expect(desk.play(hour) == expected, "at \(hour.hour)") }
    }

    @Test("a new alert held by the cooldown is sent when it ends")
    func heldNew() {
        // Tier 2 waits two hours: the episode ends at 2 and another begins at 3, a flip at 2 apart.
        var desk = Desk(settings: AlertSettings(cooldownHours: [1, 5, 4]))
        let told = [
            Desk.Play.fires(100), .silent(hour: 1), .silent(hour: 2), .fires(100, hour: 3),
            .fires(100, hour: 4), .fires(100, hour: 5),
        ].map { desk.play($0) }
        #expect(told == ["new", "-", "-", "cooldown", "cooldown", "new, ended breakout:MARKET at 2"])
    }

    @Test("evaluating an hour again changes nothing")
    func again() {
        var desk = Desk()
        #expect(desk.play(.fires(100)) == "new")
        let states = desk.states
        #expect(desk.play(.silent(hour: 0)) == "-")
        #expect(desk.play(.fires(100)) == "-")
        #expect(desk.states == states)
    }

    @Test("slack keeps an episode alive")
    func slack() {
        var desk = Desk()
        #expect(desk.play(.fires(100)) == "new")
        #expect(desk.play(.staysOnly(100, hour: 1)) == "-")
        #expect(desk.play(.staysOnly(100, hour: 2)) == "-")
        #expect(desk.states["breakout:MARKET"]?.isActive == true)
        #expect(desk.states["breakout:MARKET"]?.misses == 0)
    }

    @Test(
        "an hour that may not alert leaves the state as it is, and says why",
        arguments: [
            (MarketStatus.insufficient, 0.9, 0.9, 1, GateReason.insufficient),
            (.ok, 0.9, 0.9, 3, .backfilled), (.ok, 0.59, 0.9, 1, .lowQuality),
            (.ok, 0.9, 0.69, 1, .lowCoverage),
        ])
    func gate(status: MarketStatus, quality: Double, coverage: Double, delay: Int64, reason: GateReason) {
        let hour = Desk.start
        let gate = AlertGate(hour: hour, status: status, quality: quality, coverage: coverage)
        let outcome = AlertRules().evaluate(
            [:], entering: [Desk.detection(.breakout, 100)], staying: [], gate: gate, outbox: [],
            now: Timestamp(seconds: hour.start + delay * 3600))
        #expect(outcome.states.isEmpty)
        #expect(outcome.decisions.map(\.outcome) == [.held(.gate, for: nil)])
        #expect(outcome.decisions.map(\.gate) == [reason])
    }

    @Test("exactly at the limits an hour may alert")
    func gateLimits() {
        let gate = AlertGate(hour: Desk.start, status: .ok, quality: 0.6, coverage: 0.7)
        #expect(gate.reason(now: Timestamp(seconds: Desk.start.start + 7200)) == nil)
    }

    @Test("tier 3 goes to the report")
    func tierOff() {
        let outcome = Desk.evaluate([Desk.detection(.scalping, 100)])
        #expect(outcome.decisions.map(\.outcome) == [.held(.tierOff, for: .new)])
    }

    @Test("alerts go out by tier, then confidence, then key")
    func order() {
        let outcome = Desk.evaluate([
            Desk.detection(.breakout, 100), Desk.detection(.contrarian, 80),
            Desk.detection(.liquidationCascade, 71), Desk.detection(.volatilityExpansion, 100),
        ])
        #expect(
            outcome.decisions.map(\.detection.strategy) == [
                .liquidationCascade, .breakout, .volatilityExpansion, .contrarian,
            ])
    }

    @Test("the hourly budget holds tier 2 and lets a new tier 1 pass")
    func hourly() {
        let outbox = Desk.outbox(10, state: .pending)
        let outcome = Desk.evaluate(
            [Desk.detection(.breakout, 100), Desk.detection(.liquidationCascade, 71)], outbox: outbox)
        #expect(outcome.decisions.map(\.outcome) == [.send(.new), .held(.hourly, for: .new)])
        #expect(
            Desk.evaluate([Desk.detection(.breakout, 100)], outbox: Desk.outbox(10, state: .expired))
                .decisions.map(\.outcome) == [.send(.new)])
    }

    @Test("the daily budgets: 30, and 40 for the urgent")
    func daily() {
        func outcomes(_ count: Int) -> [AlertDecision.Verdict] {
            Desk.evaluate(
                [Desk.detection(.breakout, 100), Desk.detection(.liquidationCascade, 71)],
                outbox: Desk.outbox(count, state: .delivered, hoursAgo: 5)
            ).decisions.map(\.outcome)
        }
        #expect(outcomes(28) == [.send(.new), .send(.new)])
        #expect(outcomes(29) == [.send(.new), .held(.daily, for: .new)])
        #expect(outcomes(39) == [.send(.new), .held(.daily, for: .new)])
        #expect(outcomes(40) == [.held(.daily, for: .new), .held(.daily, for: .new)])
    }

    @Test("a key alerts three times a day")
    func keyDaily() {
        let outbox = (1...3).map { _ in
            OutboxAlert(
                key: "breakout:MARKET", hour: Desk.start.advanced(by: -9), reason: .new, state: .delivered,
                createdAt: Timestamp(seconds: Desk.start.start - 9 * 3600), confidence: 100, direction: .long)
        }
        let outcome = Desk.evaluate([Desk.detection(.breakout, 100)], outbox: outbox)
        #expect(outcome.decisions.map(\.outcome) == [.held(.keyDaily, for: .new)])
    }

    @Test("a pending alert counts as sent, an expired one does not")
    func pending() {
        let first = Desk.evaluate([Desk.detection(.breakout, 100)])
        var outbox = first.outbox(hour: Desk.start, now: Desk.now(0))
        let next = { (outbox: [OutboxAlert]) in
            Desk.evaluate([Desk.detection(.breakout, 100)], states: first.states, outbox: outbox, hour: 2)
                .decisions.map(\.outcome)
        }
        #expect(next(outbox).isEmpty)
        outbox[0].state = .expired
        #expect(next(outbox) == [.send(.new)])
    }

    @Test("an alert's id tells key, hour and reason apart, and stays the same")
    func ids() {
        let id = AlertID.make(key: "breakout:MARKET", hour: Desk.start, reason: .new)
        #expect(id.count == 16)
        #expect(id == AlertID.make(key: "breakout:MARKET", hour: Desk.start, reason: .new))
        #expect(id != AlertID.make(key: "breakout:MARKET", hour: Desk.start, reason: .flip))
        #expect(id != AlertID.make(key: "breakout:MARKET", hour: Desk.start.next, reason: .new))
    }
}
