import PerpCore
import Testing

@testable import Sealing

@Suite("A contract in a past hour")
struct PastContractTests {
    private static let start = Hour("2026-11-01T00")!  // a literal hour

    private func hour(_ number: Int) -> Hour { Self.start.advanced(by: number) }

    private func minute(_ number: Int) -> Timestamp { Self.start.startTime.advanced(byMilliseconds: Int64(number) * 60_000) }

    private func candle(_ number: Int, _ price: CandlePrice = .last, usd: Double? = 200) -> Candle {
        let close = (price == .last ? 101 : 201) + Double(number)
        return Candle(
            symbol: "BTCUSDT", asset: "BTC", priceKind: price, from: hour(number).startTime, open: close - 1, high: close,
            low: close - 1, close: close, volumeBase: price == .last ? 2 : nil, volumeUSD: price == .last ? usd : nil)
    }

    private func contract(
        _ candles: [Candle], marks: [Candle] = [], indices: [Candle] = [], interests: [OpenInterest] = [],
        settlements: [FundingSettlement] = []
    ) -> PastContract {
        PastContract(
            symbol: "BTCUSDT", asset: "BTC", candles: candles, marks: marks, indices: indices, openInterests: interests,
            settlements: settlements)
    }

    private func interest(_ minute: Int, base: Double? = nil, usd: Double? = nil) -> OpenInterest {
        OpenInterest(symbol: "BTCUSDT", asset: "BTC", observedAt: self.minute(minute), base: base, usd: usd)
    }

    private func settlement(_ hour: Int, _ rate: Double, hours: Double?) -> FundingSettlement {
        FundingSettlement(
            symbol: "BTCUSDT", asset: "BTC", settledAt: self.hour(hour).startTime, fundingRate: rate,
            fundingIntervalHours: hours)
    }

    // MARK: - Prices and the day

    @Test("prices are those at which the hour before closed, and no other field is made up")
    func prices() throws {
        let past = contract((0...1).map { candle($0) }, marks: [candle(1, .mark)], indices: [candle(0, .index)])
        let ticker = try #require(past.ticker(at: hour(2)))
        #expect(ticker.lastPrice == 102 && ticker.markPrice == 202)
        // The index of hour 1 was not told; that of hour 0 is another hour's.
        #expect(ticker.indexPrice == nil)
        #expect(ticker.observedAt == hour(2).startTime && ticker.assetClass == .crypto)
        #expect(ticker.bidPrice == nil && ticker.askPrice == nil && ticker.nextFundingAt == nil)
        #expect(ticker.fundingRate == nil && ticker.openInterestUSD == nil && ticker.volumeUSD24h == nil)
    }

    @Test("without the candle that ends there is no ticker, whatever else was told")
    func noCandle() {
        let past = contract([candle(0), candle(2)], marks: [candle(1, .mark)], interests: [interest(120, base: 1)])
        #expect(past.ticker(at: hour(0)) == nil)
        #expect(past.ticker(at: hour(2)) == nil)
        #expect(past.ticker(at: hour(3)) != nil)
        #expect(past.ticker(at: hour(4)) == nil)
    }

    @Test("the volume of a day is that of 24 candles, and its change is from the open of the first")
    func day() throws {
        let past = contract((0...24).map { candle($0) })
        #expect(try #require(past.ticker(at: hour(23))).volumeUSD24h == nil)
        // 24 candles of 2 coins and 200 dollars; from 100 to 124.
        let whole = try #require(past.ticker(at: hour(24)))
        #expect(whole.volumeBase24h == 48 && whole.volumeUSD24h == 4800)
        #expect(whole.priceChange24h.map { abs($0 - 0.24) < 1e-12 } == true)
        // An hour later from 101 to 125.
        #expect(try #require(past.ticker(at: hour(25))).priceChange24h.map { abs($0 - (125.0 / 101 - 1)) < 1e-12 } == true)
    }

    @Test("a candle that is missing within the day leaves no volume and no change, and a day later they are back")
    func hole() throws {
        let past = contract((0...40).filter { $0 != 5 }.map { candle($0) })
        for end in [24, 25, 29] {
            let ticker = try #require(past.ticker(at: hour(end)))
            #expect(ticker.volumeBase24h == nil && ticker.volumeUSD24h == nil && ticker.priceChange24h == nil)
        }
        #expect(try #require(past.ticker(at: hour(30))).volumeUSD24h == 4800)
    }

    @Test("one candle without dollars leaves no sum of dollars, and the sum of coins stays")
    func noDollars() throws {
        let past = contract((0...23).map { candle($0, usd: $0 == 7 ? nil : 200) })
        let ticker = try #require(past.ticker(at: hour(24)))
        #expect(ticker.volumeBase24h == 48 && ticker.volumeUSD24h == nil)
    }

    // MARK: - Open interest

    @Test("the newest open interest of the hour counts, and that of its beginning belongs to the hour before")
    func openInterest() throws {
        let figures = [interest(60, base: 9), interest(61, base: 3), interest(90, base: 4), interest(121, base: 8)]
        // Hour 1 ends at minute 120: minutes 61 and 90 are in it, 60 and 121 are not.
        let past = contract([candle(0), candle(1), candle(2)], marks: [candle(1, .mark)], interests: figures)
        let ticker = try #require(past.ticker(at: hour(2)))
        #expect(ticker.openInterestBase == 4)
        // At the mark price of 202.
        #expect(ticker.openInterestUSD == 808)
        #expect(try #require(past.ticker(at: hour(1))).openInterestBase == 9)
        let none = contract([candle(1)], interests: [interest(60, base: 9)])
        #expect(try #require(none.ticker(at: hour(2))).openInterestBase == nil)
    }

