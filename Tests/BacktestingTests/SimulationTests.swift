import PerpCore
import Signals
import Testing

@testable import Backtesting

@Suite("Simulation of directional keys")
struct SimulationTests {
    struct Expected {
        let decided: Int
        let status: TradeStatus
        var entry: (Int, Double)?
        var exit: (Int, Double)?
        var gross: Double?
        var funding: Double?
        var cost: Double?
        var net: Double?
    }

    static let golden: [Expected] = [
        Expected(
            decided: 2, status: .time, entry: (3, 59_820), exit: (27, 61_680), gross: 310.932798395, funding: -6.09261116683,
            cost: 11.1584754263, net: 293.681711802),
        Expected(decided: 10, status: .overlap),
        Expected(
            decided: 28, status: .opposite, entry: (29, 61_460), exit: (41, 61_640), gross: -29.2873413602,
            funding: 2.4956068988, cost: 10.9908883827, net: -37.7826228441),
        Expected(
            decided: 40, status: .opposite, entry: (41, 61_640), exit: (51, 62_040), gross: 64.892926671,
            funding: -1.99935107073, cost: 11.0058403634, net: 51.8877352369),
        Expected(
            decided: 50, status: .opposite, entry: (51, 62_040), exit: (71, 61_940), gross: 16.1186331399,
            funding: 3.50676982592, cost: 10.9590586718, net: 8.666344294),
        Expected(
            decided: 70, status: .stop, entry: (71, 61_940), exit: (72, 59_380), gross: -413.303196642,
            funding: -1.4380045205, cost: 10.7620277688, net: -425.503228931),
        Expected(decided: 88, status: .open, entry: (89, 59_760)),
    ]

