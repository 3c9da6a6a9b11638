import PerpCore
import Sealing
import Signals
import Testing
import TrackRecord

@testable import OutcomeKeeping
@testable import Warehouse

@Suite("What came of stored alerts")
struct OutcomeKeeperTests {
    private func hour(_ number: Int) -> Hour { Recorded.hour(number) }

    private func rows(_ warehouse: Warehouse) throws -> [OutcomeRow] { try OutcomeStore(warehouse).rows() }

    /// 100 in the first hours, 102 from hour 20 on.
    private func marks(through last: Int, without missing: Set<Int> = []) -> [Int: Double] {
        Dictionary(uniqueKeysWithValues: (0...last).filter { !missing.contains($0) }.map { ($0, $0 < 20 ? 100 : 102) })
    }

    @Test("a claim begins an hour after the alert and is known a day later, not before")
    func worked() throws {
        let warehouse = try Recorded.warehouse(marks(through: 26))
        try Recorded.store([Recorded.alert(2, estimate: 0.6, boost: 5)], in: warehouse)
        #expect(try OutcomeKeeper(warehouse).refresh() == 1)
        let open = try #require(try rows(warehouse).first)
        #expect(open.status == "open" && open.entry == hour(3) && open.resolved == nil && open.isRight == nil)
        #expect(open.baseRate == 0.5 && open.flags == "base_assumed")
        try Recorded.load(Recorded.staged(.binance, 27, mark: 102), into: warehouse)
        try warehouse.seal()
        try OutcomeKeeper(warehouse).refresh()
        let row = try #require(try rows(warehouse).first)
        #expect(row.status == "resolved" && row.resolved == hour(27) && row.isRight == true)
        #expect(row.claim == "profit" && row.horizonHours == 24)
        // 2 % of 10 000 are 200; 0.05 % fee and 0.01 % of half the spread on 10 000 and on 10 200 are 12.12.
        #expect(abs((row.valueBasisPoints ?? 0) - 187.88) < 1e-9)
        #expect(row.confidence == 70 && row.adjusted == 75 && row.finalIssued == 80 && row.estimateIssued == 0.6)
    }

    @Test("an outcome counts in the hour in which it is known, and was open in the hour before")
    func asOf() throws {
        let warehouse = try Recorded.warehouse(marks(through: 40))
        try Recorded.store([Recorded.alert(2)], in: warehouse)
        try OutcomeKeeper(warehouse).refresh()
        let before = try AlertHistory(warehouse, at: hour(26)).record.counts(.breakout, .bullish)
        #expect(before == TrackRecord.Counts(resolved: 0, right: 0, open: 1))
        let after = try AlertHistory(warehouse, at: hour(27)).record.counts(.breakout, .bullish)
        #expect(after == TrackRecord.Counts(resolved: 1, right: 1, open: 0))
        let earlier = try AlertHistory(warehouse, at: hour(2)).record.counts(.breakout, .bullish)
        #expect(earlier == TrackRecord.Counts())
    }

    @Test("alerts that begin nothing have no outcome, and those that claim nothing say so once")
    func events() throws {
        let warehouse = try Recorded.warehouse(marks(through: 40))
        try Recorded.store(
            [
                Recorded.alert(2, decision: "active"), Recorded.alert(3, decision: "below_floor"),
                Recorded.alert(4, decision: "escalation"), Recorded.alert(5, "BEARISH", decision: "flip"),
                Recorded.alert(6, "NEUTRAL", key: "funding_interval_change:MARKET"),
                Recorded.alert(7, "LONG", key: "unheard_of:MARKET"),
            ], in: warehouse)
        #expect(try OutcomeKeeper(warehouse).refresh() == 3)
        #expect(try rows(warehouse).map(\.status) == ["resolved", "no_claim", "no_claim"])
        #expect(try rows(warehouse).first?.isRight == false)
        #expect(try OutcomeKeeper(warehouse).refresh() == 0)
    }

    @Test("an alert of the last hour waits; without an hour to enter there is no claim to judge")
    func entries() throws {
        let warehouse = try Recorded.warehouse(marks(through: 40, without: [11, 12]))
        try Recorded.store([Recorded.alert(10), Recorded.alert(40)], in: warehouse)
        try OutcomeKeeper(warehouse).refresh()
        #expect(try rows(warehouse).map(\.status) == ["no_entry"])
        #expect(try AlertHistory(warehouse, at: hour(40)).record.counts(.breakout, .bullish) == TrackRecord.Counts())
    }

