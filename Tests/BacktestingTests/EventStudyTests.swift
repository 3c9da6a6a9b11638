import PerpCore
import Signals
import Testing

@testable import Backtesting

@Suite("Events and claims")
struct EventStudyTests {
    @Test("each strategy makes one claim with one horizon")
    func claims() {
        for strategy in [
            Strategy.trendFollowing, .contrarian, .meanReversion, .liquidationCascade, .momentumBreakout,
            .institutionalDivergence, .breakout,
        ] {
            #expect(Claim(strategy, .long) == Claim(.profit, side: 1, horizon: 24))
            #expect(Claim(strategy, .bearish) == Claim(.profit, side: -1, horizon: 24))
            #expect(Claim(strategy, .neutral) == nil)
        }
        #expect(Claim(.breakout, .both) == Claim(.itMoves, horizon: 24))
        #expect(Claim(.rangeTrading, .bullish) == Claim(.rangeHolds, horizon: 24))
        #expect(Claim(.deltaNeutral, .neutral) == Claim(.rangeHolds, horizon: 8))
        #expect(Claim(.scalping, .bearish) == Claim(.rangeHolds, horizon: 4))
        #expect(Claim(.volatilityExpansion, .neutral) == Claim(.itMoves, horizon: 24))
        #expect(Claim(.contangoBackwardation, .short) == Claim(.basisGained, side: -1, horizon: 72))
        #expect(Claim(.fundingArbitrage, .neutral) == Claim(.carry, horizon: 168))
        #expect(Claim(.basisArbitrage, .neutral) == Claim(.carry, horizon: 168))
    }

    /// The outcome of an event at hour 5 in a market of 100, whose marks are changed or removed.
    static func outcome(_ changed: [Int: Double?], _ direction: Direction = .long, through last: Int = 60) -> EventOutcome {
        let history = SimulationTests.flat(last, changed)
        var study = EventStudy(facts([history], [event(5, direction)], through: last), BacktestSettings())
        return study.outcomes()[0]
    }

    static func gap(_ hours: ClosedRange<Int>) -> [Int: Double?] {
        Dictionary(uniqueKeysWithValues: hours.map { ($0, Double?.none) })
    }

    @Test("the return is that from the entry on, not that which fired")
    func forward() {
        // 100, then 110 fires, entered at 110, and 104 a day later: -5.45454545455 %.
        let outcome = Self.outcome([5: 110, 6: 110, 30: 104])
        let costs = 0.0006 + 0.0006 * 104 / 110
        #expect(isClose(outcome.value, (104.0 / 110 - 1 - costs) * 1e4))
        #expect(isClose(-(104.0 / 110 - 1), 0.0545454545455))
        #expect(outcome.isSuccess == false)
        #expect(outcome.entry == hour(6))
        #expect(outcome.resolved == hour(30))
    }

