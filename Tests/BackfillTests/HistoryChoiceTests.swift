import ExchangeRuns
import PerpCore
import Testing
import Warehouse

@testable import backfill

@Suite("What backfill asks for")
struct HistoryChoiceTests {
    private let noon = Hour("2026-11-28T12")!  // a literal hour
    /// A quarter past noon.
    private var now: Timestamp { noon.startTime.advanced(byMilliseconds: 900_000) }

    private func choice(
        _ hours: ClosedRange<Hour>? = nil, _ exchanges: [Exchange], _ datasets: [HistoryDataset] = HistoryDataset.allCases,
        assets: [String] = []
    ) -> HistoryChoice {
        HistoryChoice(
            hours: hours, exchanges: exchanges, datasets: datasets, assets: assets, first: ["BTC", "ETH"], now: now)
    }

    private func known(missing: [Hour], _ exchanges: [Exchange]) -> KnownHistory {
        KnownHistory(
            holes: exchanges.flatMap { HistoryHole.holes(of: $0, missing: missing, at: now) }
                .filter { !$0.isLost(at: now) })
    }

    private func text(_ errands: [HistoryErrand]) -> [String] {
        errands.map { "\($0.exchange.id) \($0.wish.dataset.rawValue)" }
    }

    private func hours(_ wish: HistoryWish) -> ClosedRange<Int> {
        func hour(_ time: Timestamp) -> Int { noon.distance(to: Hour(containing: time)) }
        return hour(wish.from)...hour(wish.to) - 1
    }

    // MARK: - A span that is named

