import PerpCore

/// The accounts of one exchange that are long in an hour, 0 to 1.
public struct LongFractions: Hashable, Sendable {
    /// The exchange whose accounts are counted.
    public var exchange: Exchange
    /// Fraction of the BTC accounts that are long; `nil` when unknown.
    public var btc: Double?
    /// Fraction of the ETH accounts that are long; `nil` when unknown.
    public var eth: Double?

    /// Takes fractions of 0 to 1.
    public init(exchange: Exchange, btc: Double?, eth: Double?) {
        self.exchange = exchange
        self.btc = btc
        self.eth = eth
    }

    /// Of the exchanges that have any, in byte order of their ids.
    public static func all(_ rows: [ExchangeSummary]) -> [LongFractions] {
        rows.compactMap { row in
            guard row.longFractionBTC != nil || row.longFractionETH != nil else { return nil }
            return LongFractions(exchange: row.exchange, btc: row.longFractionBTC, eth: row.longFractionETH)
        }.sorted { $0.exchange.id < $1.exchange.id }
    }
}

/// The rows of one sealed hour that later hours look back on.
public struct PastHour: Hashable, Sendable {
    /// The sealed hour, in UTC.
    public var hour: Hour
    /// One row per exchange.
    public var exchanges: [ExchangeSummary]
    /// One row per sentiment model.
    public var markets: [MarketSummary]
    /// One row per exchange that reported liquidations.
    public var liquidations: [LiquidationSummary]
    /// One row per window of `MarketLiquidation.windows`; empty when no exchange reported.
    public var marketLiquidations: [MarketLiquidation]
    /// In byte order of the exchanges' ids; exchanges without any are left out.
    public var longShares: [LongFractions]

    /// Takes the rows of one hour.
    public init(
        hour: Hour, exchanges: [ExchangeSummary], markets: [MarketSummary],
        liquidations: [LiquidationSummary], marketLiquidations: [MarketLiquidation], longShares: [LongFractions] = []
    ) {
        self.hour = hour
        self.exchanges = exchanges
        self.markets = markets
        self.liquidations = liquidations
        self.marketLiquidations = marketLiquidations
        self.longShares = longShares
    }

    /// Takes the rows of one hour.
    public init(_ summary: HourSummary) {
        self.init(
            hour: summary.hour, exchanges: summary.exchanges, markets: summary.markets,
            liquidations: summary.liquidations, marketLiquidations: summary.marketLiquidations,
            longShares: LongFractions.all(summary.exchanges))
    }

    /// Whether its figures count coins only. An hour without an exchange says nothing, and is of any rules.
    public var knowsClasses: Bool {
        exchanges.value(where: { $0.status != .failed }, { $0.knowsClasses }) ?? true
    }

    /// The row of `model`.
    public func market(_ model: SentimentModel) -> MarketSummary? { market(model) { $0 } }

    /// The row of an exchange; `nil` without a row.
    public func exchange(_ exchange: Exchange) -> ExchangeSummary? { self.exchange(exchange) { $0 } }

    /// The liquidations of an exchange; `nil` when it reported none.
    public func liquidation(_ exchange: Exchange) -> LiquidationSummary? { liquidation(exchange) { $0 } }

    /// The row of a window of 1, 4 or 24 hours; `nil` without a row.
    public func marketLiquidation(windowHours: Int) -> MarketLiquidation? {
        marketLiquidation(windowHours: windowHours) { $0 }
    }

    // What one row says: sealing an hour asks tens of thousands of times, and rows are long.

    /// What `value` reads from the row of a model; `nil` without a row.
    @inlinable
    public func market<Value>(_ model: SentimentModel, _ value: (MarketSummary) -> Value?) -> Value? {
        markets.value(where: { $0.model == model }, value)
    }

    /// What `value` reads from the row of an exchange; `nil` without a row.
    @inlinable
    public func exchange<Value>(_ exchange: Exchange, _ value: (ExchangeSummary) -> Value?) -> Value? {
        exchanges.withUnsafeBufferPointer { rows in
            rows.indices.first { rows[$0].exchange == exchange }.flatMap { value(rows[$0]) }
        }
    }

    /// What `value` reads from the liquidations of an exchange; `nil` when it reported none.
    @inlinable
    public func liquidation<Value>(_ exchange: Exchange, _ value: (LiquidationSummary) -> Value?) -> Value? {
        liquidations.withUnsafeBufferPointer { rows in
            rows.indices.first { rows[$0].exchange == exchange }.flatMap { value(rows[$0]) }
        }
    }

