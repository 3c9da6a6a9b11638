import PerpCore

/// What an exchange told later about one contract, as far as a ticker of a past hour can be made from it: each list
/// ascending by time, each fact once.
public struct PastContract: Sendable {
    /// The exchange's own spelling.
    public let symbol: String
    /// The canonical asset, with its class where it is not a coin.
    public let asset: String
    private let candles: Series<Candle>
    private let marks: Series<Candle>
    private let indices: Series<Candle>
    private let openInterests: Series<OpenInterest>
    private let settlements: Series<FundingSettlement>

    /// Takes candles of trades, of the mark and of the index price, open interest, and settlements with their intervals.
    public init(
        symbol: String, asset: String, candles: [Candle], marks: [Candle], indices: [Candle],
        openInterests: [OpenInterest], settlements: [FundingSettlement]
    ) {
        self.symbol = symbol
        self.asset = asset
        self.candles = Series(candles, at: \.from)
        self.marks = Series(marks, at: \.from)
        self.indices = Series(indices, at: \.from)
        self.openInterests = Series(openInterests, at: \.observedAt)
        self.settlements = Series(settlements, at: \.settledAt)
    }

    /// The ticker at the beginning of an hour; `nil` when no candle ends there. It has what was told and nothing else: no
    /// bid, no ask, no predicted rate, and the volume of a day only where all 24 hours of it were told.
    public func ticker(at hour: Hour) -> Ticker? {
        guard let place = candles.index(at: hour.previous.startTime) else { return nil }
        let candle = candles.rows[place]
        var ticker = Ticker(
            symbol: symbol, asset: asset, assetClass: AssetClass(ofAsset: asset), kind: .linear, contract: .perpetual,
            quote: candle.volumeUSD == nil ? "" : "USD", observedAt: hour.startTime)
        ticker.lastPrice = candle.close
        ticker.markPrice = marks.row(at: hour.previous.startTime)?.close
        ticker.indexPrice = indices.row(at: hour.previous.startTime)?.close
        addDay(to: place, &ticker)
        addOpenInterest(at: hour, &ticker)
        addSettlement(at: hour, &ticker)
        return ticker
    }

    /// Hours of a rolling day.
    private static let day = 24

    private func addDay(to place: Int, _ ticker: inout Ticker) {
        let first = place - Self.day + 1
        guard first >= 0,
            candles.rows[first].from.milliseconds + 23 * Hour.milliseconds == candles.rows[place].from.milliseconds
        else { return }
        ticker.volumeBase24h = sum(candles.rows[first...place], \.volumeBase)
        ticker.volumeUSD24h = sum(candles.rows[first...place], \.volumeUSD)
        let before = candles.rows[first].open
        if before > 0 { ticker.priceChange24h = candles.rows[place].close / before - 1 }
    }

    /// The sum of a field that every row has; `nil` when one lacks it.
    private func sum(_ rows: ArraySlice<Candle>, _ field: KeyPath<Candle, Double?>) -> Double? {
        var sum = 0.0
        for row in rows {
            guard let value = row[keyPath: field] else { return nil }
            sum += value
        }
        return sum
    }

    /// The newest figure of the hour that ends.
    private func addOpenInterest(at hour: Hour, _ ticker: inout Ticker) {
        guard let figure = openInterests.last(through: hour.startTime), figure.observedAt > hour.previous.startTime
        else {
            return
        }
        ticker.openInterestContracts = figure.contracts
        ticker.openInterestBase = figure.base
        let price = ticker.markPrice ?? ticker.lastPrice
        let isInDollars = !ticker.quote.isEmpty
        ticker.openInterestUSD =
            figure.usd ?? (isInDollars ? figure.base.flatMap { base in price.map { base * $0 } } : nil)
    }

    /// The rate that was settled last, as long as its interval runs: the settled one, and not the one that was expected.
    private func addSettlement(at hour: Hour, _ ticker: inout Ticker) {
        guard let row = settlements.last(through: hour.startTime) else { return }
        let age = hour.startMilliseconds - row.settledAt.milliseconds
        guard Double(age) < (row.fundingIntervalHours ?? 24) * Double(Hour.milliseconds) else { return }
        ticker.fundingRate = row.fundingRate
        ticker.fundingIntervalHours = row.fundingIntervalHours
    }
}

/// Rows in the order of their times, in which times are looked up.
private struct Series<Row: Sendable>: Sendable {
    let rows: [Row]
    private let time: @Sendable (Row) -> Timestamp

    init(_ rows: [Row], at time: @escaping @Sendable (Row) -> Timestamp) {
        self.rows = rows
        self.time = time
    }

    /// The place of the first row after an instant.
    private func end(of instant: Timestamp) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if time(rows[middle]) <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The last row up to and including an instant; `nil` when all are later.
    func last(through instant: Timestamp) -> Row? {
        let end = end(of: instant)
        return end > 0 ? rows[end - 1] : nil
    }

    /// The place of the row of exactly an instant; `nil` without one.
    func index(at instant: Timestamp) -> Int? {
        let end = end(of: instant)
        return end > 0 && time(rows[end - 1]) == instant ? end - 1 : nil
    }

    func row(at instant: Timestamp) -> Row? { index(at: instant).map { rows[$0] } }
}
