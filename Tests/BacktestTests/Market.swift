import PerpCore
import Sealing
import Warehouse

/// A small market whose hours make the breakout strategy begin an episode every twelve hours, with prices that move and
/// funding that settles.
enum Market {
    static let start = Hour("2025-10-23T00")!  // a valid hour
    /// The hours that are tested, three days; thirty quiet ones stand before them, for which alerts wait.
    static let span = start...start.advanced(by: 71)

    /// A warehouse with all hours at a path.
    static func warehouse(_ path: String) throws -> Warehouse {
        let warehouse = try Warehouse(path: path)
        for number in -30...71 {
            for staged in staged(start.advanced(by: number), isQuiet: number < 0 || !(2...3).contains(number % 12)) {
                _ = try warehouse.load(
                    staged,
                    from: LoadedFile(
                        path: "staged/\(staged.hour.path)/\(staged.exchange.id).ndjson.gz",
                        stagedSHA256: "\(staged.exchange.id) \(staged.hour)", loadedAt: staged.hour.end))
            }
        }
        try warehouse.seal()
        return warehouse
    }

    /// Quote units per coin: a wave of a day with a small drift, so that a day changes little.
    static func price(_ hour: Hour) -> Double {
        let number = start.distance(to: hour) + 48
        return 100 * (1 + 0.0001 * Double(number) + 0.001 * Double((7 * number) % 24 - 12))
    }

    private static func staged(_ hour: Hour, isQuiet: Bool) -> [StagedHour] {
        let number = start.distance(to: hour)
        let openInterest = isQuiet ? 5e8 * (1 + 0.0005 * Double(number)) : 1e7
        return [Exchange.binance, .okx, .bybit, .gate].map { exchange in
            let source = Source(
                rawSHA256: "raw", transformVersion: 2, responses: 1, responsesOK: 1,
                endpoints: [("tickers", .init(ok: 1, rows: 2))], liquidations: .none,
                observedFrom: hour.startTime, observedTo: hour.startTime.advanced(byMilliseconds: 90_000))
            var staged = StagedHour(exchange: exchange, hour: hour, source: source)
            staged.tickers = ["BTC", "ETH"].map { ticker($0, hour, openInterest: openInterest) }
            if number % 8 == 0 {
                staged.fundingSettlements = ["BTC", "ETH"].map { asset in
                    FundingSettlement(
                        symbol: asset + "USDT", asset: asset, settledAt: hour.startTime, fundingRate: 0.0001,
                        fundingIntervalHours: 8)
                }
            }
            return staged
        }
    }

    private static func ticker(_ asset: String, _ hour: Hour, openInterest: Double) -> Ticker {
        var ticker = Ticker(
            symbol: asset + "USDT", asset: asset, kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: hour.startTime.advanced(byMilliseconds: 60_000))
        let price = price(hour)
        ticker.lastPrice = price
        ticker.markPrice = price
        ticker.bidPrice = price - 0.01
        ticker.askPrice = price + 0.01
        ticker.volumeUSD24h = 1e9
        ticker.openInterestUSD = openInterest
        ticker.fundingRate = 0.00012
        ticker.fundingIntervalHours = 8
        ticker.nextFundingAt = hour.advanced(by: 8 - start.distance(to: hour.advanced(by: 80)) % 8).startTime
        ticker.priceChange24h = 0.01
        return ticker
    }
}