    @Test("the golden run", arguments: 0..<7)
    func golden(index: Int) {
        let expected = Self.golden[index]
        let trade = GoldenRun.trades()[index]
        #expect(trade.event.decided == hour(expected.decided))
        #expect(trade.status == expected.status)
        #expect(trade.entry == expected.entry.map { hour($0.0) })
        #expect(trade.legs.first?.entryMark == expected.entry?.1)
        #expect(trade.exit == expected.exit.map { hour($0.0) })
        #expect(trade.legs.first?.exitMark == expected.exit?.1)
        #expect(isClose(trade.gross, expected.gross))
        #expect(isClose(trade.funding, expected.funding))
        if let cost = expected.cost { #expect(isClose(trade.cost, cost)) }
        #expect(isClose(trade.net, expected.net))
        #expect(isClose(trade.basisPoints, expected.net))
    }

    @Test("the equity is the closed trades and the open part")
    func equity() {
        let trades = GoldenRun.trades()
        let equity = HourlyEquity(trades, span: GoldenRun.facts.span)
        #expect(isClose(equity.total, -258.461037685))
        #expect(isClose(sum(trades.compactMap(\.net)), -109.050060442))
        #expect(isClose(sum(trades[6].changes.map(\.dollars)), -149.410977242))
        for number in GoldenRun.missing { #expect(equity.changes[number] == 0) }
        #expect(isClose(equity.equity(capital: 100_000).last, 100_000 - 258.461037685))
    }

    static func history(
        _ marks: [Int: Double], _ settled: [FundingSettlement], contract: TradedContract = bitcoin
    ) -> ContractHistory {
        ContractHistory(
            contract, rows: marks.map { row($0, $1, half: $1 * 0.00005) }, settlements: settled)
    }

    /// Long from 60 000 to 61 200, with settlements near 60 300, 60 900 and 61 100.
    static func worked(_ direction: Direction, contract: TradedContract = bitcoin) -> SimulatedTrade {
        let history = history(
            [0: 59_000, 1: 60_000, 8: 60_300, 16: 60_900, 24: 61_100, 25: 61_200],
            [settlement(8, 0.0001), settlement(16, 0.0003), settlement(24, -0.00005)], contract: contract)
        return Simulation(facts([history], [event(0, direction)], through: 25), BacktestSettings()).trades()[0]
    }

    @Test("a long with fees, spread and funding")
    func long() {
        let trade = Self.worked(.long)
        #expect(isClose(trade.gross, 200))
        #expect(isClose(trade.cost, 11.11))
        #expect(isClose(trade.funding, -3.54083333333))
        #expect(isClose(trade.net, 185.349166667))
        #expect(trade.status == .time)
        #expect(trade.flags.isEmpty)
    }

    @Test("the same short; both together lose the costs twice")
    func short() {
        let trade = Self.worked(.short)
        #expect(isClose(trade.gross, -200))
        #expect(isClose(trade.funding, 3.54083333333))
        #expect(isClose(trade.net, -207.569166667))
        #expect(isClose((trade.net ?? 0) + (Self.worked(.long).net ?? 0), -22.22))
    }

    @Test("an inverse contract pays coins that are worth the later mark, and funding on its dollars")
    func inverse() {
        var contract = bitcoin
        contract.kind = .perpetual(.inverse)
        let trade = Self.worked(.long, contract: contract)
        #expect(isClose(trade.gross, 200))
        #expect(isClose((trade.gross ?? 0) / 61_200, 0.00326797385621))
        #expect(isClose(trade.funding, -3.5))
        #expect(isClose(trade.cost, 11))
    }

    @Test("three daily deviations, within limits", arguments: [(0.42, 0.0659514142464), (0.01, 0.01), (5, 0.15)])
    func stop(sigma: Double, stop: Double) { #expect(isClose(ExitRules.stop(sigma24: sigma), stop)) }

    @Test("an unknown volatility stops at 5 %")
    func unknownStop() { #expect(ExitRules.stop(sigma24: nil) == 0.05) }

    /// Hourly rows of 100 with some changed or removed, settled at zero.
    static func flat(_ last: Int, _ changed: [Int: Double?] = [:], rate: Double = 0) -> ContractHistory {
        let rows = (0...last).compactMap { number in
            (changed[number] ?? 100).map { row(number, $0, half: nil) }
        }
        return ContractHistory(bitcoin, rows: rows, settlements: settlements(through: last, rate: rate))
    }

    static func trades(_ history: ContractHistory, _ events: [BacktestEvent], through last: Int) -> [SimulatedTrade] {
        Simulation(facts([history], events, through: last), BacktestSettings()).trades()
    }

    @Test("the hour that fired is never the entry")
    func entry() {
        // 103 fires a fade; it is entered at 101, where nothing is left of the bounce.
        let history = Self.flat(40, [5: 103].merging((6...40).map { ($0, 101) }) { first, _ in first })
        let trade = Self.trades(history, [event(5, .short, strategy: .meanReversion)], through: 40)[0]
        #expect(trade.entry == hour(6))
        #expect(trade.gross == 0)
    }

    @Test("one missing hour is waited for, two are no entry", arguments: [(6...6, 7), (6...7, nil)])
    func wait(missing: ClosedRange<Int>, entry: Int?) {
        let history = Self.flat(40, Dictionary(uniqueKeysWithValues: missing.map { ($0, Double?.none) }))
        let trade = Self.trades(history, [event(5, .long)], through: 40)[0]
        #expect(trade.entry == entry.map { hour($0) })
        #expect(trade.status == (entry == nil ? .noEntry : .time))
    }

    @Test("before the hours of entry have come the event waits", arguments: [(5, TradeStatus.waiting), (6, .open)])
    func waiting(last: Int, status: TradeStatus) {
        #expect(Self.trades(Self.flat(last), [event(5, .long)], through: last)[0].status == status)
    }

    @Test("an event in the hour of a timed exit overlaps, one in the next hour does not", arguments: [(26, 2), (27, 1)])
    func overlap(second: Int, expected: Int) {
        let trades = Self.trades(Self.flat(60), [event(1, .long), event(second, .long)], through: 60)
        #expect(trades[0].exit == hour(26))
        #expect((trades[1].status == .overlap) == (expected == 2))
    }

    @Test("an event of the other side in the hour of the entry closes at the next hour and opens its own")
    func oppositeAtEntry() {
        let trades = Self.trades(Self.flat(60), [event(1, .long), event(2, .short)], through: 60)
        #expect(trades[0].status == .opposite)
        #expect(trades[0].exit == hour(3))
        #expect(trades[1].entry == hour(3))
    }

    @Test("a stop in the hour after the other side's event keeps that from opening its own")
    func stopFirst() {
        let trades = Self.trades(
            Self.flat(60, [11: 90]), [event(1, .long), event(10, .short)], through: 60)
        #expect(trades.map(\.status) == [.stop, .overlap])
        #expect(trades[0].legs[0].exitMark == 90)
        #expect(isClose(trades[0].worst, -0.1))
    }

    @Test("a mark at the stop is stopped, one above is not", arguments: [(95.0, TradeStatus.stop), (95.01, .time)])
    func atStop(mark: Double, status: TradeStatus) {
        #expect(Self.trades(Self.flat(60, [10: mark]), [event(1, .long)], through: 60)[0].status == status)
    }

    @Test("a contract without marks for more than a day is closed at its last one, and counted")
    func delisted() {
        let gone = Dictionary(uniqueKeysWithValues: (6...60).map { ($0, Double?.none) })
        let trade = Self.trades(Self.flat(60, gone.merging([5: 98]) { $1 }), [event(1, .long)], through: 60)[0]
        #expect(trade.status == .delisted)
        #expect(trade.exit == hour(5))
        #expect(trade.closedAt == hour(30))
        #expect(isClose(trade.gross, -200))
        // Fee and assumed spread on 10 000 and on 9 800.
        #expect(isClose(trade.cost, 0.0006 * 19_800))
        #expect(isClose(sum(trade.changes.map(\.dollars)), trade.net))
        #expect(trade.changes.last?.hour == hour(30))
    }

    @Test("a silence of a day is none yet", arguments: [(29, TradeStatus.open), (30, .delisted)])
    func silence(last: Int, status: TradeStatus) {
        let gone = Dictionary(uniqueKeysWithValues: (6...last).map { ($0, Double?.none) })
        #expect(Self.trades(Self.flat(last, gone), [event(1, .long)], through: last)[0].status == status)
    }

    @Test("a contract that comes back after a day keeps its trade, and the change falls on the return")
    func comesBack() {
        let gone = Dictionary(uniqueKeysWithValues: (6...28).map { ($0, Double?.none) })
        let trade = Self.trades(Self.flat(60, gone.merging([29: 99]) { $1 }), [event(1, .long)], through: 60)[0]
        #expect(trade.exit == hour(29))
        #expect(trade.status == .time)
        #expect(isClose(trade.gross, -100))
    }

    @Test("while a silence is not known to be a delisting the key is busy")
    func busyWhileSilent() {
        let gone = Dictionary(uniqueKeysWithValues: (6...60).map { ($0, Double?.none) })
        let other = ContractHistory(
            TradedContract(.bybit, "BTCUSDT", asset: "BTC"), rows: (0...60).map { row($0, 100, volume: 1) },
            settlements: settlements(through: 60))
        let events = [event(1, .long), event(10, .long), event(31, .long)]
        let trades = Simulation(facts([Self.flat(60, gone), other], events, through: 60), BacktestSettings()).trades()
        #expect(trades.map(\.status) == [.delisted, .overlap, .time])
        #expect(trades[2].legs[0].contract == other.contract)
    }

    @Test("the exchange with the largest volume of the asset is traded, and its largest contract")
    func largest() {
        func contract(_ exchange: Exchange, _ symbol: String, _ volume: Double) -> ContractHistory {
            ContractHistory(
                TradedContract(exchange, symbol, asset: "BTC"), rows: [row(0, 100, volume: volume)], settlements: [])
        }
        let all = [
            contract(.binance, "A", 10), contract(.okx, "B", 6), contract(.okx, "C", 7), contract(.bybit, "D", 9),
        ]
        let world = facts(all, [], through: 0)
        #expect(world.largest(of: "BTC", at: hour(0))?.contract.symbol == "C")
        #expect(world.largest(of: "ETH", at: hour(0)) == nil)
        #expect(world.largest(of: "BTC", at: hour(1)) == nil)
        #expect(
            facts([contract(.okx, "B", 6), contract(.bybit, "D", 6)], [], through: 0)
                .largest(of: "BTC", at: hour(0))?.contract.symbol == "B")
    }

    @Test("events that are neither new nor a flip are no events")
    func reasons() {
        #expect(AlertReason.allCases.filter(BacktestEvent.isEvent) == [.new, .flip])
    }

    @Test("a spread that is unknown, crossed or wider than 0.5 % is assumed")
    func spreads() {
        func cost(_ bid: Double?, _ ask: Double?, _ asset: String = "BTC") -> TradeCost {
            let row = ContractHour(
                hour: hour(0), markPrice: 100, bidPrice: bid, askPrice: ask, observedAt: Timestamp(seconds: 0))
            return TradeCost(row, TradedContract(.okx, "X", asset: asset), fees: TakerFees())
        }
        #expect(isClose(cost(99.5, 100.5).fraction, 0.0055))
        #expect(!cost(99.5, 100.5).isSpreadAssumed)
        #expect(isClose(cost(99.4, 100.6).fraction, 0.0006))
        #expect(isClose(cost(101, 100).fraction, 0.0006))
        #expect(isClose(cost(nil, 100, "SOL").fraction, 0.001))
        #expect(cost(nil, 100).isSpreadAssumed)
        #expect(cost(100, 100).fraction == 0.0005)
    }
}

@Suite("Funding of positions")
struct PositionFundingTests {
    static func trade(
        _ rows: [ContractHour], _ settled: [FundingSettlement], through last: Int, direction: Direction = .long
    ) -> SimulatedTrade {
        Simulation(
            facts([ContractHistory(bitcoin, rows: rows, settlements: settled)], [event(0, direction)], through: last),
            BacktestSettings()
        ).trades()[0]
    }

    @Test("a day at 0.01 % a period of eight hours is three settlements, not 24")
    func threeSettlements() {
        let rows = (0...26).map { row($0, 100, rate: 0.0001, next: ($0 / 8 + 1) * 8, interval: 8) }
        let trade = Self.trade(rows, settlements(through: 24, rate: 0.0001), through: 26)
        #expect(isClose(trade.funding, -3))
        #expect(isClose(Self.trade(rows, settlements(through: 24, rate: 0.0001), through: 26, direction: .short).funding, 3))
    }

    @Test("an hourly rate is paid each hour")
    func hourly() {
        let rows = (0...26).map { row($0, 100) }
        let trade = Self.trade(rows, (0...26).map { settlement($0, 0.0000125) }, through: 26)
        #expect(isClose(trade.funding, -3))
    }

    @Test("a settlement before the observation of the entry is not paid")
    func entryHour() {
        let rows = (0...26).map { row($0 + 7, 100) }
        let history = ContractHistory(bitcoin, rows: rows, settlements: [settlement(8, 0.0009), settlement(16, 0)])
        let trade = Simulation(facts([history], [event(7, .long)], through: 33), BacktestSettings()).trades()[0]
        #expect(trade.entry == hour(8))
        #expect(trade.funding == 0)
    }

    @Test("a settlement at the observation of the exit is paid")
    func exitHour() {
        let rows = (0...26).map { row($0, 100, observed: Int64($0) * 3600) }
        #expect(isClose(Self.trade(rows, [settlement(25, 0.0001)], through: 26).funding, -1))
        #expect(isClose(Self.trade(rows, [settlement(1, 0.0001), settlement(24, 0)], through: 26).funding, 0))
    }

    @Test("the mark of the nearest hour counts, the older one of two as near")
    func nearest() {
        let rows = [row(0, 100), row(1, 100), row(7, 110, observed: 27_000), row(8, 120, observed: 30_600), row(26, 100)]
        // 8 o'clock is 28 800 s, as far from both.
        #expect(isClose(Self.trade(rows, [settlement(8, 0.0001), settlement(24, 0)], through: 26).funding, -1.1))
    }

    /// Rows that display the next settlement of an interval of eight hours, without some of them.
    static func displayed(_ missing: Set<Int> = []) -> [ContractHour] {
        (0...26).filter { !missing.contains($0) }.map { number in
            row(number, 100, rate: 0.0001 * Double(number), next: (number / 8 + 1) * 8, interval: 8)
        }
    }

    @Test("the last displayed rate stands for a settlement that is not stored")
    func estimated() {
        let trade = Self.trade(Self.displayed(), [settlement(16, 0.0001)], through: 26)
        // 7 and 23 o'clock displayed 0.0007 and 0.0023.
        #expect(isClose(trade.funding, -(7 + 1 + 23)))
        #expect(trade.flags.contains(.fundingEstimated))
    }

    @Test("a display that is older than an hour does not: the trade is unresolved, its equity goes on")
    func unresolved() {
        let trade = Self.trade(Self.displayed([7]), settlements(through: 0) + [settlement(16, 0), settlement(24, 0)], through: 26)
        #expect(trade.status == .unresolved)
        #expect(trade.closedBy == .time)
        #expect(trade.net == nil)
        #expect(trade.gross == 0)
        #expect(!trade.status.isClosed)
        #expect(!trade.changes.isEmpty)
    }

    @Test("settlements that fell due in a long gap are missed too")
    func gap() {
        let missing = Set(9...23)
        let trade = Self.trade(Self.displayed(missing), [settlement(8, 0), settlement(24, 0)], through: 26)
        #expect(trade.status == .unresolved)
        let stored = Self.trade(Self.displayed(missing), settlements(through: 24), through: 26)
        #expect(stored.status == .time)
    }

    @Test("silence about funding is not a rate of zero")
    func silence() {
        let rows = (0...26).map { row($0, 100) }
        #expect(Self.trade(rows, [], through: 26).status == .unresolved)
    }

    @Test("a rate of zero changes nothing")
    func zero() {
        let rows = (0...26).map { row($0, 100 + Double($0)) }
        let trade = Self.trade(rows, settlements(through: 24), through: 26)
        #expect(trade.funding == 0)
        #expect(isClose(trade.net, (trade.gross ?? 0) - trade.cost))
    }
}
