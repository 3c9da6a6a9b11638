import GRDB
import PerpCore
import Testing
import WarehouseSQL

@testable import Warehouse

/// The rule for the asset of a liquidation whose symbol has no stated class is written twice: in the view `liquidations`,
/// and in Swift for the queries that read the table below it.
@Suite("The asset of a liquidation whose class is not stated")
struct LiquidationAssetTests {
    /// The expression without its layout, and without the names that it gives to tables: it reads the same either way.
    private static func words(of expression: some StringProtocol) -> [Substring] {
        String(expression).replacing(/\b(?:liquidation|[lcs])\./, with: "").replacing(/\bAS [cs]\b/, with: "")
            .replacing(/[(),]/) { " \($0.output) " }.split(whereSeparator: \.isWhitespace)
    }

    @Test("the view and the queries have the same rule")
    func sameRule() throws {
        let view = try #require(WarehouseSQL.views.first { $0.name == "liquidations" })
        let end = try #require(view.sql.firstRange(of: "END AS asset,"))
        let start = try #require(view.sql[..<end.lowerBound].ranges(of: "CASE\n").last)
        let rule = view.sql[start.lowerBound..<end.lowerBound] + "END"
        #expect(Self.words(of: rule) == Self.words(of: UnstatedClasses.liquidationAsset))
    }

    /// An exchange whose list states that one symbol is a share, and states no classes in the hours after; it never states
    /// the class of the other symbol.
    private static func files() -> [StagedHour] {
        (0..<3).map { number in
            let hour = Samples.hour(number)
            let time = hour.startTime.advanced(byMilliseconds: -60_000)
            let events = ["TSLAUSDT", "NEWUSDT"].map { Samples.liquidation($0, at: time) }
            var staged = Samples.staged(.bybit, hour, symbols: ["NEWUSDT", "TSLAUSDT"], liquidations: events)
            staged.source.transformVersion = AssetClass.statedSinceTransformVersion
            staged.longShortRatios = []
            for index in staged.instruments.indices {
                let isStated = number == 0 && staged.instruments[index].symbol == "TSLAUSDT"
                staged.instruments[index].isClassStated = isStated
                staged.tickers[index].assetClass = isStated ? .stock : nil
                guard isStated else { continue }
                staged.instruments[index].assetClass = .stock
                staged.instruments[index].asset = "stock:TSLA"
                staged.tickers[index].asset = "stock:TSLA"
                staged.liquidations[0].asset = "stock:TSLA"
            }
            return staged
        }
    }

    @Test("the view and the queries name the same assets, also when the hour of the statement is removed")
    func sameAssets() throws {
        let files = Self.files()
        let warehouse = try LoadTests.loaded(files, sealingEach: true)
        func assets(_ sql: String) throws -> [String] { try warehouse.read { try String.fetchAll($0, sql: sql) } }
        let inView = "SELECT asset FROM liquidations ORDER BY hour, symbol"
        let inQueries = "SELECT \(UnstatedClasses.liquidationAsset) FROM liquidation ORDER BY hour, symbol"
        #expect(try assets(inView) == assets(inQueries))
        #expect(try assets(inView) == ["NEW", "stock:TSLA", "NEW", "stock:TSLA", "NEW", "stock:TSLA"])
        _ = try Retention(warehouse).removeHours(before: Samples.hour(1))
        for file in files[1...] { _ = try warehouse.load(file, from: Samples.file(file)) }
        try warehouse.seal(using: Samples.summarize)
        #expect(try assets(inView) == assets(inQueries))
        #expect(try assets(inView) == ["NEW", "stock:TSLA", "NEW", "stock:TSLA"])
    }
}
