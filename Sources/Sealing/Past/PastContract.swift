import PerpCore

/// What an exchange told later about one contract, as far as a ticker of a past hour can be made from it: each list
/// ascending by time, each fact once.
public struct PastContract: Sendable {
    /// The exchange's own spelling.
    public let symbol: String
    /// The canonical asset, with its class where it is not a coin.
    public let asset: String
    private let candles: Series<PastPrice>
    private let marks: Series<PastPrice>
    private let indices: Series<PastPrice>
    private let openInterests: Series<OpenInterest>
    private let settlements: Series<FundingSettlement>

    /// Takes candles of trades, of the mark and of the index price, open interest, and settlements with their intervals.
    public init(
        symbol: String, asset: String, candles: [PastPrice], marks: [PastPrice], indices: [PastPrice],
        openInterests: [OpenInterest], settlements: [FundingSettlement]
    ) {
        self.symbol = symbol
        self.asset = asset
        self.candles = Series(rows: candles)
        self.marks = Series(rows: marks)
        self.indices = Series(rows: indices)
        self.openInterests = Series(rows: openInterests)
        self.settlements = Series(rows: settlements)
    }

    /// The ticker at the beginning of an hour; `nil` when no candle ends there. It has what was told and nothing else: no
    /// bid, no ask, no predicted rate, and the volume of a day only where all 24 hours of it were told.
    public func ticker(at hour: Hour) -> Ticker? {
        let start = hour.previous.startTime
        guard let place = candles.index(at: start) else { return nil }
        let candle = candles.rows[place]
        var ticker = Ticker(
            symbol: symbol, asset: asset, assetClass: AssetClass(ofAsset: asset), kind: .linear, contract: .perpetual,
            quote: candle.volumeUSD == nil ? "" : "USD", observedAt: hour.startTime)
        ticker.lastPrice = candle.close
        ticker.markPrice = marks.index(at: start).map { marks.rows[$0].close }
        ticker.indexPrice = indices.index(at: start).map { indices.rows[$0].close }
        addDay(to: place, &ticker)
        addOpenInterest(at: hour, &ticker)
        addSettlement(at: hour, &ticker)
        return ticker
    }

    /// Hours of a rolling day.
    private static let day = 24

    private func addDay(to place: Int, _ ticker: inout Ticker) {
        let first = place - Self.day + 1
        guard first >= 0 else { return }
        candles.rows.withUnsafeBufferPointer { rows in
            guard rows[first].at.milliseconds + 23 * Hour.milliseconds == rows[place].at.milliseconds else { return }
            var (base, dollars): (Double?, Double?) = (0, 0)
            for index in first...place {
                if let sum = base { base = rows[index].volumeBase.map { sum + $0 } }
                if let sum = dollars { dollars = rows[index].volumeUSD.map { sum + $0 } }
            }
            ticker.volumeBase24h = base
            ticker.volumeUSD24h = dollars
            if rows[first].open > 0 { ticker.priceChange24h = rows[place].close / rows[first].open - 1 }
        }
    }

    /// The newest figure of the hour that ends.
    private func addOpenInterest(at hour: Hour, _ ticker: inout Ticker) {
        guard let place = openInterests.last(through: hour.startTime) else { return }
        let figure = openInterests.rows[place]
        guard figure.observedAt > hour.previous.startTime else { return }
        ticker.openInterestContracts = figure.contracts
        ticker.openInterestBase = figure.base
        let price = ticker.markPrice ?? ticker.lastPrice
        let isInDollars = !ticker.quote.isEmpty
        ticker.openInterestUSD =
            figure.usd ?? (isInDollars ? figure.base.flatMap { base in price.map { base * $0 } } : nil)
    }

    /// The rate that was settled last, as long as its interval runs: the settled one, and not the one that was expected.
    private func addSettlement(at hour: Hour, _ ticker: inout Ticker) {
        guard let place = settlements.last(through: hour.startTime) else { return }
        let row = settlements.rows[place]
        let age = hour.startMilliseconds - row.settledAt.milliseconds
        guard Double(age) < (row.fundingIntervalHours ?? 24) * Double(Hour.milliseconds) else { return }
        ticker.fundingRate = row.fundingRate
        ticker.fundingIntervalHours = row.fundingIntervalHours
    }
}

/// What a candle tells of an hour, without the contract.
public struct PastPrice: Sendable {
    /// The start of the hour.
    public let at: Timestamp
    /// The price then, in quote units per coin.
    public let open: Double
    /// The price at its end.
    public let close: Double
    /// Coins traded in the hour; `nil` when unknown.
    public let volumeBase: Double?
    /// Dollars traded in the hour; `nil` when unknown.
    public let volumeUSD: Double?

    /// Takes the figures of a candle.
    public init(at: Timestamp, open: Double, close: Double, volumeBase: Double? = nil, volumeUSD: Double? = nil) {
        self.at = at
        self.open = open
        self.close = close
        self.volumeBase = volumeBase
        self.volumeUSD = volumeUSD
    }
}

extension PastContract {
    /// Takes whole candles.
    public init(
        symbol: String, asset: String, candles: [Candle], marks: [Candle], indices: [Candle],
        openInterests: [OpenInterest], settlements: [FundingSettlement]
    ) {
        func prices(_ candles: [Candle]) -> [PastPrice] {
            candles.map {
                PastPrice(
                    at: $0.from, open: $0.open, close: $0.close, volumeBase: $0.volumeBase, volumeUSD: $0.volumeUSD)
            }
        }
        self.init(
            symbol: symbol, asset: asset, candles: prices(candles), marks: prices(marks), indices: prices(indices),
            openInterests: openInterests, settlements: settlements)
    }
}

/// A row that is about an instant.
private protocol Timed: Sendable {
    var time: Timestamp { get }
}

extension PastPrice: Timed {
    fileprivate var time: Timestamp { at }
}

extension OpenInterest: Timed {
    fileprivate var time: Timestamp { observedAt }
}

extension FundingSettlement: Timed {
    fileprivate var time: Timestamp { settledAt }
}

/// Rows in the order of their times, in which times are looked up.
private struct Series<Row: Timed>: Sendable {
    let rows: [Row]

    /// The place of the last row up to and including an instant; `nil` when all are later.
    func last(through instant: Timestamp) -> Int? {
        rows.withUnsafeBufferPointer { rows in
            let later = rows.indices.partitioningIndex { rows[$0].time > instant }
            return later > 0 ? later - 1 : nil
        }
    }

    /// The place of the row of exactly an instant; `nil` without one.
    func index(at instant: Timestamp) -> Int? {
        last(through: instant).flatMap { rows[$0].time == instant ? $0 : nil }
    }
}
