import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("The exchange row")
struct ExchangeMeasuresTests {
    static let hour = Hour("2026-01-01T15")!  // a literal

    /// The worked example: AAA moved far, ZZZ is mispriced, SOL has no open interest, one is dated.
    static let tickers = [
        ticker("AAA", "AAA", volume: 100e6, openInterest: 40e6, rate: 0.0003, change: 0.80),
        ticker("BTC", "BTC", volume: 6e9, openInterest: 3e9, rate: 0.0001, change: 0.020),
        ticker("BTC-DEC", "BTC", volume: 500e6, openInterest: nil, rate: nil, change: nil, term: .dated),
        ticker("ETH", "ETH", volume: 3e9, openInterest: 1.5e9, rate: 0.00012, change: 0.031),
        ticker("SOL", "SOL", volume: 800e6, openInterest: nil, rate: 0.0002, change: 0.045),
        ticker("ZZZ", "ZZZ", volume: 50e6, openInterest: 20e6, rate: nil, change: 12.0),
    ]

    @Test("the worked example of one venue")
    func worked() {
        let row = HourSummarizer.summarize(Self.input(Self.tickers)).exchanges[0]
        #expect(row.volumeUSD == 9_950_000_000)
        #expect(row.openInterestUSD == 4_560_000_000)
        #expect(row.matchedVolumeUSD == 9_150_000_000)
        #expect(isClose(row.openInterestCoverage, 0.919597989950))
        #expect(isClose(row.openInterestToVolume, 0.498360655738))
        #expect(row.fundingBasis == .openInterest)
        #expect(row.fundingWeightUSD == 4_540_000_000)
        #expect(isClose(row.fundingPercent8h, 0.0108370044053))
        #expect(isClose(row.fundingCoverage, 0.914572864322))
        #expect(isClose(row.priceChangePercent, 2.63636363636))
        #expect(isClose(row.priceCoverage, 0.994974874372))
        #expect(row.markets == 5)
        #expect(row.otherMarkets == 1)
        #expect(row.seedFundingPercent == 0.01)
        #expect(row.seedPriceChangePercent == 2)
    }

    @Test("a change of more than 1 000 % is set aside with its reason")
    func finding() {
        let findings = HourSummarizer.summarize(Self.input(Self.tickers)).findings
        #expect(
            findings == [
                FieldFinding(exchange: .okx, symbol: "ZZZ", field: "price_change_24h", reason: .outOfRange)
            ])
    }

    @Test("without the guard the mispriced contract would carry the mean away")
    func clamped() {
        let changes: [PriceChange.Change] = [
            (change: 0.02, volume: 9),
            (change: 0.80, volume: 1),
        ]
        #expect(isClose(PriceChange.robustMean(changes), (9 * 0.02 + 0.12) / 10))
    }

    @Test("a suspended perpetual counts as another market")
    func suspended() {
        var input = Self.input(Self.tickers)
        input.exchanges[0].notTrading = ["SOL"]
        let row = HourSummarizer.summarize(input).exchanges[0]
        #expect(row.markets == 4)
        #expect(row.otherMarkets == 2)
        #expect(row.volumeUSD == 9_150_000_000)
    }

    @Test("a market that somebody else runs on the exchange is in no total, and stands for no coin")
    func builderMarket() {
        var tickers = Self.tickers
        tickers[1].isCore = false
        let summary = HourSummarizer.summarize(Self.input(tickers))
        #expect(summary.exchanges[0].volumeUSD == 3_950_000_000)
        #expect(summary.exchanges[0].openInterestUSD == 1_560_000_000)
        #expect(summary.exchanges[0].markets == 4)
        #expect(summary.exchanges[0].seedFundingPercent == nil)
    }

    @Test("funding is weighted by volume when open interest covers less than half of it")
    func volumeBasis() {
        let row = HourSummarizer.summarize(
            Self.input([
                Self.ticker("A", "A", volume: 40, openInterest: 10, rate: 0.0001, change: nil),
                Self.ticker("B", "B", volume: 60, openInterest: nil, rate: 0.0002, change: nil),
            ])
        ).exchanges[0]
        #expect(row.fundingBasis == .volume)
        #expect(row.fundingWeightUSD == 100)
        #expect(isClose(row.fundingPercent8h, 0.016))
    }

    @Test("a venue without tickers failed, and all its measures are unknown")
    func failed() {
        let venue = ExchangeFacts(exchange: .bybit, status: .failed, reason: "tickers: HTTP 500")
        let row = HourSummarizer.summarize(
            HourInput(hour: Self.hour, exchanges: [venue], history: History())
        ).exchanges[0]
        #expect(
            row
                == ExchangeSummary(
                    hour: Self.hour, exchange: .bybit, status: .failed, reason: "tickers: HTTP 500",
                    absentSince: Self.hour))
    }

    @Test("more than a billion of open interest that the volume cannot explain is an error of units")
    func implausible() {
        let tickers = [
            Self.ticker("A", "A", volume: 1e8, openInterest: 2.1e9, rate: nil, change: nil),
            Self.ticker("B", "B", volume: 1e8, openInterest: 2.0e9, rate: nil, change: nil),
            Self.ticker("C", "C", volume: nil, openInterest: 1.1e9, rate: nil, change: nil),
        ]
        let summary = HourSummarizer.summarize(Self.input(tickers))
        #expect(summary.exchanges[0].openInterestUSD == 2.0e9)
        #expect(summary.findings.map(\.symbol) == ["A", "C"])
        #expect(summary.findings.allSatisfy { $0.reason == .implausibleOpenInterest })
    }

    @Test("a price 20 % away from the median of three venues is an outlier and stays in the sums")
    func outlier() {
        func venue(_ exchange: Exchange, mark: Double) -> ExchangeFacts {
            var ticker = Self.ticker("BTC", "BTC", volume: 1e9, openInterest: 1e8, rate: nil, change: nil)
            ticker.markPrice = mark
            return ExchangeFacts(exchange: exchange, status: .ok, tickers: [ticker])
        }
        let venues = [venue(.binance, mark: 100), venue(.okx, mark: 121), venue(.bybit, mark: 100.5)]
        let guarded = FieldGuards.apply(to: venues)
        #expect(guarded.flatMap(\.findings).map(\.exchange) == [.okx])
        #expect(guarded.flatMap(\.instruments).count { $0.isPriceOutlier } == 1)
        #expect(FieldGuards.apply(to: Array(venues.prefix(2))).flatMap(\.findings).isEmpty)
    }

    static func input(_ tickers: [Ticker]) -> HourInput {
        let venue = ExchangeFacts(exchange: .okx, status: .ok, tickers: tickers)
        return HourInput(hour: hour, exchanges: [venue], history: History())
    }

    static func ticker(
        _ symbol: String, _ asset: String, volume: Double?, openInterest: Double?, rate: Double?,
        change: Double?, term: ContractTerm = .perpetual
    ) -> Ticker {
        var ticker = Ticker(
            symbol: symbol, asset: asset, kind: .linear, contract: term, quote: "USDT",
            observedAt: hour.startTime)
        ticker.volumeUSD24h = volume
        ticker.openInterestUSD = openInterest
        ticker.fundingRate = rate
        ticker.fundingIntervalHours = rate == nil ? nil : 8
        ticker.priceChange24h = change
        return ticker
    }
}