    @Test("an hour that comes late becomes the entry of a claim that is open, as if it had come in time")
    func lateEntry() throws {
        let warehouse = try Recorded.warehouse(marks(through: 10, without: [3]))
        try Recorded.store([Recorded.alert(2)], in: warehouse)
        try OutcomeKeeper(warehouse).refresh()
        #expect(try rows(warehouse).map(\.entry) == [hour(4)])
        try Recorded.load(Recorded.staged(.binance, 3, mark: 100), into: warehouse)
        try warehouse.seal()
        try OutcomeKeeper(warehouse).refresh()
        #expect(try rows(warehouse).map(\.entry) == [hour(3)])
    }

    @Test("hour by hour gives the rows that all hours give at once, with gaps, settlements and other contracts")
    func incremental() throws {
        let alerts = [
            Recorded.alert(2), Recorded.alert(5, "BEARISH", decision: "flip"), Recorded.alert(9, "LONG", key: "contrarian:MARKET"),
            Recorded.alert(14, "NEUTRAL", key: "scalping:MARKET"), Recorded.alert(30, "BEARISH"), Recorded.alert(44),
            Recorded.alert(58),
        ]
        let missing: Set = [6, 27, 28, 33, 34, 35]
        var files: [[StagedHour]] = []
        for number in 0..<60 where !missing.contains(number) {
            let mark = 100 + Double((7 * number) % 11)
            // A settlement is stated an hour after it, and the larger exchange is another one in each second hour.
            let settled = number % 8 == 1 ? [number - 1: 0.0001] : [:]
            files.append([
                Recorded.staged(.binance, number, mark: mark, settled: settled),
                Recorded.staged(.okx, number, mark: mark + 0.1, volume: number % 2 == 0 ? 2e9 : 5e8, settled: settled),
            ])
        }
        let hourly = try Warehouse()
        let whole = try Warehouse()
        for files in files {
            for file in files {
                try Recorded.load(file, into: hourly)
                try Recorded.load(file, into: whole)
            }
            try hourly.seal()
            try Recorded.store(alerts.filter { $0.hour == files[0].hour }, in: hourly)
            try OutcomeKeeper(hourly).refresh()
        }
        try whole.seal()
        try Recorded.store(alerts, in: whole)
        try OutcomeKeeper(whole).refresh()
        #expect(try rows(hourly) == rows(whole))
        #expect(try rows(whole).count == 7)
        #expect(try Set(rows(whole).map(\.status)).isSuperset(of: ["resolved", "open"]))
        #expect(
            try Integrity(hourly).digests().first { $0.table == "alert_outcome" }
                == Integrity(whole).digests().first { $0.table == "alert_outcome" })
    }

    @Test("with two weeks of hours chance is what the claim made then, hour by hour as at once")
    func baseRates() throws {
        let alerts = [
            Recorded.alert(290), Recorded.alert(291, "NEUTRAL", key: "range_trading:MARKET"),
            Recorded.alert(293, "NEUTRAL", key: "scalping:MARKET"),
        ]
        let files = (0..<318).map { Recorded.staged(.binance, $0, mark: 100 + Double(($0 * 7) % 13)) }
        let hourly = try Warehouse()
        for file in files {
            try Recorded.load(file, into: hourly)
            guard file.hour >= hour(288) else { continue }
            try hourly.seal()
            try Recorded.store(alerts.filter { $0.hour == file.hour }, in: hourly)
            try OutcomeKeeper(hourly).refresh()
        }
        let whole = try Warehouse()
        for file in files { try Recorded.load(file, into: whole) }
        try whole.seal()
        try Recorded.store(alerts, in: whole)
        try OutcomeKeeper(whole).refresh()
        let found = try rows(whole)
        #expect(try rows(hourly) == found)
        #expect(found.map(\.status) == ["resolved", "resolved", "resolved"])
        #expect(found.allSatisfy { $0.flags.isEmpty })
        // 7 * 24 mod 13 is 12: a day later the mark is one less in 12 of 13 hours, and 12 more in the other.
        #expect(abs((found[0].baseRate ?? 0) - 1.0 / 13) < 0.02)
    }

    @Test("a file that comes late changes what came of an alert, and nothing that was said")
    func lateFile() throws {
        let warehouse = try Recorded.warehouse(marks(through: 30, without: [27]))
        try Recorded.store([Recorded.alert(2, estimate: 0.6)], in: warehouse)
        try OutcomeKeeper(warehouse).refresh()
        #expect(try rows(warehouse).first?.resolved == hour(28))
        try Recorded.load(Recorded.staged(.binance, 27, mark: 99), into: warehouse)
        try warehouse.seal()
        #expect(try OutcomeKeeper(warehouse).refresh() == 1)
        let row = try #require(try rows(warehouse).first)
        #expect(row.resolved == hour(27) && row.isRight == false && row.estimateIssued == 0.6)
        var marks = marks(through: 30)
        marks[27] = 99
        let whole = try Recorded.warehouse(marks)
        try Recorded.store([Recorded.alert(2, estimate: 0.6)], in: whole)
        try OutcomeKeeper(whole).refresh()
        #expect(try rows(whole) == [row])
    }

    @Test("a settlement whose rate nobody told leaves the outcome unknown: it counts in no record")
    func unknownFunding() throws {
        let warehouse = try Warehouse()
        for number in 0...30 {
            var staged = Recorded.staged(.binance, number, mark: 100)
            staged.tickers[0].fundingRate = nil
            try Recorded.load(staged, into: warehouse)
        }
        try warehouse.seal()
        try Recorded.store([Recorded.alert(2)], in: warehouse)
        try OutcomeKeeper(warehouse).refresh()
        let row = try #require(try rows(warehouse).first)
        #expect(row.status == "unresolved" && row.resolved == hour(27) && row.isRight == nil)
        #expect(try AlertHistory(warehouse, at: hour(30)).record.counts(.breakout, .bullish) == TrackRecord.Counts())
    }

    @Test("a settlement that is stated late counts where it was settled")
    func lateSettlement() throws {
        let warehouse = try Recorded.warehouse(marks(through: 30))
        try Recorded.store([Recorded.alert(2)], in: warehouse)
        try OutcomeKeeper(warehouse).refresh()
        try Recorded.load(Recorded.staged(.binance, 31, mark: 102, settled: [8: 0.001]), into: warehouse)
        try warehouse.seal()
        #expect(try OutcomeKeeper(warehouse).refresh() == 1)
        // A long of 10 000 paid 0.1 % of it, at the mark of the entry: 10.
        #expect(abs((try rows(warehouse).first?.valueBasisPoints ?? 0) - 177.88) < 1e-9)
    }

    @Test("what looks back on removed hours stays as it was, also when everything is made anew")
    func removed() throws {
        let live = try Recorded.warehouse(marks(through: 60))
        try Recorded.store([Recorded.alert(2), Recorded.alert(30)], in: live)
        try OutcomeKeeper(live).refresh()
        let before = try rows(live)
        _ = try Retention(live).removeHours(before: hour(48))
        try OutcomeKeeper(live).refresh()
        #expect(try rows(live) == before)
        let scratch = try Warehouse()
        for number in 48...60 { try Recorded.load(Recorded.staged(.binance, number, mark: 102), into: scratch) }
        try scratch.seal()
        try Recorded.store([Recorded.alert(2), Recorded.alert(30)], in: scratch)
        _ = try Retention(scratch).removeHours(before: hour(48))
        try scratch.execute("INSERT OR REPLACE INTO setting (name, value) VALUES ('kept_from', '\(hour(48))')")
        try OutcomeKeeper(scratch).rebuild(takingOver: live)
        #expect(try rows(scratch) == before)
    }

    @Test("a rebuild makes the rows that a refresh made")
    func rebuilt() throws {
        let warehouse = try Recorded.warehouse(marks(through: 60))
        try Recorded.store([Recorded.alert(2), Recorded.alert(30), Recorded.alert(50)], in: warehouse)
        try OutcomeKeeper(warehouse).refresh()
        let before = try rows(warehouse)
        try OutcomeKeeper(warehouse).rebuild(takingOver: warehouse)
        #expect(try rows(warehouse) == before)
    }

    @Test("cutting off the future changes nothing that was known")
    func cut() throws {
        let alerts = (0..<12).map { Recorded.alert(3 * $0, $0 % 3 == 0 ? "BEARISH" : "BULLISH", decision: "flip") }
        let marks = Dictionary(uniqueKeysWithValues: (0..<80).map { ($0, 100 + Double(($0 * $0) % 13)) })
        let whole = try Recorded.warehouse(marks)
        try Recorded.store(alerts, in: whole)
        try OutcomeKeeper(whole).refresh()
        for last in [20, 27, 28, 40, 55] {
            let cut = try Recorded.warehouse(marks.filter { $0.key <= last })
            try Recorded.store(alerts.filter { $0.hour <= hour(last) }, in: cut)
            try OutcomeKeeper(cut).refresh()
            for direction in [Direction.bullish, .bearish] {
                let known = try AlertHistory(cut, at: hour(last))
                let later = try AlertHistory(whole, at: hour(last))
                #expect(
                    known.recollection(.breakout, direction, regime: nil, horizonHours: 24)
                        == later.recollection(.breakout, direction, regime: nil, horizonHours: 24))
            }
        }
    }

    @Test("a market of a trade is written as it is read", arguments: ["okx perpetual BTC-USDT-SWAP", "gate spot A B C"])
    func legs(text: String) { #expect(TradeLegs.Market(text: text)?.text == text) }

    @Test("what is no market is none", arguments: ["", "okx", "okx perpetual", "nowhere spot BTC", "okx option BTC"])
    func noLegs(text: String) { #expect(TradeLegs.Market(text: text) == nil) }
}

@Suite("Trades with two legs")
struct PairOutcomeTests {
    /// OKX pays 0.3 % each 8 h and Binance nothing, while both prices stand still.
    private func warehouse(hours: Int, okxRate: (Int) -> Double) throws -> Warehouse {
        let warehouse = try Warehouse()
        for number in 0..<hours {
            let isSettled = number > 0 && number % 8 == 0
            var okx = Recorded.staged(.okx, number, mark: 100, settled: isSettled ? [number: okxRate(number)] : [:])
            okx.tickers[0].fundingRate = okxRate(number)
            let binance = Recorded.staged(.binance, number, mark: 100, settled: isSettled ? [number: 0] : [:])
            try Recorded.load(okx, into: warehouse)
            try Recorded.load(binance, into: warehouse)
        }
        try warehouse.seal()
        return warehouse
    }

    private func alert() -> AlertRow {
        var alert = Recorded.alert(1, "NEUTRAL", key: "funding_arbitrage:BTC")
        alert.shortLeg = "okx perpetual BTCUSDT"
        alert.longLeg = "binance perpetual BTCUSDT"
        return alert
    }

    @Test("a pair is closed when its rates have turned, and the outcome is known then")
    func turned() throws {
        // Entered at 2; settled at 8 with 0.3 %; the rates are against it from 10 on, which is known at 12.
        let warehouse = try warehouse(hours: 20) { $0 < 10 ? 0.003 : -0.001 }
        try Recorded.store([alert()], in: warehouse)
        try OutcomeKeeper(warehouse).refresh()
        let row = try #require(try OutcomeStore(warehouse).rows().first)
        #expect(row.claim == "net_carry" && row.entry == Recorded.hour(2) && row.resolved == Recorded.hour(12))
        // 30 bp of funding less four sides of 5 bp of fees and 1 bp of spread.
        #expect(abs((row.valueBasisPoints ?? 0) - 6) < 1e-9)
        #expect(row.isRight == true)
    }

    @Test("hour by hour it is closed in the same hour")
    func hourly() throws {
        var known: [Hour?] = []
        for hours in [11, 12, 13, 14] {
            let warehouse = try warehouse(hours: hours) { $0 < 10 ? 0.003 : -0.001 }
            try Recorded.store([alert()], in: warehouse)
            try OutcomeKeeper(warehouse).refresh()
            known.append(try OutcomeStore(warehouse).rows().first?.resolved)
        }
        #expect(known == [nil, nil, Recorded.hour(12), Recorded.hour(12)])
    }

    @Test("an alert that does not say its markets has no claim to judge")
    func unknown() throws {
        let warehouse = try warehouse(hours: 20) { _ in 0.003 }
        try Recorded.store([Recorded.alert(1, "NEUTRAL", key: "funding_arbitrage:BTC")], in: warehouse)
        try OutcomeKeeper(warehouse).refresh()
        #expect(try OutcomeStore(warehouse).rows().map(\.status) == ["no_entry"])
    }
}
