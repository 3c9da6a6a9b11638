import PerpCore
import Signals
import Testing

@testable import Backtesting

@Suite("Whole runs of the backtest")
struct BacktestTests {
    /// A year or less of hourly steps; after an event the market drifts in its direction by so much an hour.
    static func world(days: Int, drift: Double, seed: UInt64) -> BacktestFacts {
        var draws = SeededDraws(seed: seed)
        let last = days * 24 - 1
        var mark = 100.0
        var side = 0.0
        var until = 0
        var events: [BacktestEvent] = []
        let rows = (0...last).map { number in
            mark *= 1 + 0.004 * draws.normal() + (number < until ? side * drift : 0)
            if number >= until + 24, draws.unit() < 0.03 {
                side = draws.unit() < 0.5 ? 1 : -1
                until = number + 25
                events.append(event(number, side > 0 ? .long : .short, sigma: 0.37))
            }
            return row(number, mark, half: mark * 0.00002)
        }
        let history = ContractHistory(bitcoin, rows: rows, settlements: settlements(through: last, rate: 0.00005))
        return facts([history], events, through: last)
    }

    @Test("a true effect is supported")
    func effect() {
        let result = Backtest.run(Self.world(days: 240, drift: 0.0015, seed: 1), runID: "a")
        #expect(result.metrics.map(\.direction) == [.long, .short])
        #expect(result.metrics.map(\.verdict) == [.supported, .supported])
        #expect(result.metrics.allSatisfy { ($0.excess ?? 0) > 0 && ($0.q ?? 1) < 0.01 && ($0.deflated ?? 0) > 0.95 })
        #expect(result.trialCount == 2)
        #expect(result.overfitting != nil)
    }

    @Test("without one nothing is", arguments: [1, 2, 3])
    func noEffect(seed: UInt64) {
        let result = Backtest.run(Self.world(days: 150, drift: 0, seed: seed))
        #expect(result.metrics.allSatisfy { $0.verdict != .supported })
    }

    @Test("equal facts give equal results")
    func same() {
        let world = Self.world(days: 70, drift: 0.0005, seed: 3)
        #expect(Backtest.run(world, runID: "a") == Backtest.run(world, runID: "a"))
        let shuffled = BacktestFacts(contracts: world.contracts, events: world.events.reversed(), span: world.span)
        #expect(Backtest.run(shuffled, runID: "a") == Backtest.run(world, runID: "a"))
    }

    @Test("other runs of the same days are trials, the same run is not, nor is one of other days")
    func trials() {
        let world = Self.world(days: 70, drift: 0.0005, seed: 3)
        let first = Backtest.run(world, runID: "a")
        func count(_ id: String, from: Int64 = 0) -> Int {
            let trial = BacktestTrial(
                runID: id, strategy: .breakout, direction: .long, firstDay: CalendarDay(number: from),
                lastDay: CalendarDay(number: from + 5), dailySharpe: 0.1)
            return Backtest.run(world, runID: "a", earlier: [trial]).trialCount
        }
        #expect(first.trialCount == 2)
        #expect(count("a") == 2)
        #expect(count("b") == 3)
        #expect(count("b", from: 69) == 3)
        #expect(count("b", from: 70) == 2)
    }

    @Test("more trials make the deflated ratio smaller")
    func moreTrials() throws {
        let world = Self.world(days: 70, drift: 0.0005, seed: 3)
        let earlier = (0..<12).map { number in
            BacktestTrial(
                runID: "\(number)", strategy: .breakout, direction: .long, firstDay: CalendarDay(number: 0),
                lastDay: CalendarDay(number: 5), dailySharpe: 0.05 * Double(number % 4))
        }
        let alone = Backtest.run(world).metrics
        let among = Backtest.run(world, earlier: earlier).metrics
        for (left, right) in zip(alone, among) {
            #expect(try #require(right.deflated) <= SharpeRatio.probability(Self.daily(world, left.direction)) ?? 0)
        }
    }

