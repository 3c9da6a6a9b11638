import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("What is missing, carried and compared")
struct CoverageOfHourTests {
    private static let first = Hour("2026-03-01T00")!  // a literal

    /// One exchange's hour with one BTC perpetual: volume and open interest in dollars.
    private static func venue(_ exchange: Exchange, _ volume: Double?, openInterest: Double? = 50) -> ExchangeFacts {
        guard let volume else {
            return ExchangeFacts(exchange: exchange, status: .failed, reason: "HTTP 451", cause: "blocked")
        }
        var ticker = Ticker(
            symbol: "BTCUSDT", asset: "BTC", kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: first.startTime)
        ticker.markPrice = 100
        ticker.volumeUSD24h = volume
        ticker.openInterestUSD = openInterest
        ticker.priceChange24h = 0.01
        ticker.fundingRate = 0.0001
        ticker.fundingIntervalHours = 8
        return ExchangeFacts(exchange: exchange, status: .ok, tickers: [ticker])
    }

    /// Contracts on other coins: `A11USDT` and so on.
    private static func others(
        _ numbers: ClosedRange<Int>, like ticker: Ticker, volume: Double, openInterest: Double
    ) -> [Ticker] {
        numbers.map { number in
            var ticker = ticker
            (ticker.symbol, ticker.asset) = ("A\(number)USDT", "A\(number)")
            (ticker.volumeUSD24h, ticker.openInterestUSD) = (volume, openInterest)
            return ticker
        }
    }

    /// Seals hours one after the other; each names what every exchange said.
    private static func seal(_ hours: [[ExchangeFacts]]) -> [MarketSummary] {
        summaries(hours).map { $0.market(.v2)! }  // every hour has a row
    }

    private static func summaries(_ hours: [[ExchangeFacts]]) -> [HourSummary] {
        var history = History()
        return hours.enumerated().map { offset, venues in
            let summary = HourSummarizer.summarize(
                HourInput(hour: first.advanced(by: offset), exchanges: venues, history: history))
            history.append(summary)
            return summary
        }
    }

    /// Whether the first exchange of an hour told all that it told in the hours before.
    private static func isWhole(_ index: Int, of summaries: [HourSummary]) -> Bool {
        var history = History()
        for summary in summaries[..<index] { history.append(summary) }
        return summaries[index].exchanges[0].isWhole(after: history)
    }

    private static func market(_ binance: Double?, okx: Double? = 200, bybit: Double? = 100, gate: Double? = 100)
        -> [ExchangeFacts]
    {
        [venue(.binance, binance), venue(.okx, okx), venue(.bybit, bybit), venue(.gate, gate)]
    }

    @Test("an exchange that is away for an hour is carried, and no change is told of it")
    func carried() {
        let rows = Self.seal(Array(repeating: Self.market(600), count: 30) + [Self.market(nil)])
        let last = rows[30]
        // 600 of 1000 are missing: the total stands, what was reported is told beside it.
        #expect(last.totalVolumeUSD == 1000 && last.completeness.reportedVolumeUSD == 400)
        #expect(last.completeness.carriedVolumeUSD == 600 && last.completeness.carriedOpenInterestUSD == 50 && last.completeness.carriedAgeHours == 1)
        #expect(last.coverage == 0.4 && last.completeness.openInterestCoverage == 0.75)
        #expect((last.exchangesCount, last.completeness.expectedExchanges, last.completeness.unknownExchanges) == (3, 4, 0))
        // The three that both hours have did not change; they are less than half of the volume, not of the interest.
        #expect(last.completeness.volumeChangePercent24h == nil && last.completeness.openInterestChangePercent24h == 0)
    }

    @Test("after six hours nothing stands in, and the total is not known")
    func tooOld() {
        let rows = Self.seal(Array(repeating: Self.market(600), count: 30) + Array(repeating: Self.market(nil), count: 8))
        #expect(rows[30..<36].allSatisfy { $0.totalVolumeUSD == 1000 })
        #expect(rows[35].completeness.carriedAgeHours == 6)
        #expect(rows[36].totalVolumeUSD == nil && rows[36].completeness.carriedVolumeUSD == nil)
        #expect(rows[36].completeness.reportedVolumeUSD == 400 && rows[36].completeness.exchangesMissingVolume == 1)
    }