    /// What `value` reads from the row of a window of 1, 4 or 24 hours; `nil` without a row.
    @inlinable
    public func marketLiquidation<Value>(
        windowHours: Int, _ value: (MarketLiquidation) -> Value?
    ) -> Value? {
        marketLiquidations.withUnsafeBufferPointer { rows in
            rows.indices.first { rows[$0].windowHours == windowHours }.flatMap { value(rows[$0]) }
        }
    }
}

extension PastHour {
    // Each field is read where it stands: rows are long, and an hour asks thousands of times.

    /// Dollars of the whole market in a model's row, coins only; `nil` in an insufficient hour, and when the volume of an
    /// exchange is missing.
    public func wholeVolumeUSD(_ model: SentimentModel) -> Double? {
        markets.withUnsafeBufferPointer { rows in
            guard let place = rows.indices.first(where: { rows[$0].model == model }), rows[place].status == .ok,
                rows[place].knowsClasses, rows[place].completeness.exchangesMissingVolume == 0
            else { return nil }
            return rows[place].totalVolumeUSD
        }
    }

    /// Dollars of volume in an exchange's row where they are whole; else `nil`.
    func wholeVolumeUSD(of exchange: Exchange) -> Double? {
        exchanges.withUnsafeBufferPointer { rows in
            guard let place = rows.indices.first(where: { rows[$0].exchange == exchange }) else { return nil }
            return rows[place].wholeVolumeUSD
        }
    }

    /// Dollars of open interest in an exchange's row where they are whole; else `nil`.
    func wholeOpenInterestUSD(of exchange: Exchange) -> Double? {
        exchanges.withUnsafeBufferPointer { rows in
            guard let place = rows.indices.first(where: { rows[$0].exchange == exchange }) else { return nil }
            return rows[place].wholeOpenInterestUSD
        }
    }

    /// The fields that nearly all tickers of an exchange had; `nil` where it has no row, or a failed one.
    func filledFields(of exchange: Exchange) -> TickerFields? {
        exchanges.withUnsafeBufferPointer { rows in
            guard let place = rows.indices.first(where: { rows[$0].exchange == exchange }),
                rows[place].status != .failed
            else { return nil }
            return rows[place].filledFields
        }
    }

    /// An exchange's liquidations over its open interest, and how much of them was seen; `nil` where either is unknown.
    func liquidatedShare(of exchange: Exchange) -> (oiShare: Double, coverage: Double)? {
        liquidations.withUnsafeBufferPointer { rows in
            guard let place = rows.indices.first(where: { rows[$0].exchange == exchange }),
                let share = rows[place].openInterestShare
            else { return nil }
            return (share, rows[place].coverageClass.seen * rows[place].heardShare)
        }
    }

    /// The same of the market's window of so many hours.
    func liquidatedShare(windowHours: Int) -> (oiShare: Double, coverage: Double)? {
        marketLiquidations.withUnsafeBufferPointer { rows in
            guard let place = rows.indices.first(where: { rows[$0].windowHours == windowHours }),
                let share = rows[place].openInterestShare, let coverage = rows[place].coverage
            else { return nil }
            return (share, coverage)
        }
    }

    /// Whether an exchange's volume was in the totals of the hour, or its absence was noted.
    public func knowsVolume(of exchange: Exchange) -> Bool {
        exchanges.withUnsafeBufferPointer { rows in
            guard let place = rows.indices.first(where: { rows[$0].exchange == exchange }) else { return false }
            return rows[place].volumeUSD != nil || rows[place].usualVolumeUSD != nil
        }
    }
}

extension Array {
    /// What the first row that is wanted says. Through the buffer: an element taken out of the array would
    /// be copied with all that it holds.
    @inlinable
    func value<Value>(where isWanted: (Element) -> Bool, _ value: (Element) -> Value?) -> Value? {
        withUnsafeBufferPointer { rows in
            for place in rows.indices where isWanted(rows[place]) { return value(rows[place]) }
            return nil
        }
    }
}

/// The rolling past that an hour is sealed with.
///
/// A bulk pass starts with the history before its first hour, then appends every hour it seals:
/// memory stays bounded and no ticker is read twice. For a single hour the same value is built
/// from stored rows: as much of 30 days of summaries as sealing looks at, and the snapshots that `snapshotsOfSealing` counts.
public struct History: Sendable {
    /// How far back summaries are looked at: 30 days.
    public static let summaryHours = 720
    /// How far back open interest is looked at: a day, and an hour of tolerance.
    public static let snapshotHours = 25
    /// How far back sealing looks at the rows of exchanges: a week, and for what is usual of one that was absent in it further.
    public static let exchangeHoursOfSealing = 168
    /// How many stored hours make up what is usual of an exchange.
    public static let usualHours = 168
    /// How many earlier hours must tell of a measure before anything counts as usual or unusual for it: a week.
    public static let neededHours = 168
    /// How many hours back sealing wants a snapshot: the last hour, and a day ago within one hour.
    public static let snapshotsOfSealing = [1, 23, 24, 25]
    /// How many hours back a snapshot may be wanted: anomalies look at the last three.
    public static let wantedSnapshots = [1, 2, 3, 23, 24, 25]

