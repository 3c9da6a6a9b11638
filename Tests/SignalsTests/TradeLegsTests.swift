import PerpCore
import Sealing
import Testing

@testable import Signals

@Suite("The markets of a trade")
struct TradeLegsTests {
    private typealias Basis = MarketContext.ExchangeBasis

    private static func basis(_ exchange: Exchange, _ percent: Double, volume: Double? = nil) -> Basis {
        var basis = Basis(exchangeID: exchange.id, asset: "BTC", percent: percent, fundingPercent8h: percent)
        (basis.perpetual, basis.spot) = ("BTC-PERP", "BTC-SPOT")
        basis.perpetualVolumeUSD = volume
        return basis
    }

    private static func context(_ bases: [Basis]) -> MarketContext {
        var context = MarketContext(hour: MarketTests.hour, model: .v2)
        context.bases = bases
        return context
    }

    private static func legs(_ context: MarketContext, _ strategy: Strategy) throws -> TradeLegs? {
        try #require(Strategy.detectAll(context).first { $0.strategy == strategy }).legs
    }

    @Test("the perpetual with the higher rate is sold, that with the lower one is bought")
    func funding() throws {
        let venues = MarketTests.guarded([
            MarketTests.venue(.okx, rate: 0.0009, hours: 8), MarketTests.venue(.bybit, rate: 0, hours: 8),
        ])
        var context = MarketContext(hour: MarketTests.hour, model: .v2)
        context.fundingTrades = FundingSpreads().find(in: venues).map { FundingTrade($0) }
        #expect(
            try Self.legs(context, .fundingArbitrage)
                == TradeLegs(
                    short: TradeLegs.Market(.okx, "BTC-USDT"), long: TradeLegs.Market(.bybit, "BTC-USDT")))
    }

    @Test("a perpetual above its spot is sold against it, one below is bought", arguments: [0.4, -0.4])
    func carry(percent: Double) throws {
        // The wider basis, whatever its exchange's volume.
        let context = Self.context([Self.basis(.okx, 0.2, volume: 9e9), Self.basis(.bybit, percent, volume: 1e6)])
        let legs = try #require(try Self.legs(context, .basisArbitrage))
        let (perpetual, spot) = percent > 0 ? (legs.short, legs.long) : (legs.long, legs.short)
        #expect(perpetual == TradeLegs.Market(.bybit, "BTC-PERP"))
        #expect(spot == TradeLegs.Market(.bybit, "BTC-SPOT", isSpot: true))
    }

    @Test("contango sells the perpetual with the largest volume against its spot, backwardation buys it")
    func contango() throws {
        for percent in [0.5, -0.5] {
            let bases = [
                Self.basis(.okx, percent, volume: 1e9), Self.basis(.bybit, percent, volume: 3e9),
                Self.basis(.gate, percent),
            ]
            let legs = try #require(try Self.legs(Self.context(bases), .contangoBackwardation))
            let perpetual = percent > 0 ? legs.short : legs.long
            #expect(perpetual == TradeLegs.Market(.bybit, "BTC-PERP"))
        }
    }

    @Test("other strategies have none, and neither has a trade without symbols")
    func none() throws {
        var context = Self.context([Basis(exchangeID: "okx", asset: "BTC", percent: 0.4, fundingPercent8h: 0.1)])
        context.fundingTrades = [
            FundingTrade(asset: "BTC", shortExchangeID: "okx", longExchangeID: "bybit", netAPR: 20)
        ]
        for detection in Strategy.detectAll(context) { #expect(detection.legs == nil) }
    }
}
