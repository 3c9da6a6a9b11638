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
    /// - Parameter ahead: called when a single hour is sealed; its result is used when it belongs to that hour.
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
            try seal(hours, ahead: hours.count == 1 && sealed.isEmpty ? ahead() : nil, using: summarize)
            sealed += hours
        }
    }

    private func seal(_ hours: [Hour], ahead: Lookback?, using summarize: Summarize) throws {
        try CoverageLedger(self).markMachineOff(around: hours)
        for (index, hour) in hours.enumerated() {
            let follows =
                index + 1 < hours.count && hours[index + 1] <= hour.advanced(by: History.snapshotHours)
            try unit { database in
                let store = try summaries(database)
                try loader(database).liquidations.writeDeferred(before: hour.startTime)
                try loader(database).classes.resolve(hour)
                let history =
                    if let ahead, ahead.hour == hour { ahead.history } else {
                        try store.history(before: hour, isFirstOfMany: follows)
                    }
                let exchanges = try store.reader.exchangeFacts(at: hour, recent: recentFacts)
                let summary = try summarize(HourInput(hour: hour, exchanges: exchanges, history: history))
                precondition(summary.hour == hour, "a summary is of the hour that was asked for")
                try store.write(summary)
            }
            recentFacts.drop(hour)
        }
    }

    /// What sealing an hour looks back on. It stays valid while no earlier hour changes: the hour itself may be loaded
    /// meanwhile.
    public struct Lookback: Sendable {
        /// The hour that looks back.
        public let hour: Hour
        let history: History
    }

    /// Reads what sealing `hour` looks back on.
    /// - Throws: an error of the database.
    public func lookback(from hour: Hour) throws -> Lookback {
        try queue.inDatabase { Lookback(hour: hour, history: try summaries($0).historyForSealing(hour)) }
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
    private var lastSealed: Hour?

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
        lastSealed = summary.hour
    }

    /// What sealing `hour` looks back on: kept from the last sealings, or read from stored rows.
    /// - Parameter isFirstOfMany: whether hours that soon follow will be sealed as well.
    func history(before hour: Hour, isFirstOfMany: Bool) throws -> History {
        if let rolling, let history = rolling.history(before: hour),
            try !knowsHours(from: rolling.knownFrom, after: rolling.last(before: hour), before: hour)
        {
            return history
        }
        rolling = nil
        guard isFirstOfMany || lastSealed == hour.previous else {
            return try historyForSealing(hour)
        }
        let history = try history(before: hour, snapshots: Array(1...History.snapshotHours))
        rolling = RollingPast(history, before: hour)
        return history
    }

    private func knowsHours(from first: Hour, after last: Hour?, before hour: Hour) throws -> Bool {
        try between.hasRow(first, last?.start ?? .min, hour)
    }

    /// What sealing one hour looks back on, and no more.
    func historyForSealing(_ hour: Hour) throws -> History {
        try history(rows.pastHours(forSealing: hour), before: hour, snapshots: History.snapshotsOfSealing)
    }

    /// Everything that may be looked back on from an hour.
    /// - Parameter snapshots: how many hours back each snapshot is; of those 23, 24 and 25 hours back only the needed ones.
    func history(before hour: Hour, snapshots wanted: [Int]) throws -> History {
        let past = try rows.pastHours(from: hour.advanced(by: -History.summaryHours), through: hour.previous)
        return try history(past, before: hour, snapshots: wanted)
    }

    private func history(_ past: [PastHour], before hour: Hour, snapshots wanted: [Int]) throws -> History {
        let known = Set(past.map(\.hour))
        var snapshots: [OpenInterestSnapshot] = []
        for distance in wanted {
            let then = hour.advanced(by: -distance)
            guard known.contains(then) else { continue }
            // Only one of 23, 24 and 25 hours ago is looked at.
            let isSpare = wanted.count < History.snapshotHours && (distance == 23 || distance == 25)
            if isSpare, known.contains(hour.advanced(by: -24)) { continue }
            snapshots.append(try reader.snapshot(at: then))
        }
        return History(hours: past, snapshots: snapshots)
    }
}