    /// Ascending by hour, without repetition; hours may be missing.
    public private(set) var hours: [PastHour]
    /// Ascending by hour, without repetition; hours may be missing.
    public private(set) var snapshots: [OpenInterestSnapshot]

    /// Takes rows in any order.
    public init(hours: [PastHour] = [], snapshots: [OpenInterestSnapshot] = []) {
        self.hours = hours.sorted { $0.hour < $1.hour }
        self.snapshots = snapshots.sorted { $0.hour < $1.hour }
    }

    /// Adds a sealed hour, which must be later than all others, and drops what nobody will look at.
    public mutating func append(_ summary: HourSummary) {
        precondition(hours.last.map { $0.hour < summary.hour } ?? true, "hours are appended in order")
        hours.append(PastHour(summary))
        snapshots.append(summary.openInterest)
        // The last hour stays, however old: it knows what is usual.
        let oldest = summary.hour.next.advanced(by: -Self.summaryHours)
        hours.removeFirst(hours.dropLast().prefix { $0.hour < oldest }.count)
        let oldestSnapshot = summary.hour.next.advanced(by: -Self.snapshotHours)
        snapshots.removeFirst(snapshots.prefix { $0.hour < oldestSnapshot }.count)
    }

    /// The rows of the hours in `[hour - hours, hour)`, ascending.
    public func trailing(_ hours: Int, before hour: Hour) -> ArraySlice<PastHour> {
        let first = index(notBefore: hour.advanced(by: -hours))
        return self.hours[first..<max(first, index(notBefore: hour))]
    }

    /// What the hours in `[hour - hours, hour)` say, ascending, without those that say nothing.
    /// - Parameter value: gets the place of an hour, which is valid during the call: hours hold many arrays.
    @inlinable
    public func trailing<Value>(_ hours: Int, before hour: Hour, _ value: (UnsafePointer<PastHour>) -> Value?)
        -> [Value]
    {
        let first = index(notBefore: hour.advanced(by: -hours))
        let end = max(first, index(notBefore: hour))
        var values: [Value] = []
        values.reserveCapacity(end - first)
        self.hours.withUnsafeBufferPointer { past in
            guard let start = past.baseAddress else { return }
            for place in first..<end {
                if let value = value(start + place) { values.append(value) }
            }
        }
        return values
    }

    /// What the hours before `hour` say, from the last one back, until `count` have said something or `hours` are past.
    /// - Parameter value: gets the place of an hour, which is valid during the call.
    @inlinable
    public func recent<Value>(
        _ count: Int, within hours: Int, before hour: Hour, _ value: (UnsafePointer<PastHour>) -> Value?
    ) -> [Value] {
        let first = index(notBefore: hour.advanced(by: -hours))
        var next = index(notBefore: hour)
        var values: [Value] = []
        self.hours.withUnsafeBufferPointer { past in
            guard let start = past.baseAddress else { return }
            while next > first, values.count < count {
                next -= 1
                if let value = value(start + next) { values.append(value) }
            }
        }
        return values
    }

    /// The last hour before `hour`, however long ago.
    public func last(before hour: Hour) -> PastHour? {
        let next = index(notBefore: hour)
        return next > 0 ? hours[next - 1] : nil
    }

    /// The hour a day before `hour`; if that is absent the nearest within one hour, the older one on a tie.
    public func dayBefore(_ hour: Hour) -> PastHour? { aboutDayBefore(hour, at) }

    /// The rows of exactly `hour`.
    public func at(_ hour: Hour) -> PastHour? {
        let place = index(notBefore: hour)
        return place < hours.count && hours[place].hour == hour ? hours[place] : nil
    }

    /// The open interest of exactly `hour`.
    public func snapshot(at hour: Hour) -> OpenInterestSnapshot? {
        snapshots.first { $0.hour == hour }
    }

    /// The open interest a day before `hour`; if that hour is absent the nearest within one hour,
    /// the older one on a tie.
    public func snapshot(dayBefore hour: Hour) -> OpenInterestSnapshot? {
        aboutDayBefore(hour, snapshot(at:))
    }

    private func aboutDayBefore<Found>(_ hour: Hour, _ find: (Hour) -> Found?) -> Found? {
        let then = hour.advanced(by: -24)
        return find(then) ?? find(then.previous) ?? find(then.next)
    }

    /// The first index whose hour is `hour` or later.
    @usableFromInline
    func index(notBefore hour: Hour) -> Int {
        hours.indices.partitioningIndex { hours[$0].hour >= hour }
    }
}