    @Test("a week of absence is not forgotten, nor is an exchange that is not asked any more")
    func neverForgotten() {
        let away = Array(repeating: Self.market(nil), count: 200)
        let rows = Self.seal(Array(repeating: Self.market(600), count: 10) + away)
        #expect(rows.last?.coverage == 0.4)
        #expect(rows.last?.exchangesCount == 3 && rows.last?.completeness.expectedExchanges == 4)
        let asked = [Self.venue(.okx, 200), Self.venue(.bybit, 100)]
        let edited = Self.seal(Array(repeating: Self.market(600), count: 10) + [asked])
        #expect(edited.last?.coverage == 0.3)
        #expect(edited.last?.exchangesCount == 2 && edited.last?.completeness.expectedExchanges == 4)
    }

    @Test("an exchange that blocks leaves the gates after a day, and the count never")
    func blocked() {
        let summaries = Self.summaries(
            Array(repeating: [Self.venue(.binance, nil), Self.venue(.bybit, nil)], count: 30).map {
                $0 + [.okx, .gate, .bitget, .hyperliquid, .aster, .dydx].map { Self.venue($0, 100) }
            })
        let rows = summaries.map { $0.market(.v2)! }  // every hour has a row
        // Nothing is known of the two: by number the gates hold 6 of 8 until a day has passed.
        #expect(rows[0].completeness.gateCoverage == 0.75 && rows[23].completeness.gateCoverage == 0.75)
        #expect(rows[24].completeness.gateCoverage == 1)
        #expect(rows.allSatisfy { $0.exchangesCount == 6 && $0.completeness.expectedExchanges == 8 && $0.completeness.unknownExchanges == 2 })
        #expect(rows.last?.status == .ok && rows.last?.totalVolumeUSD == 600)
        #expect(rows[29].completeness.volumeChangePercent24h == 0 && rows[29].completeness.comparedExchanges == 6)
    }

    @Test("open interest of fewer contracts is a hole: the whole one stands in")
    func partialOpenInterest() {
        func binance(_ openInterest: Double?) -> ExchangeFacts {
            var venue = Self.venue(.binance, 600, openInterest: openInterest)
            var other = venue.tickers[0]
            other.symbol = "ETHUSDT"
            other.asset = "ETH"
            other.openInterestUSD = 70
            venue.tickers.append(other)
            return venue
        }
        let others = [Self.venue(.okx, 200), Self.venue(.gate, 100)]
        let rows = Self.summaries(Array(repeating: [binance(50)] + others, count: 3) + [[binance(nil)] + others])
        let last = rows[3].market(.v2)!  // every hour has a row
        #expect(rows[3].exchanges[0].isOpenInterestWhole == false && rows[3].exchanges[0].openInterestUSD == 70)
        #expect(last.totalOpenInterestUSD == 220 && last.completeness.reportedOpenInterestUSD == 170 && last.completeness.carriedOpenInterestUSD == 120)
        #expect(last.totalVolumeUSD == 1500 && last.completeness.exchangesMissingVolume == 0 && last.completeness.exchangesMissingOpenInterest == 1)
    }

    /// What may be gone of half of an exchange's contracts, or of all open interest.
    static let halves: [(String, @Sendable (inout ExchangeFacts) -> Void)] = [
        ("every second ticker", { venue in venue.tickers = venue.tickers.enumerated().filter { $0.0 % 2 == 0 }.map(\.1) }),
        (
            "every second volume",
            { venue in
                for index in venue.tickers.indices where index % 2 == 1 { venue.tickers[index].volumeUSD24h = nil }
            }
        ),
        (
            "every second open interest",
            { venue in
                for index in venue.tickers.indices where index % 2 == 1 { venue.tickers[index].openInterestUSD = nil }
            }
        ),
        (
            "the class of every second",
            { venue in
                for index in venue.tickers.indices where index % 2 == 1 { venue.tickers[index].assetClass = .other }
            }
        ),
        (
            "open interest, which is 0",
            { venue in
                for index in venue.tickers.indices { venue.tickers[index].openInterestUSD = 0 }
            }
        ),
    ]

