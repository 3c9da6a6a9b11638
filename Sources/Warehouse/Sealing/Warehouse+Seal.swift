import GRDB
import PerpCore
import Sealing

extension Warehouse {
    /// Makes the summaries of an hour from its facts and its history.
    typealias Summarize = (HourInput) throws -> HourSummary

    /// The hours that must be sealed again, ascending.
    func dirtyHours() throws -> [Hour] {
        try queue.inDatabase { database in
            try Int64.fetchAll(database, sql: "SELECT hour FROM hour WHERE dirty = 1 ORDER BY hour")
                .map(Hour.init(containing:))
        }
    }

    /// Summarises the dirty hours in ascending order, one transaction each.
    ///
    /// A pass over consecutive hours keeps what they look back on in memory, even from one call to the
    /// next, and reads no ticker twice.
    /// - Parameter last: hours after it stay dirty; `nil` seals all, finds changed intervals of funding, and forecasts funding.
    /// - Parameter ahead: called when one or two hours are dirty; its result is used when they are its hour and the one before.
    /// - Returns: the hours that were sealed.
    /// - Throws: an error of the database; the hours before it are sealed.
    @discardableResult
    public func seal(through last: Hour? = nil, ahead: () -> Lookback? = { nil }) throws -> [Hour] {
        try seal(through: last, ahead: ahead, using: HourSummarizer.summarize)
    }

    /// Seals in the same way, with another function that makes the rows of an hour.
    @discardableResult
    func seal(
        through last: Hour? = nil, ahead: () -> Lookback? = { nil }, using summarize: Summarize
    ) throws -> [Hour] {
        // What follows from a few hours is there with them: nobody sees an hour whose forecasts are of its former content.
        if last == nil, !isInTransaction, try !isScratch && dirtyHours().count <= Self.atOnce {
            return try transaction { try sealAll(through: last, ahead: ahead, using: summarize) }
        }
        return try sealAll(through: last, ahead: ahead, using: summarize)
    }

    /// How many hours are sealed in one transaction, with what follows from them: those of a day.
    private static let atOnce = 24

    private func sealAll(
        through last: Hour?, ahead: () -> Lookback?, using summarize: Summarize
    ) throws -> [Hour] {
        var sealed: [Hour] = []
        // Sealing an hour can change what the next hour depends on.
        while true {
            let hours = try dirtyHours().filter { hour in last.map { hour <= $0 } ?? true }
            if hours.isEmpty {
                if last == nil {
                    try refreshPast()
                    try refreshTrends()
                    try refreshForecasts()
                }
                return sealed
            }
            // A late event in the hour before makes two of one.
            if sealed.isEmpty, hours.count <= 2, let ahead = ahead(), ahead.isOf(hours) {
                try queue.inDatabase { try summaries($0).use(ahead) }
            }
            try seal(hours, using: summarize)
            sealed += hours
        }
    }

    private func seal(_ hours: [Hour], using summarize: Summarize) throws {
        try CoverageLedger(self).markMachineOff(around: hours)
        for hour in hours {
            try unit { database in
                let store = try summaries(database)
                try loader(database).liquidations.writeDeferred(before: hour.startTime)
                try loader(database).classes.resolve(hour)
                let history = try store.historyForSealing(hour)
                let exchanges = try store.reader.exchangeFacts(at: hour, recent: recentFacts)
                let summary = try summarize(HourInput(hour: hour, exchanges: exchanges, history: history))
                precondition(summary.hour == hour, "a summary is of the hour that was asked for")
                try store.write(summary)
            }
            recentFacts.drop(hour)
        }
    }

    /// What sealing an hour, and the one before it, looks back on. It stays valid while no hour before them changes: the hour
    /// itself may be loaded meanwhile.
    public struct Lookback: Sendable {
        /// The hour that looks back.
        public let hour: Hour
        let past: RollingPast

