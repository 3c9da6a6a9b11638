import PerpCore
import Sealing
@testable import Signals
import Testing
import Warehouse

@testable import alert

/// Ten days of four exchanges on which nothing ever changes; Kraken Futures begins in the middle.
private struct FlatMarket {
    static let start = Hour("2025-10-23T00")!  // a valid hour
    static let old = [Exchange.binance, .okx, .bybit, .gate]
    /// More than a week after the start: then everything has something that is usual of it.
    static let begin = start.advanced(by: 180)
    static let end = start.advanced(by: 206)

    /// What the new exchange is like; `nil` leaves it away.
    var newcomer: Figures?
    /// Dollars per market of the old exchanges in the last hour before the newcomer and from then on.
    var lateVolume = 1e9

    struct Figures {
        var volume = 1e9
        var openInterest = 0.6e9
        var fundingRate = 0.0001
        var longFraction = 0.6
        var liquidated = 1e6
    }

    func warehouse() throws -> Warehouse {
        let warehouse = try Warehouse()
        for number in 0...Self.start.distance(to: Self.end) {
            let hour = Self.start.advanced(by: number)
            for exchange in Self.old {
                let volume = hour < Self.begin.previous ? 1e9 : lateVolume
                try load(exchange, Figures(volume: volume), at: hour, into: warehouse)
            }
            if let newcomer, hour >= Self.begin { try load(.krakenFutures, newcomer, at: hour, into: warehouse) }
        }
        try warehouse.seal()
        return warehouse
    }

    private func load(_ exchange: Exchange, _ figures: Figures, at hour: Hour, into warehouse: Warehouse) throws {
        let tellsLiquidations = exchange == .gate || exchange == .krakenFutures
        let source = Source(
            rawSHA256: "raw", transformVersion: transformVersion, responses: 1, responsesOK: 1,
            endpoints: [("tickers", .init(ok: 1, rows: 2))], liquidations: tellsLiquidations ? .complete : .none,
            observedFrom: hour.startTime, observedTo: hour.startTime)
        var staged = StagedHour(exchange: exchange, hour: hour, source: source)
        for asset in ["BTC", "ETH"] {
            var ticker = Ticker(
                symbol: asset + "USDT", asset: asset, assetClass: .crypto, kind: .linear, contract: .perpetual,
                quote: "USDT", observedAt: hour.startTime.advanced(byMilliseconds: 60_000))
            ticker.lastPrice = 100
            ticker.markPrice = 100
            ticker.volumeUSD24h = figures.volume
            ticker.openInterestUSD = figures.openInterest
            ticker.fundingRate = figures.fundingRate
            ticker.fundingIntervalHours = 8
            ticker.priceChange24h = 0.01
            staged.tickers.append(ticker)
            staged.longShortRatios.append(
                LongShortRatio(
                    symbol: asset + "USDT", asset: asset, population: .accounts, period: "1h", ratio: nil,
                    longFraction: figures.longFraction, shortFraction: 1 - figures.longFraction,
                    observedAt: hour.startTime))
        }
        if tellsLiquidations {
            staged.liquidations = [
                Liquidation(
                    symbol: "BTCUSDT", asset: "BTC", side: .long, price: 100, quantityBase: figures.liquidated / 100,
                    valueUSD: figures.liquidated, occurredAt: hour.startTime.advanced(byMilliseconds: -1_800_000))
            ]
        }
        _ = try warehouse.load(
            staged,
            from: LoadedFile(
                path: "staged/\(hour.path)/\(exchange.id).ndjson.gz", stagedSHA256: "\(exchange.id) \(hour)",
                loadedAt: hour.end))
    }
}

@Suite("An exchange that begins in the middle of the history")
struct NewExchangeTests {
    private let begin = FlatMarket.begin
    /// The hour in which it begins, those behind it, and a day later: then it has a day before.
    private let hours = [0, 1, 4, 23, 24, 25].map { FlatMarket.begin.advanced(by: $0) }

    /// The market of v2 at an hour.
    private func market(_ warehouse: Warehouse, _ hour: Hour) throws -> MarketSummary {
        try #require(try SealedHours(warehouse).hour(hour).summary.market(.v2))
    }

    private func run(_ warehouse: Warehouse) -> AlertRun {
        AlertRun(warehouse: warehouse, rules: AlertRules(), model: .v2)
    }

    @Test("totals are larger by it, and no change is: growth, change of a day, sentiment")
    func changes() throws {
        let alone = try FlatMarket().warehouse()
        let joined = try FlatMarket(newcomer: .init(volume: 3e9, openInterest: 1.8e9)).warehouse()
        for hour in hours {
            let (without, with) = (try market(alone, hour), try market(joined, hour))
            // Four exchanges with two markets each; the new one is as large as three of them.
            #expect(without.totalVolumeUSD == 8e9 && with.totalVolumeUSD == 14e9)
            #expect(without.totalOpenInterestUSD == 4.8e9 && with.totalOpenInterestUSD == 8.4e9)
            for row in [without, with] {
                #expect(row.openInterestGrowth1h == 0 && row.openInterestGrowth24h == 0 && row.markChange1h == 0)
                #expect(row.completeness.volumeChangePercent24h == 0)
                #expect(row.completeness.openInterestChangePercent24h == 0)
                #expect(row.completeness.exchangesMissingVolume == 0 && row.completeness.unknownExchanges == 0)
                #expect(row.coverage == 1 && row.completeness.openInterestCoverage == 1)
                #expect(row.flags == without.flags, "\(hour)")
            }
            #expect(with.completeness.expectedExchanges == 5)
            #expect(with.compositeScore.map { abs($0 - (without.compositeScore ?? .nan)) < 1e-9 } == true, "\(hour)")
            #expect(with.quality == without.quality && with.confidence == without.confidence)
        }
        // Before it began, its hours are no gap and no hole.
        let before = try market(joined, begin.previous)
        #expect(before == (try market(alone, begin.previous)))
    }

