import PerpCore
import Signals
import Testing

@testable import Backtesting

@Suite("Pairs and carry")
struct PairTests {
    static let dear = TradedContract(.okx, "BTC-USDT-SWAP", asset: "BTC")
    static let cheap = TradedContract(.hyperliquid, "BTC", asset: "BTC")
    static let spot = TradedContract(.okx, "BTC-USDT", asset: "BTC", kind: .spot)
    static let legs = BacktestEvent.Legs(short: dear, long: cheap)

    static func history(
        _ contract: TradedContract, _ marks: [Int: Double], rate: Double? = nil, interval: Double = 8,
        settled: [FundingSettlement] = [], late: Int64 = 120
    ) -> ContractHistory {
        let rows = marks.map { number, mark in
            row(
                number, mark, half: mark * 0.00005, rate: rate, interval: interval, observed: Int64(number) * 3600 + late)
        }
        return ContractHistory(contract, rows: rows, settlements: settled)
    }

    static func constant(_ mark: Double, through last: Int) -> [Int: Double] {
        Dictionary(uniqueKeysWithValues: (0...last).map { ($0, mark) })
    }

    static func settled(every hours: Int, _ rate: Double, through last: Int) -> [FundingSettlement] {
        stride(from: hours, through: last, by: hours).map { settlement($0, rate) }
    }

    static func trade(
        _ contracts: [ContractHistory], legs: BacktestEvent.Legs = legs, rules: ExitRules, through last: Int
    ) -> SimulatedTrade? {
        let pair = event(0, .neutral, strategy: .fundingArbitrage, legs: legs)
        let simulation = Simulation(facts(contracts, [pair], through: last), BacktestSettings())
        return simulation.sides(legs).flatMap { simulation.position(at: hour(0), $0) }?
            .follow(pair, rules, notional: 10_000)
    }

