import PerpCore
import Sealing
@testable import Signals
import Testing

@testable import Warehouse

@Suite("Snapshots of open interest")
struct SnapshotTests {
    /// Tickers of which some fail a field guard, and some stand for contracts that do not count.
    private func staged(_ exchange: Exchange, using generator: inout SplitMix64) -> StagedHour {
        let symbols = ["BTC", "DOGE", "ETH", "SOL", "XRP"].map { $0 + "USDT" }
        var staged = Samples.staged(exchange, Samples.hour(0), symbols: symbols, price: 100)
        for place in symbols.indices {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: staged.tickers[place].markPrice = -1
            case 1: staged.tickers[place].markPrice = nil
            case 2: staged.tickers[place].markPrice = 300
            case 3: staged.tickers[place].openInterestUSD = -5
            case 4: staged.tickers[place].openInterestUSD = 1e12
            case 5: staged.tickers[place].openInterestUSD = nil
            case 6: staged.tickers[place].contract = .dated
            case 7: staged.tickers[place].kind = .inverse
            case 8: staged.instruments[place].status = .suspended
            default: break
            }
        }
        return staged
    }

    @Test("read back through the findings, they are what the field guards make of the tickers", arguments: 0..<40)
    func againstGuards(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let warehouse = try Warehouse()
        for exchange in [Exchange.binance, .okx, .gate, .aster] {
            let staged = staged(exchange, using: &generator)
            _ = try warehouse.load(staged, from: Samples.file(staged))
        }
        var sealed: [HourSummary] = []
        try warehouse.seal { input in
            let summary = HourSummarizer.summarize(input)
            sealed.append(summary)
            return summary
        }
        #expect(sealed.first?.openInterest.exchanges.isEmpty == false)
        #expect(try SealedHours(warehouse).history(before: Samples.hour(1)).snapshots == sealed.map(\.openInterest))
        let (stored, made) = (try SealedHours(warehouse).hour(Samples.hour(0)).summary, try #require(sealed.first))
        let areSame = [
            stored.exchanges == made.exchanges, stored.markets == made.markets, stored.scores == made.scores,
            stored.liquidations == made.liquidations, stored.marketLiquidations == made.marketLiquidations,
            stored.openInterest == made.openInterest, Set(stored.findings) == Set(made.findings),
            stored.classes == made.classes,
        ]
        #expect(areSame.allSatisfy { $0 }, "a part of the stored rows is not what sealing made: \(areSame)")
    }
}
