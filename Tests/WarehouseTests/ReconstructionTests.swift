import GRDB
import PerpCore
import Testing

@testable import Warehouse

@Suite("Hours put together later")
struct ReconstructionTests {
    private typealias Past = HistorySamples

    /// What is stored of each hour: its number, perpetuals, those with a whole day, dollars, open interest, funding in
    /// hundredths of a percent, and the minute in which it was learnt.
    private func rows(_ warehouse: Warehouse, _ table: String = "reconstructed_hour") throws -> [String] {
        let rows = try warehouse.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT (hour - \(Samples.start.start)) / 3600, markets, volume_markets, CAST(volume_usd AS INTEGER),
                        CAST(open_interest_usd AS INTEGER), CAST(round(funding_8h_percent * 100) AS INTEGER),
                        (as_known_ms - \(Past.hour.startMilliseconds)) / 60000
                    FROM \(table) WHERE exchange_id = 'bybit' ORDER BY hour
                    """)
        }
        return rows.map { row in row.map { $0.1.isNull ? "-" : "\($0.1)" }.joined(separator: " ") }
    }

    /// A day of two contracts, open interest of its last hour, and a settlement.
    private func files() -> [StagedHour] {
        [
            Past.candles((0..<24).map { Past.candle("BTCUSDT", $0, close: 100) }, learnt: 1),
            Past.candles((20..<24).map { Past.candle("ETHUSDT", $0, close: 50) }, learnt: 2),
            Past.staged(.openInterest, learnt: 3) {
                $0.openInterests = [
                    OpenInterest(
                        symbol: "BTCUSDT", asset: "BTC", observedAt: Samples.hour(24).startTime, contracts: nil, base: 30,
                        usd: nil)
                ]
            },
            Past.funding([Past.settlement(22, rate: 0.0002, stated: 8)], learnt: 4),
        ]
    }

    @Test("each hour after a candle has a row, with a day's volume where the day is whole")
    func measured() throws {
        let found = try rows(Past.loaded(files()))
        // Hours 1 to 24; ETH from hour 21 on, learnt a minute later.
        #expect(found.count == 24)
        #expect(found[0] == "1 1 0 - - - 1")
        #expect(found[19] == "20 1 0 - - - 1")
        #expect(found[20] == "21 2 0 - - - 2")
        // Without volume and open interest there is nothing to weight a settled rate by.
        #expect(found[21] == "22 2 0 - - - 2")
        // 24 candles of 500 dollars; 30 coins at 100; 0.02 % weighted by open interest.
        #expect(found[23] == "24 2 1 12000 3000 2 2")
    }

    @Test("the order of loading changes no row, and live hours change none either", arguments: 0..<4)
    func anyOrder(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let warehouse = try Warehouse()
        for file in files().shuffled(using: &generator) {
            try Past.load(file, into: warehouse)
            // Each is measured for itself, so that later ones must measure again.
            try warehouse.seal(using: Samples.summarize)
        }
        let live = Samples.staged(.bybit, Samples.hour(24))
        _ = try warehouse.load(live, from: Samples.file(live))
        try warehouse.seal(using: Samples.summarize)
        #expect(try rows(warehouse) == rows(Past.loaded(files())))
        // The hour that was recorded is not shown as one that was put together.
        #expect(try rows(warehouse, "reconstructed_hours").last == "23 2 0 - - - 2")
    }

    @Test("the market's history takes an exchange's hour from one feed only, and says when the past was learnt")
    func market() throws {
        let warehouse = try Past.loaded(files())
        let live = Samples.staged(.bybit, Samples.hour(23))
        let other = Samples.staged(.okx, Samples.hour(24))
        for file in [live, other] { _ = try warehouse.load(file, from: Samples.file(file)) }
        try warehouse.seal(using: Samples.summarize)
        let found = try warehouse.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT live_exchanges, history_exchanges, as_known_ms IS NULL FROM market_history
                    WHERE hour >= \(Samples.hour(22).start) ORDER BY hour
                    """
            ).map { row in row.map { "\($0.1)" }.joined(separator: " ") }
        }
        #expect(found == ["0 1 0", "1 0 1", "1 1 0"])
    }

    @Test("what was learnt first stays, and a file that is removed takes its hours along")
    func removed() throws {
        let first = Past.candles([Past.candle("BTCUSDT", 1, close: 100)], learnt: 1)
        let later = Past.candles([Past.candle("BTCUSDT", 1, close: 70), Past.candle("BTCUSDT", 2, close: 70)], learnt: 2)
        let warehouse = try Past.loaded([first, later])
        #expect(try rows(warehouse) == ["2 1 0 - - - 1", "3 1 0 - - - 2"])
        try warehouse.remove(Past.key(later))
        try warehouse.seal(using: Samples.summarize)
        #expect(try rows(warehouse) == ["2 1 0 - - - 1"])
        try warehouse.remove(Past.key(first))
        try warehouse.seal(using: Samples.summarize)
        #expect(try rows(warehouse).isEmpty)
    }

    @Test("a span longer than a week is measured in parts that meet")
    func parts() throws {
        let hours = 400
        let warehouse = try Past.loaded([Past.candles((0..<hours).map { Past.candle("BTCUSDT", $0, close: 100) }, learnt: 1)])
        let found = try rows(warehouse)
        #expect(found.count == hours)
        // From the 24th hour on each has a whole day.
        #expect(found.dropFirst(23).allSatisfy { $0.contains(" 1 1 12000 ") })
    }
}