    @Test("a span is asked for by exchange and dataset, what is lost first before the others")
    func span() {
        let errands = choice(noon.advanced(by: -10)...noon.advanced(by: -5), [.bybit, .deribit]).errands(KnownHistory())
        #expect(
            text(errands) == [
                "bybit long_short", "bybit open_interest", "bybit funding", "bybit candles", "bybit mark_candles",
                "bybit index_candles", "deribit funding", "deribit candles",
            ])
        #expect(errands.allSatisfy { hours($0.wish) == -10...(-5) })
        #expect(errands.allSatisfy { $0.wish.first == ["BTC", "ETH"] && $0.wish.except.isEmpty })
    }

    @Test("what an exchange no longer tells of is left out of a span, and a dataset that it never tells of is no errand")
    func depth() {
        // Binance tells of ratios for 720 hours, and this span is of 1000: at noon the oldest is that of 719 hours before.
        let span = noon.advanced(by: -1000)...noon.advanced(by: -1)
        let errands = choice(span, [.binance], [.liquidations, .longShort, .candles]).errands(KnownHistory())
        #expect(text(errands) == ["binance long_short", "binance candles"])
        #expect(errands.map { hours($0.wish) } == [-719...(-1), -1000...(-1)])
        #expect(choice(noon.advanced(by: -1000)...noon.advanced(by: -900), [.binance], [.longShort]).errands(KnownHistory()).isEmpty)
        #expect(choice(span, [.coinbase, .grvt]).errands(KnownHistory()).isEmpty)
        #expect(choice(span, [.coinbase]).nothing == "these exchanges tell of none of these datasets in that span")
    }

    @Test("the hour that runs is not over, and later ones have not begun")
    func running() {
        let errands = choice(noon.advanced(by: -2)...noon.advanced(by: 20), [.deribit], [.candles]).errands(KnownHistory())
        #expect(errands.map { hours($0.wish) } == [-2...(-1)])
        #expect(choice(noon...noon, [.deribit]).errands(KnownHistory()).isEmpty)
    }

    @Test("what was answered goes along, so that it is not asked again")
    func answered() {
        let span = HistorySpan(symbol: "BTC-PERPETUAL", from: noon.advanced(by: -9).startTime, to: noon.startTime)
        let known = KnownHistory(answered: [.deribit: [.candles: [span]]])
        let errands = choice(noon.advanced(by: -9)...noon.previous, [.deribit]).errands(known)
        #expect(errands.map(\.wish.answered) == [[], [span]])
    }

    // MARK: - Hours that are missing

    @Test("of holes what is lost first comes first, and the first assets before all others")
    func holes() {
        let hours = [noon.advanced(by: -3), noon.advanced(by: -2)]
        let errands = choice(nil, [.okx, .bitget], [.liquidations, .funding, .openInterest])
            .errands(known(missing: hours, [.okx, .bitget]))
        let order = [
            "okx liquidations", "bitget liquidations", "okx open_interest", "okx funding", "bitget funding",
        ]
        // OKX: a day, 60 days, a quarter; Bitget: three days, a quarter.
        #expect(text(errands) == order + order)
        #expect(errands.map(\.wish.assets) == Array(repeating: ["BTC", "ETH"], count: 5) + Array(repeating: [], count: 5))
        #expect(errands.map(\.wish.except) == Array(repeating: [], count: 5) + Array(repeating: ["BTC", "ETH"], count: 5))
    }

    @Test("a hole is not asked about again where all contracts are answered that were listed before it ended")
    func answeredHole() {
        let hours = [noon.advanced(by: -3), noon.advanced(by: -2)]
        var known = known(missing: hours, [.deribit])
        func span(_ symbol: String, _ from: Int) -> HistorySpan {
            HistorySpan(
                symbol: symbol, from: noon.advanced(by: from).startTime, to: noon.advanced(by: -1).startTime)
        }
        known.listed[.deribit] = [
            ListedPerpetual(symbol: "BTC-PERPETUAL", asset: "BTC", listedAt: nil),
            // Listed half an hour into the second hour, and after it.
            ListedPerpetual(
                symbol: "SOL-PERPETUAL", asset: "SOL", listedAt: hours[1].startTime.advanced(byMilliseconds: 1_800_000)),
            ListedPerpetual(symbol: "NEW-PERPETUAL", asset: "NEW", listedAt: noon.startTime),
        ]
        func asked() -> [[String]] { choice(nil, [.deribit], [.funding]).errands(known).map(\.wish.assets) }
        #expect(asked() == [["BTC", "ETH"], []])
        known.answered = [.deribit: [.funding: [span("BTC-PERPETUAL", -3)]]]
        #expect(asked() == [[]])
        known.answered = [.deribit: [.funding: [span("BTC-PERPETUAL", -3), span("SOL-PERPETUAL", -2)]]]
        #expect(asked() == [])
        // A span that begins too late does not answer for the hole.
        known.answered = [.deribit: [.funding: [span("BTC-PERPETUAL", -2), span("SOL-PERPETUAL", -2)]]]
        #expect(asked() == [["BTC", "ETH"]])
        known.answered = [.deribit: [.funding: [span("", -9)]]]
        #expect(asked() == [])
    }

    @Test("the volume of a day takes the candles of the day before a hole, and nothing else does")
    func dayBefore() {
        let hours = [noon.advanced(by: -3), noon.advanced(by: -2)]
        let errands = choice(nil, [.bybit], assets: ["SOL"]).errands(known(missing: hours, [.bybit]))
        // Assets that are named are asked once, and no others.
        #expect(errands.map(\.wish.assets) == Array(repeating: ["SOL"], count: 6))
        #expect(
            errands.map { hours2($0.wish) } == [
                "long_short -3...-2", "open_interest -3...-2", "funding -3...-2", "candles -27...-2",
                "mark_candles -3...-2", "index_candles -3...-2",
            ])
    }

    private func hours2(_ wish: HistoryWish) -> String { "\(wish.dataset.rawValue) \(hours(wish))" }

    @Test("an asset that no exchange lists is named, unless a list is missing in which it may be")
    func unlisted() {
        let choice = choice(nil, [.okx, .deribit], assets: ["BTC", "btc", "NONE"])
        var known = KnownHistory()
        known.listed[.okx] = [ListedPerpetual(symbol: "BTC-USDT-SWAP", asset: "BTC", listedAt: nil)]
        #expect(choice.unlisted(known) == nil)
        known.listed[.deribit] = [ListedPerpetual(symbol: "NONE-PERPETUAL", asset: "NONE", listedAt: nil)]
        #expect(
            choice.unlisted(known)
                == "no contract of btc is listed by these exchanges: the column asset of latest_tickers has the names")
        known.listed[.deribit] = []
        #expect(choice.unlisted(known) == nil)
    }

    @Test("without a hole there is nothing to ask for, and it says how to ask for more")
    func nothing() {
        #expect(choice(nil, [.okx]).errands(KnownHistory()).isEmpty)
        #expect(choice(nil, [.okx]).nothing.contains("name a span with --from and --to"))
        // Holes of exchanges that are not enabled are none of this run's.
        #expect(choice(nil, [.okx]).errands(known(missing: [noon.previous], [.bybit])).isEmpty)
    }

    // MARK: - The plan

    @Test("a plan counts the calls of the contracts that are listed, and says where it assumes some")
    func plan() throws {
        let errand = try #require(
            choice(noon.advanced(by: -1000)...noon.previous, [.bybit], [.candles]).errands(KnownHistory()).first)
        // 1000 hours take two answers of 500 rows for each of three contracts.
        let plan = HistoryPlan(errand.wish, of: .bybit, contracts: 3, isPaced: true, now: errand.wish.to)
        #expect(plan.contracts == 3 && plan.calls == 6 && !plan.isAssumed)
        #expect(plan.from == "2026-10-17T20" && plan.to == "2026-11-28T11")
        let assumed = HistoryPlan(errand.wish, of: .bybit, contracts: nil, isPaced: true, now: errand.wish.to)
        #expect(assumed.isAssumed && assumed.contracts == 300)
        #expect(HistoryPlan.table([assumed]).hasSuffix("?: no list of instruments is loaded yet: assumed"))
    }

    @Test("calls of a slow limit decide how long a plan takes")
    func minutes() throws {
        let hours = noon.advanced(by: -1000)...noon.previous
        let errand = try #require(choice(hours, [.hyperliquid], [.candles]).errands(KnownHistory()).first)
        // One window of 1000 hours weighs 40; 1200 a minute are 30 contracts a minute.
        let plan = HistoryPlan(errand.wish, of: .hyperliquid, contracts: 300, isPaced: true, now: errand.wish.to)
        #expect(plan.calls == 300)
        #expect(abs(plan.minutes - 10) < 1.5)
        // Unpaced: 300 calls of 0.3 s, four at a time, are 22.5 s.
        #expect(HistoryPlan(errand.wish, of: .hyperliquid, contracts: 300, isPaced: false, now: errand.wish.to).minutes == 0.4)
    }
}
