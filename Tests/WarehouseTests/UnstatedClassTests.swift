import GRDB
import PerpCore
import Testing

@testable import Warehouse

@Suite("Classes that no answer states")
struct UnstatedClassTests {
    /// Three hours of Aster: its list of instruments names a share, fails, and names it no more.
    private static func files() -> [StagedHour] {
        (0..<3).map { number in
            let hour = Samples.hour(number)
            let symbols = number < 2 ? ["BTCUSDT", "TSLAUSDT"] : ["BTCUSDT"]
            var staged = Samples.staged(.aster, hour, symbols: symbols)
            staged.source.transformVersion = AssetClass.statedSinceTransformVersion
            staged.longShortRatios = []
            staged.fundingSettlements = ["BTC", "NEW", "TSLA"].map { asset in
                FundingSettlement(
                    symbol: asset + "USDT", asset: number == 0 && asset == "TSLA" ? "stock:TSLA" : asset,
                    settledAt: hour.startTime, fundingRate: 0.0001)
            }
            for place in staged.instruments.indices {
                let isShare = staged.instruments[place].symbol == "TSLAUSDT"
                staged.instruments[place].assetClass = isShare ? .stock : .crypto
                if isShare { staged.instruments[place].asset = "stock:TSLA" }
            }
            for place in staged.tickers.indices {
                let isShare = staged.tickers[place].symbol == "TSLAUSDT"
                staged.tickers[place].assetClass = number == 1 ? nil : isShare ? .stock : .crypto
                if isShare, number == 0 { staged.tickers[place].asset = "stock:TSLA" }
            }
            if number == 1 { staged.instruments = [] }
            return staged
        }
    }

    @Test(
        "tickers and settlements take the latest known class, or else other, in any order",
        arguments: [
            [0, 1, 2], [2, 1, 0], [1, 2, 0],
        ])
    func names(order: [Int]) throws {
        let files = Self.files()
        for sealingEach in [false, true] {
            let warehouse = try LoadTests.loaded(order.map { files[$0] }, sealingEach: sealingEach)
            let tickers = try warehouse.read {
                try String.fetchAll(
                    $0, sql: "SELECT asset FROM ticker JOIN listing USING (listing_id) ORDER BY hour, symbol")
            }
            #expect(tickers == ["BTC", "stock:TSLA", "BTC", "stock:TSLA", "BTC"])
            let settlements = try warehouse.read {
                try String.fetchAll($0, sql: "SELECT asset FROM funding_settlement ORDER BY hour, symbol")
            }
            #expect(
                settlements == [
                    "BTC", "other:NEW", "stock:TSLA", "BTC", "other:NEW", "stock:TSLA",
                    "BTC", "other:NEW", "stock:TSLA",
                ])
        }
    }

    /// Three hours of Bybit: its list states that one contract is a share's, states no classes, and says nothing at all.
    /// A coin is new in the second.
    private static func filesOfDroppedKey() -> [StagedHour] {
        (0..<3).map { number in
            let symbols = number == 0 ? ["BTCUSDT", "TSLAUSDT"] : ["BTCUSDT", "NEWUSDT", "TSLAUSDT"]
            var staged = Samples.staged(.bybit, Samples.hour(number), symbols: symbols)
            staged.source.transformVersion = AssetClass.statedSinceTransformVersion
            staged.longShortRatios = []
            for place in staged.instruments.indices {
                staged.instruments[place].isClassStated = number == 0
                staged.tickers[place].assetClass = number == 0 ? .crypto : nil
            }
            if number == 0 {
                staged.instruments[1].assetClass = .stock
                staged.instruments[1].asset = "stock:TSLA"
                staged.tickers[1].assetClass = .stock
                staged.tickers[1].asset = "stock:TSLA"
            }
            if number == 2 { staged.instruments = [] }
            return staged
        }
    }

    @Test(
        "an exchange that states its classes no more makes no coin of a share, and what it never classed is a coin",
        arguments: [[0, 1, 2], [2, 1, 0], [1, 0, 2]])
    func droppedKey(order: [Int]) throws {
        let files = Self.filesOfDroppedKey()
        for sealingEach in [false, true] {
            let warehouse = try LoadTests.loaded(order.map { files[$0] }, sealingEach: sealingEach)
            let assets = try warehouse.read {
                try String.fetchAll(
                    $0, sql: "SELECT asset FROM ticker JOIN listing USING (listing_id) ORDER BY hour, symbol")
            }
            #expect(assets == ["BTC", "stock:TSLA", "BTC", "NEW", "stock:TSLA", "BTC", "NEW", "stock:TSLA"])
            let findings = try Checks(warehouse).run(over: Samples.hour(1)...Samples.hour(1))
            #expect(findings.contains { $0.name == "unknown_classes" && $0.rows == 2 })
            let facts = try #require(try LoadedFacts(warehouse).stagedHour(.bybit, Samples.hour(1)))
            #expect(facts.staged.instruments == files[1].instruments)
        }
    }

    @Test("what was stated is known after its hour is removed, and of liquidations too")
    func removedStatement() throws {
        var files = Self.filesOfDroppedKey()
        for place in files.indices {
            let hour = files[place].hour
            var event = Samples.liquidation("TSLAUSDT", at: hour.startTime.advanced(byMilliseconds: -60_000), value: 1000)
            event.asset = place == 0 ? "stock:TSLA" : "TSLA"
            files[place].liquidations = [event]
        }
        let warehouse = try LoadTests.loaded(files, sealingEach: true)
        func assets() throws -> [String] {
            try warehouse.read {
                try String.fetchAll(
                    $0,
                    sql: """
                        SELECT asset FROM ticker JOIN listing USING (listing_id) WHERE symbol = 'TSLAUSDT'
                        UNION ALL SELECT asset FROM liquidations
                        """)
            }
        }
        #expect(try assets().allSatisfy { $0 == "stock:TSLA" } && assets().count == 6)
        #expect(try LoadedFacts(warehouse).liquidationCounts(hours: 9, before: Samples.hour(3)).isEmpty)
        _ = try Retention(warehouse).removeHours(before: Samples.hour(1))
        // Later hours are loaded and sealed anew.
        for file in files[1...] { _ = try warehouse.load(file, from: Samples.file(file)) }
        try warehouse.seal(using: Samples.summarize)
        #expect(try assets().allSatisfy { $0 == "stock:TSLA" } && assets().count == 4)
    }
}
