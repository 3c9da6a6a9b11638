import GRDB
import PerpCore
import Sealing
import Testing

@testable import Warehouse

@Suite("Views for asking")
struct ViewTests {
    private let hour = Samples.hour(0)

    private func ticker(_ symbol: String, price: Double, volume: Double = 1e9, rate: Double, interval: Double) -> Ticker {
        var ticker = Samples.ticker(symbol, price: price, volume: volume, hour: hour)
        ticker.fundingRate = rate
        ticker.fundingIntervalHours = interval
        return ticker
    }

    private func loaded(_ tickers: [Exchange: [Ticker]]) throws -> Warehouse {
        try LoadTests.loaded(
            tickers.keys.sorted().map { exchange in
                var staged = Samples.staged(exchange, hour)
                staged.tickers = tickers[exchange] ?? []
                return staged
            })
    }

    @Test("a funding spread is the difference of the legs' yearly rates, each on its own interval")
    func fundingSpread() throws {
        // 0.0009 every 4 h is 197.1 % a year, 0.0000125 every hour 10.95 %.
        let warehouse = try loaded([
            .binance: [ticker("BTCUSDT", price: 60_030, rate: 0.0009, interval: 4)],
            .hyperliquid: [ticker("BTC", price: 60_000, rate: 0.0000125, interval: 1)],
            .gate: [ticker("BTCUSDT", price: 60_000, volume: 4e6, rate: -0.01, interval: 8)],
        ])
        let rows = try warehouse.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM funding_spreads WHERE hour = \(hour.start)")
        }
        let row = try #require(rows.first)
        #expect(rows.count == 1)
        #expect(row["short_exchange"] == "Binance")
        #expect(row["long_exchange"] == "HyperLiquid")
        #expect(abs((row["gross_apr"] as Double) - 186.15) < 1e-9)
        #expect(abs((row["entry_gap_bps"] as Double) - 5) < 1e-9)
        #expect(row["capacity_usd"] == 1e6)  // 0.001 of a billion of volume
    }

    @Test("concentration of 90, 40, 12 and 10 billion")
    func concentration() throws {
        func one(_ volume: Double) -> [Ticker] {
            [ticker("BTCUSDT", price: 60_000, volume: volume, rate: 0, interval: 8)]
        }
        let warehouse = try loaded([.binance: one(90e9), .okx: one(40e9), .hyperliquid: one(12e9), .aster: one(10e9)])
        let row = try #require(
            try warehouse.read { try Row.fetchOne($0, sql: "SELECT * FROM market_concentration") })
        #expect(abs((row["hhi"] as Double) - 4304.01662050) < 1e-8)
        #expect(row["level"] == "High")
        #expect(abs((row["effective_venues"] as Double) - 2.32341110217) < 1e-10)
        #expect(abs((row["dex_volume_percent"] as Double) - 100 * 22.0 / 152) < 1e-9)
    }

    @Test("a price spread is over the lowest price, and needs two exchanges")
    func priceSpread() throws {
        let warehouse = try loaded([
            .binance: [ticker("BTCUSDT", price: 100.5, rate: 0, interval: 8)],
            .okx: [
                ticker("BTCUSDT", price: 100, rate: 0, interval: 8), ticker("XRPUSDT", price: 1, rate: 0, interval: 8),
            ],
        ])
        let rows = try warehouse.read { database in
            try Row.fetchAll(
                database, sql: "SELECT asset, venues, spread_percent FROM price_spreads WHERE hour = \(hour.start)")
        }
        #expect(rows.map { $0["asset"] as String } == ["BTC"])
        #expect(rows[0]["venues"] == 2)
        #expect(abs((rows[0]["spread_percent"] as Double) - 0.5) < 1e-12)
    }

    @Test("the sentiment model of `setting` decides what the seed's views show, and never mixes")
    func model() throws {
        let warehouse = try LoadTests.loaded(LoadTests.files())
        #expect(try warehouse.sentimentModel() == .v2)
        let rows = "SELECT count(*), count(DISTINCT timestamp) FROM market_snapshots"
        for model in SentimentModel.allCases {
            try warehouse.show(model)
            #expect(try warehouse.sentimentModel() == model)
            let row = try #require(try warehouse.read { try Row.fetchOne($0, sql: rows) })
            #expect(row[0] as Int == 12)
            #expect(row[1] as Int == 12)
            let scores = try warehouse.read { database in
                try Row.fetchAll(database, sql: "SELECT DISTINCT cascade_risk_score FROM liquidation_snapshots")
            }
            #expect(scores.map { $0[0] as Double? } == [model == .v2 ? nil : 0.2])
        }
    }
}
