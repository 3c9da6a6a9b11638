import PerpCore
import Testing

@testable import Warehouse

@Suite("Liquidations by side")
struct LiquidationCountTests {
    @Test("events of the period count once, though several files state them")
    func counts() throws {
        let warehouse = try Warehouse()
        let time = Samples.hour(0).startTime.advanced(byMilliseconds: 60_000)
        let events = [
            Samples.liquidation("BTCUSDT", at: time, value: 1000),
            Samples.liquidation("BTCUSDT", at: time, value: 2000),
            Samples.liquidation("BTCUSDT", at: time, side: .short, value: 3000),
        ]
        let later = Samples.liquidation("ETHUSDT", at: Samples.hour(1).startTime, value: 4000)
        for (number, liquidations) in [(1, events), (2, events + [later])] {
            let staged = Samples.staged(.okx, Samples.hour(number), liquidations: liquidations)
            _ = try warehouse.load(staged, from: Samples.file(staged))
        }
        let one = try LoadedFacts(warehouse).liquidationCounts(hours: 1, before: Samples.hour(1))
        #expect(one == [.okx: [Samples.hour(1): LiquidationSideCounts(long: 2, short: 1)]])
        let two = try LoadedFacts(warehouse).liquidationCounts(hours: 2, before: Samples.hour(2))
        #expect(
            two == [
                .okx: [
                    Samples.hour(1): LiquidationSideCounts(long: 2, short: 1),
                    Samples.hour(2): LiquidationSideCounts(long: 1, short: 0),
                ]
            ])
        #expect(try LoadedFacts(warehouse).liquidationCounts(hours: 1, before: Samples.hour(9)).isEmpty)
    }
}
