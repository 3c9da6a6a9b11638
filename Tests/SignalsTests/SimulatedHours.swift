import PerpCore

@testable import Sealing
@testable import Signals

/// Small hours of a few venues, the same for the same seed.
enum SimulatedHours {
    static let first = Hour("2026-01-01T00")!  // a literal
    static let exchanges: [Exchange] = [.binance, .okx, .bybit, .hyperliquid, .aster]
    static let assets = ["BTC", "ETH", "SOL", "DOGE"]

    static func hour(_ offset: Int) -> Hour { first.advanced(by: offset) }

    /// What the venues said in the hour `offset`; prices and open interest grow from hour to hour.
    static func venues(_ offset: Int) -> [ExchangeFacts] {
        exchanges.map { venue($0, offset) }
    }

    private static func venue(_ exchange: Exchange, _ offset: Int) -> ExchangeFacts {
        var random = SplitMix64(seed: UInt64(offset * 100 + exchange.position))
        let hasRatios = exchange.custody == .centralized
        return ExchangeFacts(
            exchange: exchange, status: .ok,
            tickers: assets.sorted().map { ticker($0, exchange, offset, &random) },
            longShortRatios: hasRatios ? ["BTC", "ETH"].map { ratio($0, offset, &random) } : [],
            spotTickers: [spot(offset)],
            liquidations: hasRatios
                ? LiquidationWindow(
                    coverageClass: exchange == .okx ? .sampled : .complete, longUSD: random.number(0...20e6),
                    shortUSD: random.number(0...20e6), count: 10)
                : .unknown)
    }

    private static func ticker(
        _ asset: String, _ exchange: Exchange, _ offset: Int, _ random: inout SplitMix64
    ) -> Ticker {
        var ticker = Ticker(
            symbol: "\(asset)-USDT", asset: asset, kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: hour(offset).startTime)
        let price = 100 * (1 + 0.001 * Double(offset))
        ticker.markPrice = price * random.number(0.999...1.001)
        ticker.lastPrice = ticker.markPrice
        ticker.volumeUSD24h = random.number(1e9...5e9)
        ticker.openInterestUSD = exchange == .aster ? nil : 1e9 * (1 + 0.002 * Double(offset))
        ticker.fundingRate = random.number(-0.0001...0.0004)
        ticker.fundingIntervalHours = exchange == .hyperliquid ? 1 : 8
        ticker.priceChange24h = random.number(-0.02...0.06)
        return ticker
    }

    private static func ratio(_ asset: String, _ offset: Int, _ random: inout SplitMix64) -> LongShortRatio {
        let long = random.number(0.5...0.7)
        return LongShortRatio(
            symbol: "\(asset)-USDT", asset: asset, population: .accounts, period: "1h",
            ratio: long / (1 - long), longFraction: long, shortFraction: 1 - long,
            observedAt: hour(offset).startTime)
    }

    private static func spot(_ offset: Int) -> SpotTicker {
        SpotTicker(
            symbol: "BTCUSDT", asset: "BTC", quote: "USDT", lastPrice: 100 * (1 + 0.001 * Double(offset)),
            observedAt: hour(offset).startTime)
    }

    /// Seals the hours from the first on, as a bulk pass does.
    static func seal(_ count: Int) -> (last: HourSummary, history: History) {
        var history = History()
        var last: HourSummary?
        for offset in 0..<count {
            if let last { history.append(last) }
            last = HourSummarizer.summarize(
                HourInput(hour: hour(offset), exchanges: venues(offset), history: history))
        }
        return (last!, history)  // count is at least 1
    }
}
