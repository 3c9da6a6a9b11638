import GRDB
import PerpCore
import Testing

@testable import Warehouse

@Suite("Markets that others run on an exchange")
struct CoreTests {
    /// An hour of HyperLiquid with a market of its own and one that somebody else runs, which is the busier of the two.
    private static var staged: StagedHour {
        var staged = Samples.staged(.hyperliquid, Samples.hour(0), symbols: ["BTC", "xyz:BTC"])
        for index in staged.instruments.indices {
            staged.instruments[index].asset = "BTC"
            staged.tickers[index].asset = "BTC"
        }
        staged.instruments[1].isCore = false
        staged.tickers[1].isCore = false
        staged.tickers[1].volumeUSD24h = 5e9
        return staged
    }

    @Test("a market keeps whose it is, and only one of the exchange's own stands for an asset")
    func views() throws {
        let warehouse = try LoadTests.loaded([Self.staged])
        let stored = try warehouse.read {
            try Row.fetchAll($0, sql: "SELECT symbol, core FROM instrument ORDER BY symbol").map { "\($0[0] as String) \($0[1] as Int)" }
        }
        #expect(stored == ["BTC 1", "xyz:BTC 0"])
        let seen = try warehouse.read {
            try Row.fetchAll($0, sql: "SELECT symbol, core FROM tickers ORDER BY symbol").map { "\($0[0] as String) \($0[1] as Int)" }
        }
        #expect(seen == ["BTC 1", "xyz:BTC 0"])
        #expect(try warehouse.read { try String.fetchAll($0, sql: "SELECT symbol FROM reference_perpetuals") } == ["BTC"])
    }

    @Test("facts that are read back say whose a market is")
    func facts() throws {
        let warehouse = try LoadTests.loaded([Self.staged])
        let facts = try #require(try LoadedFacts(warehouse).stagedHour(.hyperliquid, Samples.hour(0)))
        #expect(facts.staged.tickers.map(\.isCore) == [true, false])
        #expect(facts.staged.instruments.map(\.isCore) == [true, false])
    }
}