    @Test("the horizon ends at the first stored hour, six hours late at most", arguments: [(30...35, 36), (30...36, nil)])
    func late(missing: ClosedRange<Int>, resolved: Int?) {
        let outcome = Self.outcome(Self.gap(missing))
        #expect(outcome.status == (resolved == nil ? .unresolved : .resolved))
        #expect((outcome.value == nil) == (resolved == nil))
        if let resolved { #expect(outcome.resolved == hour(resolved)) }
    }

    @Test("a contract that fell silent counts at its last mark, once that is known")
    func delisted() {
        let changed = Self.gap(11...60).merging([10: 90]) { $1 }
        let outcome = Self.outcome(changed)
        #expect(outcome.status == .delisted)
        #expect(outcome.resolved == hour(35))
        #expect((outcome.value ?? 0) < -1000)
        #expect(outcome.known(at: hour(34)).status == .open)
        #expect(outcome.known(at: hour(34)).value == nil)
        #expect(outcome.known(at: hour(35)) == outcome)
    }

    @Test("the data may end before the horizon, or before the entry")
    func ends() {
        #expect(Self.outcome([:], through: 29).status == .open)
        #expect(Self.outcome([:], through: 30).status == .resolved)
        #expect(Self.outcome([:], through: 5).status == .waiting)
        #expect(Self.outcome(Self.gap(6...7)).status == .noEntry)
    }

    /// A market that rises by 1 % in six of ten days.
    static func rising(_ days: Int) -> ContractHistory {
        var mark = 100.0
        let rows = (0..<(days * 24)).map { number in
            if number % 24 == 0 { mark *= [1.01, 0.99, 1.01, 1.01, 0.99, 1.01, 0.99, 1.01, 1.01, 0.99][number / 24 % 10] }
            return row(number, mark, half: mark * 0.00005)
        }
        return ContractHistory(bitcoin, rows: rows, settlements: settlements(through: days * 24))
    }

    @Test("the base rate is that of all entry hours that had closed, and one half below 240 of them")
    func base() {
        let history = Self.rising(40)
        // Entries of hours 0 to 239 close at hours 24 to 263.
        for (decided, isAssumed) in [(262, true), (263, false), (900, false)] {
            var study = EventStudy(facts([history], [event(decided, .long)], through: 959), BacktestSettings())
            let base = study.outcomes()[0].base
            #expect(base?.isAssumed == isAssumed)
            if isAssumed { #expect(base?.share == 0.5) } else { #expect(abs((base?.share ?? 0) - 0.6) < 0.06) }
        }
    }

    @Test("60 % hits in a market that rises in 60 % of the windows are worth nothing")
    func risingMarket() {
        let history = Self.rising(200)
        let events = stride(from: 300, to: 4700, by: 24).map { event($0, .long) }
        let result = Backtest.run(facts([history], events, through: 4799))
        let metric = result.metrics[0]
        #expect((metric.hit ?? 0) > 0.5)
        #expect(abs((metric.baseShare ?? 0) - 0.6) < 0.05)
        #expect(metric.verdict == .unclear)
        #expect(abs(metric.eventT ?? 9) < 1.65)
    }

    @Test("a range holds when the return is within the median of those that had closed")
    func range() {
        // Every hour moves up or down by 1 %, in a pattern: over four hours the moves are 0 or 2 %.
        var mark = 100.0
        let rows = (0...700).map { number in
            mark *= number / 4 % 2 == 0 ? 1.01 : 0.99
            return row(number, mark)
        }
        let history = ContractHistory(bitcoin, rows: rows, settlements: settlements(through: 700))
        let events = [100, 243, 244, 600, 602].map { event($0, .neutral, strategy: .scalping) }
        var study = EventStudy(facts([history], events, through: 700), BacktestSettings())
        let outcomes = study.outcomes()
        // Windows of entries 0 to 239 close at 4 to 243.
        #expect(outcomes[0].status == .noUsualMove)
        #expect(outcomes[1].status == .resolved)
        for outcome in outcomes.dropFirst() {
            let success = outcome.isSuccess == true ? 1.0 : 0
            #expect(isClose(outcome.value, 100 * (success - (outcome.base?.share ?? 0))))
        }
    }

    @Test("usual moves are the median of a slow model at every hour")
    func usualMoves() {
        var draws = SeededDraws(seed: 4)
        var mark = 100.0
        let rows = (0...2700).compactMap { number -> ContractHour? in
            mark *= 1 + 0.01 * draws.normal()
            return draws.unit() < 0.05 ? nil : row(number, mark)
        }
        let history = ContractHistory(bitcoin, rows: rows)
        let windows = rows.indices.map { ClaimWindow(history, entry: $0, horizon: 8, knownAt: hour(2700)) }
        let moves = UsualMoves(history, windows)
        for number in stride(from: 200, through: 2700, by: 97) {
            let sizes = windows.compactMap { window -> Double? in
                guard let exit = window.exit, let knownAt = window.knownAt, knownAt <= hour(number),
                    rows[window.entry].hour >= hour(number - 2160)
                else { return nil }
                return abs(rows[exit].markPrice / rows[window.entry].markPrice - 1)
            }.sorted()
            let middle = sizes.count / 2
            let median =
                sizes.count < 240
                ? nil : sizes.count % 2 == 1 ? sizes[middle] : (sizes[middle - 1] + sizes[middle]) / 2
            #expect(isClose(moves.median(at: hour(number)), median))
        }
    }

    @Test("an event counts in the study while its key has a position")
    func overlapping() {
        let history = SimulationTests.flat(80)
        let world = facts([history], [event(5, .long), event(10, .long)], through: 80)
        var study = EventStudy(world, BacktestSettings())
        #expect(study.outcomes().map(\.status) == [.resolved, .resolved])
    }

    @Test("a direction without a side makes no claim")
    func noClaim() { #expect(Self.outcome([:], .unclear).status == .noClaim) }
}

@Suite("Descriptions of events")
struct DescriptionTests {
    @Test("the path of returns in the direction of the claim")
    func path() {
        // Entered at 100; a long gains and a short loses 1 % an hour, here over two hours.
        let marks = Dictionary(uniqueKeysWithValues: (0...60).map { ($0, Double?.some(100 + Double($0 % 10))) })
        let world = facts(
            [SimulationTests.flat(60, marks)], [event(9, .long), event(19, .short)], through: 60)
        var study = EventStudy(world, BacktestSettings())
        let path = ReturnPath(study.outcomes(), world, hours: [0, 2, 100])
        #expect(path.points.map(\.hours) == [0, 2])
        #expect(path.points.map(\.count) == [2, 2])
        #expect(path.points[1].mean == 0)
        // Of -200 and 200 a tenth of the way from either end.
        #expect(isClose(path.points[1].low, -160, tolerance: 1e-9))
        #expect(isClose(path.points[1].high, 160, tolerance: 1e-9))
    }

    @Test("a regime is listed with ten events or more")
    func regimes() {
        let history = SimulationTests.flat(400)
        let events = (0..<19).map { number in
            var event = event(number * 20, .long)
            event.regime = number < 10 ? "CALM" : "NORMAL"
            return event
        }
        var study = EventStudy(facts([history], events, through: 400), BacktestSettings())
        let metrics = RegimeMetric.all(study.outcomes())
        #expect(metrics.map(\.regime) == ["CALM"])
        #expect(metrics.map(\.count) == [10])
        #expect(metrics.map(\.hit) == [0])
    }
}

@Suite("Base rates")
struct BaseRateTests {
    static func entries(closing hours: (Int) -> Int) -> [ClaimTable.Entry] {
        (0..<5000).map { number in
            .init(
                hour: hour(number), knownAt: hour(number + hours(number)), value: Double(number % 7) - 3,
                isSuccess: number % 3 == 0)
        }
    }

    @Test("running sums say what counting says, also where windows close out of order", arguments: [false, true])
    func slowModel(isOutOfOrder: Bool) {
        let entries = Self.entries { isOutOfOrder ? 3 + $0 % 165 : 24 }
        let table = ClaimTable(entries)
        for decided in stride(from: 100, to: 5100, by: 333) {
            let closed = entries.filter { $0.knownAt <= hour(decided) && $0.hour >= hour(decided - 4320) }
            let base = table.base(at: hour(decided))
            #expect(base.isAssumed == (closed.count < 240))
            guard !base.isAssumed else { continue }
            #expect(isClose(base.share, Double(closed.count { $0.isSuccess }) / Double(closed.count)))
            let mean = sum(closed.map(\.value)) / Double(closed.count)
            #expect(abs(base.meanBasisPoints - mean) < 1e-12)
            let within = table.base(at: hour(decided), usual: 1, isWithin: true)
            let share = Double(closed.count { $0.value <= 1 }) / Double(closed.count)
            #expect(isClose(within.share, share))
            #expect(isClose(table.base(at: hour(decided), usual: 1, isWithin: false).share, 1 - share))
            #expect(table.base(at: hour(decided), usual: nil, isWithin: true) == .assumed)
        }
    }
}