    @Test("funding and costs of a day: six settlements received, 24 paid")
    func fundingAndCosts() throws {
        let trade = try #require(
            Self.trade(
                [
                    Self.history(Self.dear, Self.constant(1, through: 24), settled: Self.settled(every: 4, 0.0009, through: 24)),
                    Self.history(
                        Self.cheap, Self.constant(1, through: 24), settled: Self.settled(every: 1, 0.0000125, through: 24)),
                ], rules: ExitRules(horizon: 24), through: 24))
        #expect(isClose(trade.funding, 51))
        #expect(isClose(trade.cost, 21))
        #expect(trade.gross == 0)
        #expect(isClose(trade.net, 30))
        #expect(isClose(trade.percentOfYear, 100 * 30 / 10_000 * 365))
        #expect(trade.legs.map(\.side) == [-1, 1])
    }

    /// The specification's net of 27.9804039192 adds the parts of this test and of the one above: its costs are those of
    /// unchanged marks. With the marks of this test the costs are of what is really traded at the exit.
    @Test("the legs' difference of price is profit or loss")
    func legsDifference() throws {
        let trade = try #require(
            Self.trade(
                [
                    Self.history(Self.dear, [0: 60_000, 24: 60_600], settled: Self.settled(every: 8, 0, through: 24)),
                    Self.history(Self.cheap, [0: 60_012, 24: 60_600], settled: Self.settled(every: 8, 0, through: 24)),
                ], rules: ExitRules(horizon: 24), through: 24))
        #expect(isClose(trade.gross, -2.01959608078))
        #expect(isClose(51 + (trade.gross ?? 0) - 21, 27.9804039192))
        let exits = 10_000.0 * 60_600 / 60_000 * 0.00055 + 10_000.0 * 60_600 / 60_012 * 0.0005
        #expect(isClose(trade.cost, 10_000 * 0.00105 + exits))
    }

    @Test("swapping the legs flips gross and funding")
    func swapped() throws {
        let contracts = [
            Self.history(Self.dear, [0: 60_000, 24: 60_600], settled: Self.settled(every: 8, 0.0002, through: 24)),
            Self.history(Self.cheap, [0: 60_012, 24: 60_500], settled: Self.settled(every: 8, -0.0001, through: 24)),
        ]
        let there = try #require(Self.trade(contracts, rules: ExitRules(horizon: 24), through: 24))
        let back = try #require(
            Self.trade(
                contracts, legs: .init(short: Self.cheap, long: Self.dear), rules: ExitRules(horizon: 24), through: 24))
        #expect(isClose(there.gross, -(back.gross ?? 0)))
        #expect(isClose(there.funding, -(back.funding ?? 0)))
        #expect(isClose(there.cost, back.cost))
    }

    static func alternating(_ rates: [Int: Double], through last: Int) -> ContractHistory {
        let rows = (0...last).map { number in
            row(number, 100, half: 0.01, rate: rates[number] ?? 0.0002, interval: 8)
        }
        return ContractHistory(dear, rows: rows, settlements: settlements(through: last))
    }

    @Test(
        "three stored hours in a row with rates against the pair close it",
        arguments: [([3: -0.1, 4: -0.1, 5: -0.1], 5), ([3: -0.1, 4: -0.1, 6: -0.1], nil), ([3: 0.0001, 4: 0.0001, 5: 0.0001], nil)])
    func carryGone(rates: [Int: Double], exit: Int?) throws {
        let other = Self.history(
            Self.cheap, Self.constant(100, through: 30), rate: 0.0001, settled: settlements(through: 30))
        let trade = try #require(
            Self.trade(
                [Self.alternating(rates, through: 30), other],
                rules: ExitRules(horizon: 24, closesWhenCarryIsGone: true), through: 30))
        #expect(trade.status == (exit == nil ? .time : .carryGone))
        #expect(trade.exit == hour(exit ?? 24))
    }

    @Test("a leg without marks for more than a day closes both at the last hour they share")
    func delisted() throws {
        let trade = try #require(
            Self.trade(
                [
                    Self.history(Self.dear, Self.constant(100, through: 80), settled: settlements(through: 80)),
                    Self.history(Self.cheap, Self.constant(100, through: 10), settled: settlements(through: 80)),
                ], rules: ExitRules(horizon: 168), through: 80))
        #expect(trade.status == .delisted)
        #expect(trade.exit == hour(10))
        #expect(trade.closedAt == hour(35))
    }

    @Test("the legs are entered in the first hour in which both are observed within ten minutes", arguments: [(720, 1), (721, nil)])
    func together(late: Int64, entry: Int?) {
        let contracts = [
            Self.history(Self.dear, Self.constant(100, through: 10), settled: settlements(through: 10)),
            Self.history(Self.cheap, Self.constant(100, through: 10), settled: settlements(through: 10), late: late),
        ]
        let pair = event(0, .neutral, strategy: .fundingArbitrage, legs: Self.legs)
        let trade = Simulation(facts(contracts, [pair], through: 10), BacktestSettings()).trades()[0]
        #expect(trade.entry == entry.map { hour($0) })
        #expect(trade.status == (entry == nil ? .noEntry : .open))
    }

    @Test("spot pays no funding; selling it needs coins at an unknown price")
    func spot() throws {
        let contracts = [
            Self.history(Self.dear, Self.constant(100, through: 24), settled: Self.settled(every: 8, 0.0001, through: 24)),
            Self.history(Self.spot, Self.constant(100, through: 24)),
        ]
        let carry = try #require(
            Self.trade(
                contracts, legs: .init(short: Self.dear, long: Self.spot), rules: ExitRules(horizon: 24), through: 24))
        #expect(isClose(carry.funding, 3))
        #expect(carry.flags.isEmpty)
        let reverse = try #require(
            Self.trade(
                contracts, legs: .init(short: Self.spot, long: Self.dear), rules: ExitRules(horizon: 24), through: 24))
        #expect(isClose(reverse.funding, -3))
        #expect(reverse.flags == [.borrowUnknown])
    }

    @Test("a pair is held for its horizon, and events meanwhile overlap")
    func horizon() {
        let contracts = [
            Self.history(Self.dear, Self.constant(100, through: 400), settled: settlements(through: 400)),
            Self.history(Self.cheap, Self.constant(100, through: 400), settled: settlements(through: 400)),
        ]
        let events = [0, 50, 169, 170].map { event($0, .neutral, strategy: .fundingArbitrage, legs: Self.legs) }
        let trades = Simulation(facts(contracts, events, through: 400), BacktestSettings()).trades()
        #expect(trades.map(\.status) == [.time, .overlap, .overlap, .time])
        #expect(trades[0].exit == hour(169))
    }

    @Test("all windows of a pair in one pass end as each position that is followed", arguments: [true, false])
    func windows(closesWhenCarryIsGone: Bool) throws {
        let world = LookAheadTests.world(seed: 3)
        let legs = BacktestEvent.Legs(short: bitcoin, long: TradedContract(.bybit, "BTCUSDT", asset: "BTC"))
        let simulation = Simulation(world, BacktestSettings())
        let sides = try #require(simulation.sides(legs))
        let rules = ExitRules(horizon: 40, closesWhenCarryIsGone: closesWhenCarryIsGone)
        let pair = event(0, .neutral, strategy: .fundingArbitrage, legs: legs)
        let trades = world.span.hours.filter { Simulation.areTogether(sides, at: $0) }
            .compactMap { simulation.position(at: $0, sides)?.follow(pair, rules, notional: 10_000) }
            .filter { $0.net != nil }
        let entries = PairWindows(simulation, sides, rules).entries(notional: 10_000)
        #expect(entries.count > 100)
        #expect(entries.map(\.hour) == trades.map(\.entry))
        #expect(entries.map(\.knownAt) == trades.map(\.closedAt))
        #expect(zip(entries, trades).allSatisfy { isClose($0.value, $1.basisPoints, tolerance: 1e-9) })
    }
}