    @Test("dollars that are stated count before those that are worked out; coins not priced in dollars have none")
    func openInterestDollars() throws {
        let stated = contract([candle(1)], interests: [interest(120, base: 4, usd: 500)])
        #expect(try #require(stated.ticker(at: hour(2))).openInterestUSD == 500)
        // Without a mark price the last one: 4 × 102.
        let worked = contract([candle(1)], interests: [interest(120, base: 4)])
        #expect(try #require(worked.ticker(at: hour(2))).openInterestUSD == 408)
        let other = contract([candle(1, usd: nil)], interests: [interest(120, base: 4)])
        #expect(try #require(other.ticker(at: hour(2))).openInterestUSD == nil)
    }

    // MARK: - Funding

    @Test("a settled rate holds until its interval ends, and not an instant longer")
    func settled() throws {
        let past = contract(
            (0...30).map { candle($0) }, settlements: [settlement(8, 0.0001, hours: 8), settlement(16, 0.0002, hours: 4)])
        func rate(_ number: Int) throws -> Double? { try #require(past.ticker(at: hour(number))).fundingRate }
        #expect(try rate(7) == nil)
        #expect(try rate(8) == 0.0001)
        #expect(try rate(15) == 0.0001)
        #expect(try rate(16) == 0.0002)
        #expect(try rate(19) == 0.0002)
        #expect(try rate(20) == nil)
        #expect(try #require(past.ticker(at: hour(19))).fundingIntervalHours == 4)
    }

    @Test("a rate of an unknown interval holds for a day at most, and its interval stays unknown")
    func unknownInterval() throws {
        let past = contract((0...30).map { candle($0) }, settlements: [settlement(1, 0.0003, hours: nil)])
        #expect(try #require(past.ticker(at: hour(24))).fundingRate == 0.0003)
        #expect(try #require(past.ticker(at: hour(24))).fundingIntervalHours == nil)
        #expect(try #require(past.ticker(at: hour(25))).fundingRate == nil)
    }
}

@Suite("An exchange's hour, put together later")
struct ReconstructedHourTests {
    private let hour = Hour("2026-11-02T00")!  // a literal hour

    private func ticker(
        _ asset: String, volume: Double?, interest: Double?, rate: Double?, hours: Double? = 8, change: Double? = nil
    ) -> Ticker {
        var ticker = Ticker(
            symbol: "\(asset)USDT", asset: asset, assetClass: AssetClass(ofAsset: asset), kind: .linear,
            contract: .perpetual, quote: "USD", observedAt: hour.startTime)
        ticker.lastPrice = 100
        ticker.volumeUSD24h = volume
        ticker.openInterestUSD = interest
        ticker.fundingRate = rate
        ticker.fundingIntervalHours = hours
        ticker.priceChange24h = change
        return ticker
    }

    @Test("sums and means are those of a live hour, over the contracts of which anything was told")
    func measured() throws {
        let row = try #require(
            ReconstructedHour(
                .okx, hour,
                tickers: [
                    ticker("BTC", volume: 6000, interest: 3000, rate: 0.0001, change: 0.02),
                    ticker("ETH", volume: 2000, interest: 1000, rate: 0.0001, hours: 4, change: 0.02),
                    ticker("SOL", volume: nil, interest: nil, rate: nil),
                ]))
        #expect(row.markets == 3 && row.volumeMarkets == 2 && row.openInterestMarkets == 2)
        #expect(row.volumeUSD == 8000 && row.openInterestUSD == 4000)
        // 0.01 % for 8 h on 3000 dollars and 0.02 % on 1000 are 0.0125 %.
        #expect(row.fundingPercent8h.map { abs($0 - 0.0125) < 1e-12 } == true)
        #expect(row.fundingBasis == .openInterest && row.fundingWeightUSD == 4000)
        #expect(row.priceChangePercent.map { abs($0 - 2) < 1e-12 } == true)
    }

    @Test("without open interest the mean is weighted by volume, and without either there is none")
    func weights() throws {
        let byVolume = try #require(
            ReconstructedHour(
                .okx, hour,
                tickers: [
                    ticker("BTC", volume: 3000, interest: nil, rate: 0.0001), ticker("ETH", volume: 1000, interest: nil, rate: -0.0003),
                ]))
        // 0.01 × 3/4 − 0.03 × 1/4 is nothing at all.
        #expect(byVolume.fundingPercent8h.map { abs($0) < 1e-12 } == true)
        #expect(byVolume.fundingBasis == .volume && byVolume.fundingWeightUSD == 4000)
        #expect(byVolume.openInterestUSD == nil && byVolume.openInterestMarkets == 0)
        let bare = try #require(
            ReconstructedHour(.okx, hour, tickers: [ticker("BTC", volume: nil, interest: nil, rate: 0.0001)]))
        #expect(bare.markets == 1 && bare.volumeUSD == nil && bare.fundingPercent8h == nil)
    }

    @Test("shares are in no total of coins, and an hour of nothing else is none")
    func coinsOnly() throws {
        let share = ticker("stock:TSLA", volume: 9000, interest: 9000, rate: 0.0001)
        #expect(share.assetClass == .stock)
        #expect(ReconstructedHour(.okx, hour, tickers: [share]) == nil)
        #expect(ReconstructedHour(.okx, hour, tickers: []) == nil)
        let row = try #require(
            ReconstructedHour(
                .okx, hour, tickers: [ticker("BTC", volume: 10, interest: 10, rate: nil), share]))
        #expect(row.markets == 1 && row.volumeUSD == 10)
    }
}
