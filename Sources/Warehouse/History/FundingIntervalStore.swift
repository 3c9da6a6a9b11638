import GRDB
import PerpCore
import WarehouseSQL

/// Keeps the table `funding_interval` equal to what settlements and lists of instruments show.
///
/// Loading marks the contracts of which something changed, and sealing finds their intervals again. A settlement that goes
/// on as those before it changes nothing, and marks nothing: an hour costs the same in every year.
final class FundingIntervalStore {
    private let mark: Statement
    private let markStatedHere: Statement
    private let statedHere: Statement
    private let due: Statement
    private let settlements: Statement
    private let instruments: Statement
    private let stored: Statement
    private let delete: Statement
    private let insert: Statement

    init(_ database: Database) throws {
        mark = try Statement(
            database, "INSERT INTO funding_interval_due (exchange_id, symbol) VALUES (?, ?) ON CONFLICT DO NOTHING")
        markStatedHere = try Statement(database, WarehouseSQL.query("intervals.mark_stated_here"))
        statedHere = try Statement(database, WarehouseSQL.query("intervals.stated_here"))
        due = try Statement(
            database, "SELECT exchange_id, symbol FROM funding_interval_due ORDER BY exchange_id, symbol")
        settlements = try Statement(database, WarehouseSQL.query("intervals.settlements"))
        instruments = try Statement(database, WarehouseSQL.query("intervals.instruments"))
        stored = try Statement(database, WarehouseSQL.query("intervals.stored"))
        delete = try Statement(database, "DELETE FROM funding_interval WHERE exchange_id = ? AND symbol = ?")
        insert = try Statement(database, WarehouseSQL.query("intervals.insert"))
    }

    /// Marks contracts.
    func mark(_ symbols: some Sequence<String>, of exchange: Exchange) throws {
        for symbol in symbols.sorted() { try mark.run(exchange, symbol) }
    }

    /// Marks the contracts of which a live file states a settlement that no earlier hour's file states.
    func markStated(_ exchange: Exchange, _ hour: Hour) throws { try markStatedHere.run(hour, exchange) }

    /// Marks those of them whose settlement does not go on as the ones before it.
    func markUnusual(_ exchange: Exchange, _ hour: Hour) throws {
        var unusual: Set<String> = []
        try statedHere.forEach(hour, exchange) {
            (
                symbol: String, at: Timestamp, stated: Double?, lastLive: Timestamp?, lastPast: Timestamp?,
                isLatest: Bool,
                usual: Double?
            ) in
            let previous = [lastLive, lastPast].compactMap(\.self).max()
            let hours = stated ?? previous.flatMap { FundingSettlement.intervalHours(from: $0, to: at) }
            if !isLatest || hours == nil || hours != usual { unusual.insert(symbol) }
        }
        try mark(unusual, of: exchange)
    }

    /// Whether any contract is marked.
    func isDue() throws -> Bool { try due.hasRow() }

    /// Finds the intervals of the marked contracts.
    func refresh() throws {
        let marked: [(Exchange, String)] = try due.map { ($0, $1) }
        for (exchange, symbol) in marked {
            let wanted = try intervals(exchange, symbol)
            let before: [FundingInterval] = try stored.map(exchange, symbol) {
                FundingInterval(from: $0, until: $1, hours: $2, evidence: $3)
            }
            if wanted == before { continue }
            try delete.run(exchange, symbol)
            for interval in wanted {
                try insert.run(exchange, symbol, interval.from, interval.until, interval.hours, interval.evidence)
            }
        }
    }

    private func intervals(_ exchange: Exchange, _ symbol: String) throws -> [FundingInterval] {
        var settled: [FundingInterval.Settled] = []
        // Ordered by time; of several statements the one that counts comes first.
        try settlements.forEach(exchange, symbol) { (at: Timestamp, hours: Double?) in
            if settled.last?.at != at { settled.append(.init(at: at, statedHours: hours)) }
        }
        let stated: [FundingInterval.Stated] = try instruments.map(exchange, symbol) {
            (from: Hour, until: Hour?, hours: Double) in
            .init(from: from.startTime, until: until?.startTime, hours: hours)
        }
        return FundingInterval.intervals(settlements: settled, instruments: stated)
    }
}

extension Warehouse {
    /// The intervals of funding of an exchange's contracts, by symbol and ascending.
    /// - Throws: an error of the database.
    public func fundingIntervals(_ exchange: Exchange) throws -> [String: [FundingInterval]] {
        try read { database in
            var found: [String: [FundingInterval]] = [:]
            try Statement(database, WarehouseSQL.query("intervals.of_exchange")).forEach(exchange) {
                (symbol: String, from: Timestamp, until: Timestamp?, hours: Double, evidence: FundingInterval.Evidence)
                in
                found[symbol, default: []].append(
                    FundingInterval(from: from, until: until, hours: hours, evidence: evidence))
            }
            return found
        }
    }

    /// Finds the intervals of funding of the contracts of which something changed; in a scratch database of all.
    /// - Throws: an error of the database; nothing is then changed.
    func refreshFundingIntervals() throws {
        let isDue = try queue.inDatabase { try intervals($0).isDue() }
        guard isDue || isScratch else { return }
        try unit { database in
            if isScratch { try database.execute(sql: WarehouseSQL.query("intervals.mark_all")) }
            try intervals(database).refresh()
            try database.execute(sql: "DELETE FROM funding_interval_due")
        }
    }

    /// Finds the intervals again that began before an hour, whose settlements were removed.
    func refreshFundingIntervals(before cut: Hour) throws {
        try unit { database in
            try database.execute(
                sql: WarehouseSQL.query("intervals.mark_before"), arguments: [cut.startMilliseconds])
        }
        try refreshFundingIntervals()
    }

    /// Marks the contracts whose versions the latest list of instruments changed.
    func markChangedInstruments(_ loader: FactLoader, _ exchange: Exchange, _ database: Database) throws {
        if isScratch || loader.instruments.changed.isEmpty { return }
        try intervals(database).mark(loader.instruments.changed, of: exchange)
    }

    /// Marks the contracts of which a live file states settlements.
    /// - Parameter before: whether the file's rows are about to be removed.
    func markSettlements(before isRemoved: Bool, _ exchange: Exchange, _ hour: Hour, _ database: Database) throws {
        if isScratch { return }
        if isRemoved { return try intervals(database).markStated(exchange, hour) }
        try intervals(database).markUnusual(exchange, hour)
    }

    private func intervals(_ database: Database) throws -> FundingIntervalStore {
        if let intervalsStorage { return intervalsStorage }
        let store = try FundingIntervalStore(database)
        intervalsStorage = store
        return store
    }
}
