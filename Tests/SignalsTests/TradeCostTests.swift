import PerpCore
import Testing

@testable import Signals

@Suite("What net rates are after")
struct TradeCostTests {
    /// OKX pays 98.55 % a year to its shorts, Bybit nothing.
    private let venues = MarketTests.guarded([
        MarketTests.venue(.okx, rate: 0.0009, hours: 8), MarketTests.venue(.bybit, rate: 0, hours: 8),
    ])

    @Test("each exchange has its own fee")
    func byExchange() throws {
        // 2 x (0.05 % + 0.055 %) = 0.21 % over 7 days are 10.95 % a year.
        let usual = try #require(FundingSpreads().find(in: venues).first)
        #expect(isClose(usual.grossAPR, 98.55))
        #expect(isClose(usual.feeAPR, 10.95))
        #expect(isClose(usual.netAPR, 87.6))
        // 2 x (0.02 % + 0.055 %) = 0.15 %: 7.82142857 % a year.
        let cheap = try #require(FundingSpreads(takerFees: TakerFees([.okx: 0.0002])).find(in: venues).first)
        #expect(isClose(cheap.netAPR, 98.55 - 15 * 365 / 700))
    }

    @Test("the fees and the days stand beside the net rate, the short leg's fee first")
    func words() throws {
        let spread = try #require(FundingSpreads().find(in: venues).first)
        #expect(spread.costs.words == "after fees of 0.050% + 0.055% per leg, held 7 d")
        #expect(
            TradeCosts(shortFee: 0.000275, longFee: 0, holdDays: 2.5).words
                == "after fees of 0.0275% + 0.000% per leg, held 2.5 d")
        let trade = FundingTrade(spread)
        #expect(trade.sides == "short OKX / long Bybit")
        #expect(trade.yield == "net +87.60 % a year after fees of 0.050% + 0.055% per leg, held 7 d")
    }

    @Test("an alert names exchanges as people do, and its fees")
    func alert() throws {
        var context = MarketContext(hour: MarketTests.hour, model: .v2)
        context.fundingTrades = FundingSpreads().find(in: venues).map { FundingTrade($0) }
        let message = Strategy.fundingArbitrage.detect(context).message
        #expect(
            message.first == "Short OKX / long Bybit BTC: net +87.60 % a year after fees of 0.050% + 0.055% per leg, "
                + "held 7 d.")
    }

    @Test("the seed's trades are before fees, and say so")
    func seed() {
        let trade = FundingTrade(asset: "BTC", shortExchangeID: "gate", longExchangeID: "hyperliquid", netAPR: 12.5)
        #expect(trade.sides == "short Gate.io / long HyperLiquid")
        #expect(trade.yield == "+12.50 % a year before fees")
    }
}