        /// Whether sealing such hours, ascending, looks back on this.
        func isOf(_ hours: [Hour]) -> Bool { hours.last == hour && hours.allSatisfy { $0 >= hour.previous } }
    }

    /// Reads what sealing `hour` looks back on.
    /// - Throws: an error of the database.
    public func lookback(from hour: Hour) throws -> Lookback {
        try queue.inDatabase { Lookback(hour: hour, past: try summaries($0).past(beforeLoading: hour)) }
    }

    func summaries(_ database: Database) throws -> SealingStore {
        if let summariesStorage { return summariesStorage }
        let store = try SealingStore(database, listings: try loader(database).listings)
        summariesStorage = store
        return store
    }
}

/// What sealing reads, writes and remembers.
final class SealingStore {
    let rows: SummaryStore
    let reader: HourReader
    private let series: SeriesStore
    private let between: Statement
    private var rolling: RollingPast?

    init(_ database: Database, listings: ListingCache) throws {
        rows = try SummaryStore(database)
        reader = try HourReader(database, listings: listings)
        series = try SeriesStore(database, reader: reader)
        between = try Statement(
            database, "SELECT 1 FROM hour WHERE hour >= ? AND hour > ? AND hour < ? LIMIT 1")
    }

    /// Writes a summary and adds it to the history that is kept for the next hour.
    func write(_ summary: HourSummary) throws {
        try rows.write(summary)
        try series.write(summary)
        rolling?.append(summary)
    }

    /// Takes what was read before, in place of what is kept.
    func use(_ ahead: Warehouse.Lookback) { rolling = ahead.past }

    /// What sealing an hour and the one before it looks back on, with the snapshots.
    func past(beforeLoading hour: Hour) throws -> RollingPast {
        var past = try rows.past(forSealing: hour.previous, through: hour.previous)
        for hour in [hour.previous, hour] { try past.readSnapshots(before: hour, by: reader.snapshot) }
        return past
    }

    /// What sealing `hour` looks back on, and no more: kept from the last sealings, or read from stored rows.
    func historyForSealing(_ hour: Hour) throws -> History {
        if let rolling, try knowsHours(from: rolling.knownFrom, after: rolling.last(before: hour), before: hour) {
            self.rolling = nil
        }
        if let history = try rolling?.history(before: hour, snapshot: reader.snapshot) { return history }
        var past = try rows.past(forSealing: hour, through: hour.previous)
        defer { rolling = past }
        guard let history = try past.history(before: hour, snapshot: reader.snapshot) else {
            preconditionFailure("what was read for an hour is what it looks back on")
        }
        return history
    }

    private func knowsHours(from first: Hour, after last: Hour?, before hour: Hour) throws -> Bool {
        try between.hasRow(first, last?.start ?? .min, hour)
    }

    /// Everything that may be looked back on from an hour.
    /// - Parameter wanted: how many hours back each snapshot is; of those 23, 24 and 25 hours back only the needed ones.
    func history(before hour: Hour, snapshots wanted: [Int]) throws -> History {
        let past = try rows.pastHours(from: hour.advanced(by: -History.summaryHours), through: hour.previous)
        let hours = History.snapshots(wanted, before: hour, among: past)
        return History(hours: past, snapshots: try hours.map(reader.snapshot))
    }
}

extension History {
    /// The stored hours whose open interest is looked at from an hour.
    /// - Parameter wanted: how many hours back each is. Where not all of a day are wanted, only one of 23, 24 and 25 hours is.
    static func snapshots(_ wanted: [Int], before hour: Hour, among past: [PastHour]) -> [Hour] {
        let known = Set(past.map(\.hour))
        let isSpared = wanted.count < snapshotHours && known.contains(hour.advanced(by: -24))
        return wanted.filter { !(isSpared && ($0 == 23 || $0 == 25)) }
            .map { hour.advanced(by: -$0) }
            .filter(known.contains)
    }
}