    static func daily(_ facts: BacktestFacts, _ direction: Direction) -> [Double] {
        let trades = Simulation(facts, BacktestSettings()).trades().filter { $0.event.direction == direction }
        return HourlyEquity(trades, span: facts.span).daily
    }

    @Test("fewer than 60 days have no deflated ratio")
    func fewDays() {
        #expect(Backtest.run(Self.world(days: 59, drift: 0, seed: 1)).metrics.allSatisfy { $0.deflated == nil })
    }

    @Test("scaling all prices changes no basis points; the equity is the trades and their open part")
    func properties() {
        let world = Self.world(days: 40, drift: 0, seed: 9)
        let scaled = BacktestFacts(
            contracts: world.contracts.map { history in
                ContractHistory(
                    history.contract,
                    rows: history.rows.map { row in
                        var row = row
                        row.markPrice *= 7
                        row.bidPrice = row.bidPrice.map { $0 * 7 }
                        row.askPrice = row.askPrice.map { $0 * 7 }
                        return row
                    }, settlements: history.settlements)
            }, events: world.events, span: world.span)
        let trades = Simulation(world, BacktestSettings()).trades()
        for (left, right) in zip(trades, Simulation(scaled, BacktestSettings()).trades()) {
            #expect(left.status == right.status)
            #expect(isClose(left.basisPoints, right.basisPoints, tolerance: 1e-9))
        }
        for trade in trades where trade.status.isClosed {
            #expect(isClose(sum(trade.changes.map(\.dollars)), trade.net, tolerance: 1e-9))
        }
        let opposite = BacktestFacts(
            contracts: world.contracts,
            events: world.events.map { event in
                var event = event
                event.direction = event.direction == .long ? .short : .long
                return event
            }, span: world.span)
        for (left, right) in zip(trades, Simulation(opposite, BacktestSettings()).trades())
        where left.status == .time && right.status == .time {
            #expect(isClose((left.net ?? 0) + (right.net ?? 0), -2 * left.cost, tolerance: 1e-9))
        }
    }

    @Test("a reverse carry is listed but not in the verdict")
    func borrowUnknown() {
        let spot = TradedContract(.okx, "BTC-USDT", asset: "BTC", kind: .spot)
        let rows = (0...900).map { row($0, 100) }
        let contracts = [
            ContractHistory(bitcoin, rows: rows, settlements: settlements(through: 900)), ContractHistory(spot, rows: rows),
        ]
        let reverse = event(10, .neutral, strategy: .basisArbitrage, legs: .init(short: spot, long: bitcoin))
        let result = Backtest.run(facts(contracts, [reverse], through: 900))
        #expect(result.trades.map(\.status) == [.time])
        #expect(result.outcomes.map(\.status) == [.resolved])
        #expect(result.metrics.map(\.count) == [0])
    }

    @Test("always long and always short lose the costs twice")
    func always() {
        let result = Backtest.run(Self.world(days: 20, drift: 0, seed: 2))
        let long = result.alwaysLong
        #expect(long?.status == .time)
        #expect(isClose((long?.net ?? 0) + (result.alwaysShort?.net ?? 0), -2 * (long?.cost ?? 0), tolerance: 1e-9))
    }

    @Test("the equity of a day is that of its hours")
    func daily() {
        let equity = HourlyEquity(GoldenRun.trades(), span: GoldenRun.facts.span)
        #expect(equity.daily.count == 4)
        #expect(isClose(equity.daily[0], sum(equity.changes[0..<24]), tolerance: 1e-9))
        #expect(isClose(equity.daily[3], sum(equity.changes[72...]), tolerance: 1e-9))
        // Entry to the hour before the exit, and of the open trade to the end.
        #expect(equity.exposure.count { $0 > 0 } == 24 + 12 + 10 + 20 + 1 + 2)
        #expect(equity.largestExposure == 10_000)
    }
}