    @Test("it is not failed before it began, and coverage says since when it is there")
    func since() throws {
        let warehouse = try FlatMarket(newcomer: .init()).warehouse()
        let ledger = CoverageLedger(warehouse)
        let all = FlatMarket.start...FlatMarket.end
        #expect(try ledger.missingHours(in: all).isEmpty)
        let coverage = try ledger.coverage(in: all)
        let new = try #require(coverage.first { $0.exchange == .krakenFutures })
        #expect(new.expectedHours == 27 && new.loadedHours == 27 && new.firstLoaded == begin)
        #expect(coverage.filter { $0.exchange != .krakenFutures }.allSatisfy { $0.firstLoaded == FlatMarket.start })
        // The first hour does not depend on the hours that are looked at.
        let last = try ledger.coverage(in: FlatMarket.end...FlatMarket.end)
        #expect(last.map(\.firstLoaded) == coverage.map(\.firstLoaded))
    }

    @Test("no alert, no other strategy and no anomaly comes from it")
    func alerts() throws {
        let alone = try FlatMarket().warehouse()
        let joined = try FlatMarket(newcomer: .init(volume: 3e9, openInterest: 1.8e9)).warehouse()
        for hour in hours {
            let (without, with) = (
                try run(alone).evaluate(hour, now: hour.end), try run(joined).evaluate(hour, now: hour.end)
            )
            #expect(with.detections.map(\.detection.key) == without.detections.map(\.detection.key), "\(hour)")
            #expect(with.detections.map(\.detection.confidence) == without.detections.map(\.detection.confidence))
            #expect(with.outbox.map(\.key) == without.outbox.map(\.key))
            #expect(try anomalies(joined, hour).allSatisfy { $0.kind == .staleFeed })
        }
    }

    @Test("figures of its own, other than those of the rest, make no anomaly of the market")
    func otherFigures() throws {
        let warehouse = try FlatMarket(newcomer: .init(fundingRate: 0.0002, longFraction: 0.75)).warehouse()
        for hour in hours {
            // Feeds that never change are told as such, and nothing else is.
            #expect(try anomalies(warehouse, hour).allSatisfy { $0.kind == .staleFeed }, "\(hour)")
            // Its accounts wait until they have a past to be compared with.
            let row = try market(warehouse, hour)
            #expect(row.longFraction.map { abs($0 - 0.6) < 1e-12 } == true && row.longShortSeries == 8)
            #expect(!row.flags.contains(.noLongShortBaseline))
        }
    }

    @Test("a market quieter than usual stays so: the usual volume counts the new exchange as well")
    func usualVolume() throws {
        // 8 billion were usual, and 7.2 are traded; with the new exchange 13.2 of 14.
        let warehouse = try FlatMarket(newcomer: .init(volume: 3e9), lateVolume: 0.9e9).warehouse()
        for hour in hours {
            let context = MarketContext(try SealedHours(warehouse).hour(hour))
            #expect(context.volumeUSD.map { abs($0 - 13.2e9) < 1 } == true)
            #expect(context.usualVolumeUSD.map { abs($0 - 14e9) < 1 } == true, "\(hour)")
        }
        let before = MarketContext(try SealedHours(warehouse).hour(begin.previous))
        #expect(before.usualVolumeUSD == 8e9)
        // A day before, the four traded 8 billion; and 7.2 since: like with like.
        let change = try market(warehouse, begin).completeness.volumeChangePercent24h
        #expect(change.map { abs($0 + 10) < 1e-9 } == true)
    }

    @Test("liquidations that never change are no larger share of open interest, and no cascade of an hour")
    func cascade() throws {
        let alone = try FlatMarket().warehouse()
        // As much of its open interest is closed by force each hour as on Gate.io.
        let joined = try FlatMarket(newcomer: .init()).warehouse()
        for hour in hours {
            for window in MarketLiquidation.windows {
                func row(_ warehouse: Warehouse) throws -> MarketLiquidation {
                    try #require(try SealedHours(warehouse).hour(hour).summary.marketLiquidation(windowHours: window))
                }
                let (without, with) = (try row(alone), try row(joined))
                #expect(with.openInterestShare.map { $0 <= (without.openInterestShare ?? 0) * 1.0001 } == true)
                // Longer windows weigh dollars of more exchanges, and lose what was usual with a smaller coverage.
                if window == 1 { #expect(with.level == .low && without.level == .low) }
            }
        }
        let events = try SealedHours(joined).hour(begin).summary.liquidations
        #expect(Set(events.map(\.exchange)) == [.gate, .krakenFutures])
    }

    private func anomalies(_ warehouse: Warehouse, _ hour: Hour) throws -> [Anomaly] {
        let sealed = try SealedHours(warehouse).hour(hour)
        return Anomalies(sealed.input, summary: sealed.summary).find()
    }
}
