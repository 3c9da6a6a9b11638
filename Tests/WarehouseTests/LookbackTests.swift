import PerpCore
import Testing

@testable import Warehouse

@Suite("Looking back before an hour is loaded")
struct LookbackTests {
    private static let files = (0..<30).flatMap { hour in
        [Exchange.binance, .okx].map { Samples.staged($0, Samples.hour(hour), price: 100 + Double(hour)) }
    }

    @Test("seals the hour as looking back afterwards does")
    func sameSummary() throws {
        let next = Samples.staged(.binance, Samples.hour(30), price: 90)
        let warehouses = try [LoadTests.loaded(Self.files), LoadTests.loaded(Self.files)]
        let ahead = try warehouses[0].lookback(from: next.hour)
        for warehouse in warehouses { _ = try warehouse.load(next, from: Samples.file(next)) }
        try warehouses[0].seal(ahead: { ahead }, using: Samples.summarize)
        try warehouses[1].seal(using: Samples.summarize)
        #expect(try LoadTests.contents(warehouses[0]) == LoadTests.contents(warehouses[1]))
    }

    @Test("is not asked for when an earlier hour has changed as well, and not taken for another hour")
    func leftOut() throws {
        let warehouse = try LoadTests.loaded(Self.files)
        let ahead = try warehouse.lookback(from: Samples.hour(30))
        let again = [Samples.staged(.okx, Samples.hour(28), price: 80), Samples.staged(.okx, Samples.hour(30), price: 80)]
        for file in again { _ = try warehouse.load(file, from: Samples.file(file)) }
        var asked = 0
        let sealed = try warehouse.seal(
            ahead: {
                asked += 1
                return ahead
            }, using: Samples.summarize)
        #expect(sealed.count > 1)
        #expect(asked == 0)
        let other = Samples.staged(.binance, Samples.hour(31))
        _ = try warehouse.load(other, from: Samples.file(other))
        try warehouse.seal(ahead: { ahead }, using: Samples.summarize)
        let fresh = try LoadTests.loaded(
            Self.files.filter { ($0.exchange, $0.hour) != (.okx, Samples.hour(28)) } + again + [other])
        #expect(try LoadTests.contents(warehouse)["market_summary"] == LoadTests.contents(fresh)["market_summary"])
    }
}