    @Test("half of an exchange's contracts are a hole, whatever is left of their fields", arguments: halves.indices)
    func halfOfTheContracts(place: Int) throws {
        var binance = Self.venue(.binance, 0)
        let ticker = binance.tickers[0]
        binance.tickers = Self.others(10...49, like: ticker, volume: 10, openInterest: 5)
        let whole = [binance, Self.venue(.okx, 500, openInterest: 300), Self.venue(.gate, 100, openInterest: 150)]
        var hit = whole
        Self.halves[place].1(&hit[0])
        let summaries = Self.summaries(Array(repeating: whole, count: 30) + [hit, hit, whole])
        for index in 30...31 {
            let row = summaries[index].exchanges[0]
            let market = try #require(summaries[index].market(.v2))
            #expect(row.status == .partial && !Self.isWhole(index, of: summaries) && row.reason?.contains("40 before") == true)
            #expect(market.totalOpenInterestUSD == 650 && market.completeness.openInterestChangePercent24h == 0)
            #expect(market.totalVolumeUSD == 1000 && market.completeness.volumeChangePercent24h == 0)
            #expect(market.completeness.exchangesMissingOpenInterest == (row.isOpenInterestWhole ? 0 : 1))
            #expect(market.completeness.exchangesMissingVolume == (row.isVolumeWhole ? 0 : 1))
        }
        #expect(Self.isWhole(32, of: summaries) && summaries[32].market(.v2)?.completeness.exchangesMissingOpenInterest == 0)
    }

    /// Binance with twenty contracts, of which BTC is most.
    private static func withLeader() -> ExchangeFacts {
        var binance = venue(.binance, 600, openInterest: 300)
        let ticker = binance.tickers[0]
        binance.tickers += Self.others(11...29, like: ticker, volume: 10, openInterest: 5)
        return binance
    }

    @Test("a large contract that is gone is a hole, and one that trades no more is none", arguments: [false, true])
    func leader(isDelisted: Bool) {
        var hit = Self.withLeader()
        hit.tickers.removeFirst()
        if isDelisted { hit.notTrading = ["BTCUSDT"] }
        let summaries = Self.summaries([[Self.withLeader()], [hit]])
        let row = summaries[1].exchanges[0]
        #expect(Self.isWhole(1, of: summaries) == isDelisted)
        #expect(row.reason == (isDelisted ? nil : "volume_usd_24h: without BTCUSDT; open_interest_usd: without BTCUSDT"))
        #expect(isDelisted || row.volumeUSDForShares == 790)
    }

    @Test("days without any run do not make a part the measure, nor do hours whose contracts were not counted")
    func behindGap() {
        var half = Self.withLeader()
        half.tickers.removeLast(10)
        var history = History()
        var first = HourSummarizer.summarize(
            HourInput(hour: Self.first, exchanges: [Self.withLeader()], history: history))
        history.append(first)
        let later = HourInput(hour: Self.first.advanced(by: 60), exchanges: [half], history: history)
        #expect(HourSummarizer.summarize(later).exchanges[0].isVolumeWhole == false)
        // As rows of before are: of an unknown number of contracts.
        (first.exchanges[0].volumeMarkets, first.exchanges[0].openInterestMarkets) = (0, 0)
        var uncounted = History()
        uncounted.append(first)
        let next = HourInput(hour: Self.first.next, exchanges: [half], history: uncounted)
        #expect(HourSummarizer.summarize(next).exchanges[0].isVolumeWhole)
        half.tickers.removeFirst()
        let small = HourInput(hour: Self.first.next, exchanges: [half], history: uncounted)
        #expect(HourSummarizer.summarize(small).exchanges[0].isVolumeWhole == false)
    }

