import PerpCore
import Testing

@testable import Warehouse

@Suite("The check of sides")
struct SidesCheckTests {
    /// Hours of one exchange with twenty contracts of 0.01 coins, whose figures in contracts are as given.
    private func warehouse(
        _ exchange: Exchange, hours: Int = 12, openInterest: (_ number: Int) -> Double,
        volume: (_ number: Int) -> Double
    ) throws -> Warehouse {
        let warehouse = try Warehouse()
        for hour in 0..<hours {
            let symbols = (10..<30).map { "A\($0)USDT" }
            var staged = Samples.staged(exchange, Samples.hour(hour), symbols: symbols)
            for place in symbols.indices {
                let number = 20 * hour + place
                staged.instruments[place].contractMultiplier = 0.01
                staged.tickers[place].openInterestContracts = openInterest(number)
                staged.tickers[place].volumeBase24h = volume(number) * 0.01
            }
            _ = try warehouse.load(staged, from: Samples.file(staged))
        }
        return warehouse
    }

    private func findings(_ warehouse: Warehouse, last: Int = 11) throws -> [String: CheckFinding] {
        let found = try Checks(warehouse).run(over: Samples.hour(0)...Samples.hour(last)).suffix(2)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0) })
    }

    /// The number-th even count that is no multiple of ten.
    private func even(_ number: Int) -> Double { Double(10 * (number / 4) + 2 * (number % 4) + 2) }

    @Test("a volume that is always even is suspect, and an open interest with odd counts is not")
    func suspect() throws {
        // KuCoin's volume is kept as sent. 240 counts of each figure, half of those of open interest odd.
        let found = try findings(warehouse(.kucoin, openInterest: { Double($0 + 1) }, volume: even))
        let doubt = try #require(found["sides_in_doubt"])
        #expect(doubt.severity == .info && doubt.rows == 1)
        #expect(doubt.columns == ["exchange_id", "figure", "kind", "counts", "odd", "verdict", "to_settle"])
        #expect(doubt.sample.map { Array($0.prefix(6)) } == [["kucoin", "volume_24h", "linear", "240", "0", "suspect"]])
        #expect(doubt.sample.first?.last?.contains("trades of a quiet market") == true)
        #expect(found["halved_counts_odd"]?.rows == 0)
    }

    @Test("a halved volume that was odd as sent is wrong, which is an error")
    func wrong() throws {
        // HTX's volume is half of what it sent: 8.5 was 17.
        let found = try findings(warehouse(.htx, hours: 1, openInterest: { _ in 3 }, volume: { $0 == 7 ? 8.5 : 8 }))
        let wrong = try #require(found["halved_counts_odd"])
        #expect(wrong.severity == .error && wrong.rows == 1)
        #expect(wrong.sample.map { Array($0.prefix(6)) } == [["htx", "volume_24h", "linear", "20", "1", "wrong"]])
        #expect(found["sides_in_doubt"]?.rows == 0)
    }

    @Test("halved counts that were even as sent are as they should be")
    func halved() throws {
        let found = try findings(warehouse(.htx, openInterest: { Double($0 + 1) }, volume: { Double($0 + 1) }))
        #expect(found.values.allSatisfy { $0.rows == 0 })
    }

    @Test("steps of ten are blind, without a verdict")
    func blind() throws {
        let found = try findings(
            warehouse(.mexc, openInterest: { Double(10 * ($0 + 1)) }, volume: { Double($0 + 1) }))
        #expect(
            found["sides_in_doubt"]?.sample.map { Array($0.prefix(6)) }
                == [["mexc", "open_interest", "linear", "240", "0", "blind"]])
        #expect(found["halved_counts_odd"]?.rows == 0)
    }

    @Test("only the last day of a span is looked at, and exchanges that count coins are not")
    func scope() throws {
        // 30 hours with 20 counts each; the last 24 of them have 480.
        let found = try findings(warehouse(.kucoin, hours: 30, openInterest: even, volume: even), last: 29)
        #expect(found["sides_in_doubt"]?.sample.map { $0[3] } == ["480", "480"])
        let coins = try findings(warehouse(.aster, openInterest: even, volume: even))
        #expect(coins.values.allSatisfy { $0.rows == 0 })
    }
}
