import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Spreads, basis, structure, anomalies")
struct MarketTests {
    static let hour = Hour("2026-01-01T15")!  // a literal

    @Test(
        "funding spreads after fees",
        arguments: [
            (0.0001, 8.0, 0.000012, 7.0, 0.438, 9.90714285714, -9.46914285714, 158.333333333),
            (0.0009, 4.0, 0.0000125, 7.0, 186.15, 9.90714285714, 176.242857143, 0.372549019608),
            (0.0009, 4.0, 0.0000125, 30.0, 186.15, 2.31166666667, 183.838333333, 0.372549019608),
        ])
    func fundingSpread(
        rate: Double, hours: Double, hourlyRate: Double, days: Double, gross: Double, fees: Double,
        net: Double, breakEven: Double
    ) throws {
        let venues = Self.guarded([
            Self.venue(.okx, rate: rate, hours: hours), Self.venue(.hyperliquid, rate: hourlyRate, hours: 1),
        ])
        let spreads = FundingSpreads(takerFees: TakerFees([.hyperliquid: 0.00045]), holdDays: days).find(in: venues)
        let spread = try #require(spreads.first)
        #expect(spreads.count == 1)
        #expect(spread.short.exchange == .okx)
        #expect(isClose(spread.grossAPR, gross))
        #expect(isClose(spread.feeAPR, fees))
        #expect(isClose(spread.netAPR, net))
        #expect(isClose(spread.breakEvenDays, breakEven))
        #expect(spread.isNew)
        #expect(spread.capacityUSD == 100_000)
        #expect(!spread.isThin)
    }

