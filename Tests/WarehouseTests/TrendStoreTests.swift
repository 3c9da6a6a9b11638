import Foundation
import GRDB
import PerpCore
import Sealing
import Testing
import Trends

@testable import Warehouse

@Suite("Trends of stored hours")
struct TrendStoreTests {
    private static let exchanges: [Exchange] = [.binance, .bybit, .okx]

    /// Three exchanges with BTC and ETH; the price walks, and changes with the hour alone.
    private static func files(_ number: Int, price: Double? = nil) -> [StagedHour] {
        let price = price ?? 100 + Double(number) + 3 * Double((7 * number) % 5)
        return exchanges.enumerated().map { place, exchange in
            Samples.staged(exchange, Samples.hour(number), price: price + 0.01 * Double(place))
        }
    }

    private static func load(_ files: [StagedHour], into warehouse: Warehouse) throws {
        for staged in files { _ = try warehouse.load(staged, from: Samples.file(staged)) }
    }

    /// Every row of the tables, without those that say nothing.
    private static func rows(_ warehouse: Warehouse) throws -> [String] {
        let tables = ["series_hour", "trend_hour", "sustained_hour", "volatility_hour", "volatility_event", "trend_due"]
        return try warehouse.read { database in
            try tables.flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
            }
        }
    }

    private static let hours = (0..<60).filter { ![20, 21, 33, 40, 41, 42, 43, 44, 45, 46, 47].contains($0) }

    private static func allAtOnce(_ changed: [Int: Double] = [:]) throws -> Warehouse {
        let warehouse = try Warehouse()
        for number in hours { try load(files(number, price: changed[number]), into: warehouse) }
        try warehouse.seal()
        return warehouse
    }

    @Test("an hour at a time by a program of its own gives the same rows as all at once")
    func hourly() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).db").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        for number in Self.hours {
            // Each connection begins without a memory.
            let warehouse = try Warehouse(path: path)
            try Self.load(Self.files(number), into: warehouse)
            try warehouse.seal()
            try warehouse.close()
        }
        let rows = try Self.rows(Warehouse(path: path, for: .reading))
        #expect(try rows == Self.rows(Self.allAtOnce()))
        #expect(rows.count > 60 * 40)
        #expect(!rows.contains { $0.hasPrefix("trend_due") })
    }

    @Test("an hour that comes late, or again, changes the hours after it as if it had come in time", arguments: [0, 19, 22, 39, 58])
    func late(number: Int) throws {
        let warehouse = try Self.allAtOnce()
        try Self.load(Self.files(number, price: 170), into: warehouse)
        try warehouse.seal()
        #expect(try Self.rows(warehouse) == Self.rows(Self.allAtOnce([number: 170])))
    }

    @Test("a program that ends between sealing and trends leaves a mark, and the next one goes on")
    func interrupted() throws {
        let warehouse = try Warehouse()
        for number in Self.hours { try Self.load(Self.files(number), into: warehouse) }
        // Trends are made when all is sealed; until then the mark stands.
        try warehouse.seal(through: Samples.hour(30))
        #expect(try Self.rows(warehouse).contains { $0.hasPrefix("trend_due") })
        #expect(try !Self.rows(warehouse).contains { $0.hasPrefix("trend_hour") })
        try warehouse.seal()
        #expect(try Self.rows(warehouse) == Self.rows(Self.allAtOnce()))
    }

    @Test("rows are those of the pure functions over the same hours")
    func pure() throws {
        let warehouse = try Self.allAtOnce()
        var trends = MarketTrends()
        let stored = try warehouse.read { database in
            try TrendReader(database).series(from: Samples.hour(0), before: Samples.hour(60))
        }
        for (hour, series) in stored {
            let expected = trends.advance(to: hour, series).rows
            let found = try #require(try SealedHours(warehouse).trends(at: hour))
            #expect(Set(found.trends) == Set(expected.trends))
            #expect(Set(found.volatility) == Set(expected.volatility))
            #expect(Set(found.sustained) == Set(expected.sustained))
        }
    }

    @Test("steps are those of the price, gaps are bridged for six hours, and then the chain begins anew")
    func steps() throws {
        let warehouse = try Self.allAtOnce()
        let steps = try warehouse.read { database in
            try Row.fetchAll(
                database, sql: "SELECT hour, price_gap_h, price_step FROM series_hour WHERE scope = 'BTC' ORDER BY hour")
        }
        func row(_ number: Int) throws -> Row {
            try #require(steps.first { ($0["hour"] as Int64) == Samples.hour(number).start })
        }
        #expect(try row(0)["price_gap_h"] == 0 && row(0)["price_step"] == nil)
        #expect(try row(22)["price_gap_h"] == 3)
        #expect(try row(48)["price_gap_h"] == 0)
        // The median of three exchanges: 100 + 1 + 3 * 2 after 100, and 0.01 apart.
        let step: Double = try row(1)["price_step"]
        #expect(abs(step - ln(107.01 / 100.01)) < 1e-12)
        #expect(try SealedHours(warehouse).trends(at: Samples.hour(19))?.volatility(of: "BTC")?.coveredHours == 19)
    }

    @Test("what history is missing is said")
    func missing() throws {
        let rows = try #require(try SealedHours(Self.allAtOnce()).trends(at: Samples.hour(39)))
        let market = try #require(rows.volatility(of: TrendScope.market))
        #expect(market.rank == nil && market.regime == nil && market.historyCount < ScopeVolatility.neededHistory)
        #expect(rows.trend(.price, .week, of: "BTC")?.state == .unknown)
        #expect(rows.trend(.price, .week, of: "BTC")?.storedRows == 37)
        #expect(rows.trend(.price, .day, of: "SOL")?.storedRows == 0)
    }
}
