import PerpCore

@testable import Warehouse

/// Files of the past that are small enough to follow by hand.
enum HistorySamples {
    static let hour = Samples.hour(0)

    static func candle(
        _ symbol: String, _ number: Int, close: Double, _ price: CandlePrice = .last, asset: String? = nil
    ) -> Candle {
        Candle(
            symbol: symbol, asset: asset ?? String(symbol.dropLast(4)), priceKind: price, from: Samples.hour(number).startTime,
            open: 100, high: max(100, close), low: min(100, close), close: close, volumeBase: price == .last ? 5 : nil,
            volumeUSD: price == .last ? 500 : nil)
    }

    static func settlement(
        _ number: Int, rate: Double = 0.0001, stated: Double? = nil, symbol: String = "BTCUSDT"
    ) -> FundingSettlement {
        FundingSettlement(
            symbol: symbol, asset: String(symbol.dropLast(4)), settledAt: Samples.hour(number).startTime, fundingRate: rate,
            fundingIntervalHours: stated)
    }

    /// A file that was learnt `minute` minutes after the first hour's start.
    static func staged(
        _ dataset: HistoryDataset, learnt minute: Int64 = 0, _ exchange: Exchange = .bybit, isSimulated: Bool = false,
        fill: (inout StagedHour) -> Void
    ) -> StagedHour {
        let learnt = hour.startTime.advanced(byMilliseconds: minute * 60_000)
        var staged = StagedHour(
            exchange: exchange, hour: Hour(containing: learnt),
            source: Source(
                rawSHA256: "raw-\(minute)", transformVersion: 1, responses: 2, responsesOK: 2, endpoints: [],
                liquidations: .none, observedFrom: learnt, observedTo: learnt, isSimulated: isSimulated))
        staged.history = dataset
        fill(&staged)
        return staged
    }

    static func candles(_ candles: [Candle], learnt minute: Int64 = 0) -> StagedHour {
        staged(.candles, learnt: minute) { $0.candles = candles }
    }

    static func funding(_ settlements: [FundingSettlement], learnt minute: Int64 = 0) -> StagedHour {
        staged(.funding, learnt: minute) { $0.fundingSettlements = settlements }
    }

    /// The file's name tells the minute in which it was learnt.
    static func key(_ staged: StagedHour) -> HistoryKey {
        let minute = (staged.source.observedTo!.milliseconds - hour.startMilliseconds) / 60_000  // all samples have a time
        return HistoryKey(staged.exchange, staged.history!, stamp: "2025-10-23T\(100_000 + minute)Z")  // as above
    }

    static func file(_ staged: StagedHour) -> LoadedFile {
        let key = key(staged)
        return LoadedFile(
            path: "staged/history/\(key.exchange.id)/\(key.dataset.rawValue)/\(key.stamp).ndjson.gz",
            stagedSHA256: "staged-\(staged.hashValue)-\(staged.candles.hashValue)-\(staged.fundingSettlements.hashValue)",
            loadedAt: Timestamp(milliseconds: 1_761_200_000_000))
    }

    @discardableResult
    static func load(_ staged: StagedHour, into warehouse: Warehouse) throws -> LoadOutcome {
        try warehouse.load(staged, from: file(staged))
    }

    static func loaded(_ files: [StagedHour]) throws -> Warehouse {
        let warehouse = try Warehouse()
        for file in files { try load(file, into: warehouse) }
        try warehouse.seal(using: Samples.summarize)
        return warehouse
    }

    /// All time.
    static let always = Timestamp(milliseconds: 0)..<Timestamp.latest
}
