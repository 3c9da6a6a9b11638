import Foundation
import PerpCore
import Sealing

@testable import Warehouse

/// Staged hours and a summariser that are small enough to follow by hand.
enum Samples {
    static let start = Hour("2025-10-23T00")!  // a valid hour

    static func hour(_ number: Int) -> Hour { start.advanced(by: number) }

    /// A new folder of its own; the test removes it.
    static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    static func instrument(
        _ symbol: String, status: InstrumentStatus = .trading, interval: Double? = 8
    ) -> Instrument {
        Instrument(
            symbol: symbol, asset: asset(symbol), base: asset(symbol), quote: "USDT", settle: "USDT",
            kind: .linear,
            contract: .perpetual, status: status, contractMultiplier: 1, unitMultiplier: 1,
            fundingIntervalHours: interval)
    }

    static func ticker(_ symbol: String, price: Double, volume: Double = 1e9, hour: Hour) -> Ticker {
        var ticker = Ticker(
            symbol: symbol, asset: asset(symbol), kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: hour.startTime.advanced(byMilliseconds: 120_000))
        ticker.lastPrice = price
        ticker.markPrice = price
        ticker.volumeUSD24h = volume
        ticker.openInterestUSD = volume / 3
        ticker.fundingRate = 0.0001
        ticker.fundingIntervalHours = 8
        return ticker
    }

    static func liquidation(
        _ symbol: String, at time: Timestamp, side: LiquidationSide = .long, value: Double = 1000,
        id: String? = nil
    ) -> Liquidation {
        Liquidation(
            symbol: symbol, asset: asset(symbol), side: side, price: 100, quantityBase: value / 100,
            valueUSD: value, occurredAt: time, id: id)
    }

    static func staged(
        _ exchange: Exchange, _ hour: Hour, symbols: [String] = ["BTCUSDT", "ETHUSDT"], price: Double = 100,
        liquidations: [Liquidation] = []
    ) -> StagedHour {
        let source = Source(
            rawSHA256: "raw-\(exchange.id)-\(hour)-\(price)", transformVersion: 1, responses: 2,
            responsesOK: 2,
            endpoints: [("tickers", .init(ok: 1, rows: symbols.count)), ("instruments", .init(ok: 1))],
            liquidations: .sampled, observedFrom: hour.startTime, observedTo: hour.startTime)
        var staged = StagedHour(exchange: exchange, hour: hour, source: source)
        staged.instruments = symbols.map { instrument($0) }
        staged.tickers = symbols.enumerated().map { ticker($1, price: price + Double($0), hour: hour) }
        staged.liquidations = liquidations
        staged.longShortRatios = [
            LongShortRatio(
                symbol: "BTCUSDT", asset: "BTC", population: .accounts, period: "1h", ratio: 1.5,
                longFraction: 0.6,
                shortFraction: 0.4, observedAt: hour.startTime)
        ]
        staged.spotTickers = [
            SpotTicker(
                symbol: "BTCUSDT", asset: "BTC", quote: "USDT", lastPrice: price, observedAt: hour.startTime)
        ]
        staged.fundingSettlements = [
            FundingSettlement(
                symbol: "BTCUSDT", asset: "BTC",
                settledAt: Hour(containing: hour.start / 28_800 * 28_800).startTime, fundingRate: 0.0001,
                fundingIntervalHours: 8)
        ]
        staged.rejections = [
            Rejection(
                endpoint: "tickers", row: 7, symbol: "O'; DROP TABLE ticker", field: "p", reason: "missing")
        ]
        return staged
    }

    static func file(_ staged: StagedHour, version: String = "") -> LoadedFile {
        LoadedFile(
            path: "staged/\(staged.hour.path)/\(staged.exchange.id).ndjson.gz",
            stagedSHA256: "staged-\(staged.hashValue)-\(version)",
            loadedAt: Timestamp(milliseconds: 1_761_200_000_000))
    }

    private static func asset(_ symbol: String) -> String {
        symbol.hasSuffix("USDT") ? String(symbol.dropLast(4)) : symbol
    }

    /// Sums volumes, and looks back on the hour before, on the hours of a week and on a day ago.
    static func summarize(_ input: HourInput) -> HourSummary {
        let guarded = FieldGuards.apply(to: input.exchanges)
        let snapshot = OpenInterestSnapshot(hour: input.hour, exchanges: guarded)
        let exchanges = input.exchanges.sorted { $0.exchange < $1.exchange }.map { venue in
            ExchangeSummary(
                hour: input.hour, exchange: venue.exchange,
                status: venue.tickers.isEmpty ? .failed : venue.status,
                reason: venue.reason, volumeUSD: venue.tickers.compactMap(\.volumeUSD24h).reduce(0, +),
                openInterestUSD: nil, markets: venue.tickers.count - venue.notTrading.count)
        }
        let count = exchanges.filter { $0.status != .failed }.count
        let trailing = input.history.trailing(History.usualHours, before: input.hour)
        let past = trailing.flatMap { $0.exchanges.compactMap(\.volumeUSD) }.reduce(0, +)
        let then = input.history.snapshot(dayBefore: input.hour)?.totalOpenInterestUSD
        let last = input.history.snapshot(at: input.hour.previous)?.totalOpenInterestUSD
        let status: MarketStatus = count >= 2 ? .ok : .insufficient
        let markets = SentimentModel.allCases.map { model in
            MarketSummary(
                hour: input.hour, model: model, status: status, compositeScore: count >= 2 ? 0.1 : nil,
                sentiment: count >= 2 ? .neutral : nil, strength: count >= 2 ? .neutral : nil,
                totalVolumeUSD: exchanges.compactMap(\.volumeUSD).reduce(0, +),
                totalOpenInterestUSD: snapshot.totalOpenInterestUSD,
                openInterestToVolume: past, openInterestGrowth24h: then, openInterestGrowth1h: last, exchangesCount: count, coverage: 1,
                flags: count >= 2 ? [.coldStart, .noDispersion] : [])
        }
        let liquidations = input.exchanges.filter { $0.liquidations.coverageClass != .none }.map { venue in
            let window = venue.liquidations
            return LiquidationSummary(
                hour: input.hour, exchange: venue.exchange, coverageClass: window.coverageClass, longUSD: window.longUSD,
                shortUSD: window.shortUSD, totalUSD: window.longUSD + window.shortUSD, count: window.count,
                openInterestShare: nil, seedCascadeScore: 0.2, cascadeScore: nil)
        }
        let total = liquidations.map(\.totalUSD).reduce(0, +)
        let markets24 = MarketLiquidation(
            hour: input.hour, windowHours: 1, longUSD: total, shortUSD: 0, totalUSD: total, count: nil,
            volumeUSD: nil, openInterestUSD: nil, volumeShare: nil, openInterestShare: nil, imbalance: 0, coverage: nil,
            reportingExchanges: liquidations.count, seedScore: 0, score: 0.1, level: .low, flags: [.floor])
        let scores = SentimentModel.allCases.flatMap { model in
            SentimentFactor.allCases.map {
                ModelScore(hour: input.hour, model: model, factor: $0, score: 0.5, quality: 1, weight: 0.1)
            }
        }
        return HourSummary(
            hour: input.hour, exchanges: exchanges, markets: markets, scores: status == .ok ? scores : [],
            liquidations: liquidations, marketLiquidations: [markets24], openInterest: snapshot,
            findings: guarded.flatMap(\.findings),
            classes: exchanges.map {
                ClassSummary(
                    exchange: $0.exchange, assetClass: .crypto, markets: $0.markets, volumeUSD: $0.volumeUSD, openInterestUSD: nil)
            })
    }
}