    @Test("what persists is what 15 settlements a side came to")
    func persistent() throws {
        let venues = Self.guarded([
            Self.venue(.okx, rate: 0.0009, hours: 8), Self.venue(.bybit, rate: 0, hours: 8),
        ])
        func settlements(_ rate: Double, count: Int64) -> [FundingSettlement] {
            (0..<count).map {
                FundingSettlement(
                    symbol: "BTC-USDT", asset: "BTC",
                    settledAt: Timestamp(seconds: Self.hour.start - $0 * 28_800), fundingRate: rate,
                    fundingIntervalHours: 8)
            }
        }
        func spread(_ count: Int64) throws -> FundingSpread {
            try #require(
                FundingSpreads().find(
                    in: venues,
                    settlements: [
                        .okx: settlements(0.0003, count: 21), .bybit: settlements(0.0001, count: count),
                    ]
                ).first)
        }
        #expect(isClose(try spread(15).persistentAPR, 100 * 0.0002 * 1095))
        #expect(isClose(try spread(14).persistentAPR, 100 * 0.0009 * 1095))
    }

    @Test("legs ten minutes apart are no trade")
    func legsApart() {
        func found(_ milliseconds: Int64) -> Int {
            let late = Self.venue(.bybit, rate: 0, hours: 8, delay: milliseconds)
            return FundingSpreads().find(in: Self.guarded([Self.venue(.okx, rate: 1e-4, hours: 8), late]))
                .count
        }
        #expect(found(600_000) == 1)
        #expect(found(600_001) == 0)
    }

    @Test("the basis, with the quotes brought to dollars")
    func basis() {
        var venue = Self.venue(.okx, rate: 0.0001, hours: 8)
        venue.tickers[0].markPrice = 60_060
        venue.spotTickers = [
            Self.spot("BTC-USD", "BTC", "USD", 59_970), Self.spot("USDT-USD", "USDT", "USD", 0.9995),
        ]
        let rows = SpotBasis.find(in: [venue], guarded: Self.guarded([venue]))
        #expect(rows.map(\.asset) == ["BTC"])
        // 60 060 * 0.9995 = 60 029.97, which is 59.97 above 59 970.
        #expect(isClose(rows[0].percent, 0.1))
        #expect(isClose(rows[0].fundingPercent8h, 0.01))
        #expect(rows[0].isSpotLast && !rows[0].isQuoteAssumed)
        #expect(isClose(SpotBasis.percent(perpetualUSD: 60_060, spotUSD: 60_000), 0.1))
    }

    @Test("a basis needs both legs within a minute")
    func basisLegsApart() {
        var venue = Self.venue(.okx, rate: 0.0001, hours: 8)
        venue.spotTickers = [Self.spot("BTC-USDT", "BTC", "USDT", 60_000, delay: 60_001)]
        #expect(SpotBasis.find(in: [venue], guarded: Self.guarded([venue])).isEmpty)
    }

    @Test(
        "structures of the basis",
        arguments: [
            (0.151, "CONTANGO (Strong)"), (0.15, "CONTANGO (Mild)"), (0.05, "NEUTRAL"), (-0.05, "NEUTRAL"),
            (-0.06, "BACKWARDATION (Mild)"), (-0.16, "BACKWARDATION (Strong)"),
        ])
    func structure(basis: Double, name: String) {
        #expect(MarketBasis.Structure(basis: basis).rawValue == name)
    }

    @Test("four venues of 90, 40, 12 and 10 billion are highly concentrated")
    func concentration() throws {
        let found = try #require(
            Concentration([(.okx, 40e9), (.binance, 90e9), (.aster, 10e9), (.hyperliquid, 12e9)]))
        #expect(isClose(found.top3, 93.4210526316))
        #expect(isClose(found.hhi, 4304.01662050))
        #expect(isClose(found.effectiveExchanges, 2.32341110217))
        #expect(found.level == .high)
        #expect(found.shares.map(\.exchange) == [.binance, .okx, .hyperliquid, .aster])
        #expect(isClose(found.dexPercent, 100 * 22.0 / 152))
    }

    @Test("without volume there is no structure, and no crash")
    func noVolume() { #expect(Concentration([(.okx, 0)]) == nil) }

    @Test("the robust z has a floor and needs a week")
    func robustZ() throws {
        let earlier = (0..<200).map { 0.004 + 0.0001 * Double((7 * $0) % 11) }
        #expect(isClose(Quantiles.median(earlier), 0.0045))
        #expect(isClose(Quantiles.median(earlier.map { abs($0 - 0.0045) }), 0.0003, tolerance: 1e-9))
        #expect(isClose(RobustZ.score(0.012, among: earlier, floor: 0.0005), 15))
        #expect(RobustZ.score(0.012, among: Array(earlier.prefix(167)), floor: 0.0005) == nil)
    }

    @Test("price spreads compare dollars of liquid venues seen together")
    func priceSpread() throws {
        var cheap = Self.venue(.okx, rate: 0, hours: 8)
        cheap.tickers[0].markPrice = 60_000
        var dear = Self.venue(.bybit, rate: 0, hours: 8)
        dear.tickers[0].markPrice = 60_090
        let spread = try #require(
            PriceSpread(asset: "BTC", exchanges: Self.guarded([cheap, dear]), quotes: QuoteValues()))
        #expect(isClose(spread.percent, 0.15))
        #expect(spread.isWide)
        #expect(isClose(spread.net(lowFee: 0.0005, highFee: 0.0005), -0.05, tolerance: 1e-9))
        #expect(PriceSpread(asset: "BTC", exchanges: Self.guarded([cheap]), quotes: QuoteValues()) == nil)
    }

    static func guarded(_ venues: [ExchangeFacts]) -> [GuardedExchange] { FieldGuards.apply(to: venues) }

    /// One liquid BTC perpetual.
    static func venue(_ exchange: Exchange, rate: Double, hours: Double, delay: Int64 = 0) -> ExchangeFacts {
        var ticker = Ticker(
            symbol: "BTC-USDT", asset: "BTC", kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: hour.startTime.advanced(byMilliseconds: delay))
        ticker.volumeUSD24h = 1e8
        ticker.openInterestUSD = 1e9
        ticker.markPrice = 60_000
        ticker.fundingRate = rate
        ticker.fundingIntervalHours = hours
        return ExchangeFacts(exchange: exchange, status: .ok, tickers: [ticker])
    }

    static func spot(
        _ symbol: String, _ asset: String, _ quote: String, _ last: Double, delay: Int64 = 0
    ) -> SpotTicker {
        SpotTicker(
            symbol: symbol, asset: asset, quote: quote, lastPrice: last,
            observedAt: hour.startTime.advanced(byMilliseconds: delay))
    }
}
