import PerpCore
import Sealing
@testable import Signals
import Warehouse

/// A small market in memory whose hours make the breakout strategy fire, or nothing.
enum Market {
    static let start = Hour("2025-10-23T00")!  // a valid hour

    /// Four venues in a narrow range with much open interest, which grows a little every hour: breakout, bullish.
    static func quiet(_ hour: Hour) -> [StagedHour] {
        staged(hour, change: 0.01, openInterest: 5e8 * (1 + 0.0005 * Double(start.distance(to: hour))))
    }

    /// Little open interest: nothing fires.
    static func thin(_ hour: Hour) -> [StagedHour] { staged(hour, change: 0.01, openInterest: 1e7) }

    /// A warehouse with the hours, and with the thirty quiet ones before them that alerts wait for.
    static func warehouse(_ hours: [[StagedHour]], path: String? = nil) throws -> Warehouse {
        try cold((1...30).reversed().map { quiet(hours[0][0].hour.advanced(by: -$0)) } + hours, path: path)
    }

    /// A warehouse with these hours and no others, in memory or at a path.
    static func cold(_ hours: [[StagedHour]], path: String? = nil) throws -> Warehouse {
        let warehouse = try path.map { try Warehouse(path: $0) } ?? Warehouse()
        for staged in hours.joined() {
            _ = try warehouse.load(
                staged,
                from: LoadedFile(
                    path: "staged/\(staged.hour.path)/\(staged.exchange.id).ndjson.gz",
                    stagedSHA256: "\(staged.exchange.id) \(staged.hour)", loadedAt: staged.hour.end))
        }
        try warehouse.seal()
        return warehouse
    }

    private static func staged(_ hour: Hour, change: Double, openInterest: Double) -> [StagedHour] {
        [Exchange.binance, .okx, .bybit, .gate].map { exchange in
            let source = Source(
                rawSHA256: "raw", transformVersion: 2, responses: 1, responsesOK: 1,
                endpoints: [("tickers", .init(ok: 1, rows: 2))], liquidations: .none,
                observedFrom: hour.startTime, observedTo: hour.startTime)
            var staged = StagedHour(exchange: exchange, hour: hour, source: source)
            staged.tickers = ["BTC", "ETH"].map { asset in
                var ticker = Ticker(
                    symbol: asset + "USDT", asset: asset, kind: .linear, contract: .perpetual, quote: "USDT",
                    observedAt: hour.startTime.advanced(byMilliseconds: 60_000))
                ticker.lastPrice = 100
                ticker.markPrice = 100
                ticker.volumeUSD24h = 1e9
                ticker.openInterestUSD = openInterest
                ticker.fundingRate = 0.00012
                ticker.fundingIntervalHours = 8
                ticker.priceChange24h = change
                return ticker
            }
            return staged
        }
    }
}
