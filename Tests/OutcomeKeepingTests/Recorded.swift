import PerpCore
import Sealing

@testable import Warehouse

/// Recorded hours of BTC on two exchanges, small enough to follow by hand.
enum Recorded {
    static let start = Hour("2026-01-01T00")!  // a literal

    static func hour(_ number: Int) -> Hour { start.advanced(by: number) }

    /// What an exchange says in an hour, two minutes after it began.
    static func staged(
        _ exchange: Exchange, _ number: Int, mark: Double, volume: Double = 1e9, settled: [Int: Double] = [:]
    ) -> StagedHour {
        let hour = hour(number)
        let source = Source(
            rawSHA256: "raw \(exchange.id) \(number) \(mark) \(settled.count)", transformVersion: 2, responses: 1,
            responsesOK: 1, endpoints: [("tickers", .init(ok: 1, rows: 1))], liquidations: .none,
            observedFrom: hour.startTime, observedTo: hour.startTime)
        var staged = StagedHour(exchange: exchange, hour: hour, source: source)
        var ticker = Ticker(
            symbol: "BTCUSDT", asset: "BTC", kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: hour.startTime.advanced(byMilliseconds: 120_000))
        ticker.lastPrice = mark
        ticker.markPrice = mark
        ticker.volumeUSD24h = volume
        // Nothing is paid each 8 h, and that is said: silence would be no rate of zero.
        ticker.fundingRate = 0
        ticker.fundingIntervalHours = 8
        ticker.nextFundingAt = Self.hour(8 * (number / 8 + 1)).startTime
        staged.tickers = [ticker]
        staged.fundingSettlements = settled.sorted { $0.key < $1.key }.map { number, rate in
            FundingSettlement(
                symbol: "BTCUSDT", asset: "BTC", settledAt: Self.hour(number).startTime, fundingRate: rate,
                fundingIntervalHours: 8)
        }
        return staged
    }

    static func load(_ staged: StagedHour, into warehouse: Warehouse) throws {
        _ = try warehouse.load(
            staged,
            from: LoadedFile(
                path: "staged/\(staged.hour.path)/\(staged.exchange.id).ndjson.gz",
                stagedSHA256: staged.source.rawSHA256, loadedAt: staged.hour.end))
    }

    /// A warehouse with an hour of Binance for each mark, sealed.
    static func warehouse(_ marks: [Int: Double]) throws -> Warehouse {
        let warehouse = try Warehouse()
        for (number, mark) in marks.sorted(by: { $0.key < $1.key }) {
            try load(staged(.binance, number, mark: mark), into: warehouse)
        }
        try warehouse.seal()
        return warehouse
    }

    static func alert(
        _ number: Int, _ direction: String = "BULLISH", key: String = "breakout:MARKET", decision: String = "new",
        estimate: Double? = nil, boost: Int = 0
    ) -> AlertRow {
        var row = AlertRow(
            hour: hour(number), key: key, strategy: String(key.prefix { $0 != ":" }), tier: 2, model: "v2",
            confidence: 70, direction: direction, status: nil, decision: decision, message: "")
        row.adjusted = 75
        row.boost = boost
        row.estimate = estimate
        return row
    }

    static func store(_ alerts: [AlertRow], in warehouse: Warehouse) throws {
        try AlertStore(warehouse).store(alerts: alerts, states: [], outbox: [])
    }
}