    @Test("one contract that is delisted is no hole, and fewer of them are the new measure after a day")
    func delisted() {
        var okx = Self.venue(.okx, 200, openInterest: 100)
        let ticker = okx.tickers[0]
        okx.tickers += Self.others(1...3, like: ticker, volume: 4, openInterest: 2)
        var (three, one) = (okx, okx)
        three.tickers.removeLast()
        one.tickers.removeLast(3)
        let hours = [[okx], [three]] + Array(repeating: [one], count: 26)
        let summaries = Self.summaries(hours)
        let rows = summaries.map { $0.exchanges[0] }
        #expect(Self.isWhole(1, of: summaries) && !Self.isWhole(2, of: summaries) && !rows[24].isVolumeWhole)
        #expect(rows[26].isVolumeWhole && rows[26].isOpenInterestWhole && rows[26].status == .ok)
    }

    @Test("open interest is kept where no volume is known, and an exchange without a known class is none that is there")
    func withoutVolume() {
        var okx = Self.venue(.okx, 1, openInterest: 5e9)
        okx.tickers[0].volumeUSD24h = nil
        let ticker = okx.tickers[0]
        okx.tickers += (1...4).map { number in
            var ticker = ticker
            (ticker.symbol, ticker.asset, ticker.openInterestUSD) = ("A\(number)USDT", "A\(number)", nil)
            return ticker
        }
        var unclassed = Self.venue(.gate, 100)
        unclassed.tickers[0].assetClass = .other
        let summary = Self.summaries([[okx, unclassed, Self.venue(.binance, 600)]])[0]
        #expect(summary.exchanges.first { $0.exchange == .okx }?.openInterestUSD == 5e9)
        #expect(summary.market(.v2)?.completeness.unknownExchanges == 2)
        #expect(isClose(summary.market(.v2)?.completeness.gateCoverage, 1.0 / 3))
    }

    @Test("a field that nearly all tickers had and none has makes the hour partial")
    func emptyField() {
        var renamed = Self.market(600)
        for index in renamed.indices { renamed[index].tickers[0].priceChange24h = nil }
        let rows = Self.summaries([Self.market(600), renamed])
        #expect(rows[1].exchanges.allSatisfy { $0.status == .partial })
        #expect(rows[1].exchanges[0].reason == "price_change_24h: empty in all 1 tickers")
    }

    @Test("shares are in no total of the market, and have their own")
    func classes() {
        var venue = Self.venue(.okx, 200)
        var share = venue.tickers[0]
        share.symbol = "ON-USDT"
        share.asset = "stock:ON"
        share.assetClass = .stock
        share.volumeUSD24h = 5000
        venue.tickers.append(share)
        let summary = Self.summaries([[venue, Self.venue(.gate, 100), Self.venue(.bybit, 100)]])[0]
        #expect(summary.market(.v2)?.totalVolumeUSD == 400)
        #expect(summary.exchanges[0].markets == 1 && summary.exchanges[0].otherMarkets == 1)
        #expect(
            summary.classes.filter { $0.exchange == .okx } == [
                ClassSummary(exchange: .okx, assetClass: .crypto, markets: 1, volumeUSD: 200, openInterestUSD: 50),
                ClassSummary(exchange: .okx, assetClass: .stock, markets: 1, volumeUSD: 5000, openInterestUSD: 50),
            ])
    }

    @Test("an hour by rules that knew no classes is compared with none by rules that do")
    func olderRules() {
        let older = Self.market(600).map { venue in
            var venue = venue
            venue.knowsClasses = false
            return venue
        }
        let rows = Self.seal(Array(repeating: older, count: 30) + [Self.market(500)])
        #expect(rows[29].completeness.volumeChangePercent24h == 0 && rows[29].openInterestGrowth24h == 0)
        let last = rows[30]
        #expect(last.completeness.volumeChangePercent24h == nil && last.completeness.openInterestChangePercent24h == nil)
        #expect(last.openInterestGrowth24h == nil && last.openInterestGrowth1h == nil)
        #expect(last.coverage == 1 && last.totalVolumeUSD == 900)
    }
}
