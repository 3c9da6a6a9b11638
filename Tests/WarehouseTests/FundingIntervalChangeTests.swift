import GRDB
import PerpCore
import Sealing
import Testing

@testable import Warehouse

@Suite("Changes of the interval of funding")
struct FundingIntervalChangeTests {
    private typealias Past = HistorySamples

    /// A live file whose list states these hours for BTCUSDT; `nil`: it leaves them out. The rate is 0.0001 each interval.
    private func live(
        _ number: Int, _ hours: Double?, status: InstrumentStatus = .trading, settlements: [Int] = []
    ) -> StagedHour {
        var staged = Samples.staged(.bybit, Samples.hour(number))
        staged.instruments = [
            Samples.instrument("BTCUSDT", status: status, interval: hours), Samples.instrument("ETHUSDT"),
        ]
        staged.tickers[0].fundingIntervalHours = hours
        staged.tickers[0].fundingRate = 0.0001 * Double(number + 1)
        staged.fundingSettlements = settlements.map { Past.settlement($0) }
        return staged
    }

    private func changes(_ warehouse: Warehouse, at number: Int) throws -> [FundingIntervalChange] {
        try SealedHours(warehouse).hour(Samples.hour(number)).intervalChanges
    }

    @Test("the hour whose list is the first with other hours has the change, with the rates before and now")
    func stated() throws {
        let warehouse = try LoadTests.loaded([live(0, 8), live(1, 8), live(2, 1), live(3, 1)])
        let expected = FundingIntervalChange(
            exchange: .bybit, symbol: "BTCUSDT", asset: "BTC", hour: Samples.hour(2), previousHours: 8, hours: 1,
            previousRate: 0.0001 * 2, rate: 0.0001 * 3, volumeUSD24h: 1e9)
        #expect(try changes(warehouse, at: 2) == [expected])
        for number in [0, 1, 3] { #expect(try changes(warehouse, at: number).isEmpty) }
        let sealed = SealedHours(warehouse)
        #expect(try sealed.statedIntervalChanges(from: Samples.hour(0), through: Samples.hour(3)) == [expected])
        #expect(try sealed.intervalChanges(inDayThrough: Samples.hour(3)) == [expected])
        // A day later it is no longer one of the last day.
        #expect(try sealed.intervalChanges(inDayThrough: Samples.hour(26)).isEmpty)
        #expect(try sealed.intervalChanges(inDayThrough: Samples.hour(25)) == [expected])
    }

    @Test("a list that leaves the hours out changes nothing, and neither does another field")
    func unknown() throws {
        let warehouse = try LoadTests.loaded([live(0, 8), live(1, nil), live(2, 8), live(3, nil), live(4, 4)])
        for number in 0...3 { #expect(try changes(warehouse, at: number).isEmpty) }
        #expect(try changes(warehouse, at: 4).map(\.previousHours) == [8])
        #expect(try changes(warehouse, at: 4).map(\.previousRate) == [0.0001 * 3])
        let halted = try LoadTests.loaded([live(0, 8), live(1, 8, status: .suspended), live(2, 8)])
        for number in 0...2 { #expect(try changes(halted, at: number).isEmpty) }
    }

    @Test("hours without a file are a hole: the first list behind it shows the change")
    func hole() throws {
        let warehouse = try LoadTests.loaded([live(0, 8), live(40, 1)])
        #expect(try changes(warehouse, at: 40).map(\.hours) == [1])
        // No ticker of the day before says what the rate was.
        #expect(try changes(warehouse, at: 40).map(\.previousRate) == [nil])
    }

    @Test("what a backfill tells is no event of an hour; the report of the day has it")
    func backfilled() throws {
        let files = [0, 8, 16, 17, 18, 19].map { number -> StagedHour in
            var staged = live(number, nil)
            staged.instruments = []
            return staged
        }
        let warehouse = try LoadTests.loaded(files)
        try Past.load(
            Past.funding([-8, 0, 8, 16, 17, 18, 19].map { Past.settlement($0) }, learnt: 2000), into: warehouse)
        try warehouse.seal(using: Samples.summarize)
        for number in [16, 17, 18, 19] { #expect(try changes(warehouse, at: number).isEmpty) }
        let sealed = SealedHours(warehouse)
        #expect(try sealed.statedIntervalChanges(from: Samples.hour(0), through: Samples.hour(19)).isEmpty)
        let found = try sealed.intervalChanges(inDayThrough: Samples.hour(19))
        #expect(found.map(\.hour) == [Samples.hour(16)])
        #expect(found.map(\.previousHours) == [8] && found.map(\.hours) == [1])
        #expect(found.map(\.evidence) == [.settlements])
    }

    @Test("a change that list and settlements show is one")
    func both() throws {
        let warehouse = try LoadTests.loaded([
            live(0, 8, settlements: [-16, -8, 0]), live(8, 8, settlements: [8]), live(16, 1, settlements: [16]),
            live(17, 1, settlements: [17]), live(18, 1, settlements: [18]),
        ])
        let found = try SealedHours(warehouse).intervalChanges(inDayThrough: Samples.hour(18))
        #expect(found.map(\.evidence) == [.instrument])
        #expect(found.map(\.hour) == [Samples.hour(16)])
    }

    @Test("a settled rate is per year by the interval of its time, and a hole is no interval")
    func settledRates() throws {
        // 8 h until 16, then 1 h; the settlements of 19 to 25 are missing, and 26 is 8 h after 18.
        let warehouse = try LoadTests.loaded([
            live(0, 8, settlements: [-16, -8, 0]), live(8, 8, settlements: [8]), live(16, 1, settlements: [16]),
            live(17, 1, settlements: [17]), live(18, 1, settlements: [18]), live(26, 1, settlements: [26]),
        ])
        let rows = try warehouse.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT funding_interval_hours AS hours, round(funding_apr, 6) AS apr FROM funding_settlements
                    WHERE symbol = 'BTCUSDT' ORDER BY settled_at_ms
                    """)
        }
        #expect(rows.map { $0["hours"] as Double? } == [nil, 8, 8, 8, 8, 1, 1, 1])
        // 0.0001 a settlement: 10.95 % a year every 8 h, 87.6 % every hour.
        #expect(rows.map { $0["apr"] as Double? } == [nil, 10.95, 10.95, 10.95, 10.95, 87.6, 87.6, 87.6])
    }
}
