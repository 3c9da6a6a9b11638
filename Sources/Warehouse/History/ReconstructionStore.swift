import GRDB
import PerpCore
import Sealing
import WarehouseSQL

/// Keeps the table `reconstructed_hour` equal to what the facts of the past show.
///
/// Loading marks the spans of an exchange in which something changed, and `refresh` measures their hours again. Hours that
/// were recorded are measured as well, so that the rows depend on the files of the past alone; views leave them out.
final class ReconstructionStore {
    private let mark: Statement
    private let due: Statement
    private let contracts: Statement
    private let candles: Statement
    private let files: Statement
    private let closes: Statement
    private let openInterests: Statement
    private let settlements: Statement
    private let delete: Statement
    private let insert: Insert<ReconstructedHour>

    /// Hours that are measured at a time, so that a year takes no more memory than two weeks.
    private static let hoursAtATime = 336
    /// Hours before a span that its first hour looks back at.
    private static let lookBack = 48

    init(_ database: Database) throws {
        mark = try Statement(database, WarehouseSQL.query("reconstruction.mark"))
        due = try Statement(
            database, "SELECT exchange_id, from_hour, to_hour FROM reconstruction_due ORDER BY exchange_id")
        contracts = try Statement(database, WarehouseSQL.query("reconstruction.contracts"))
        candles = try Statement(database, WarehouseSQL.query("reconstruction.candles"))
        files = try Statement(database, WarehouseSQL.query("reconstruction.files"))
        closes = try Statement(database, WarehouseSQL.query("reconstruction.closes"))
        openInterests = try Statement(database, WarehouseSQL.query("reconstruction.open_interests"))
        settlements = try Statement(database, WarehouseSQL.query("reconstruction.settlements"))
        delete = try Statement(
            database, "DELETE FROM reconstructed_hour WHERE exchange_id = ? AND hour BETWEEN ? AND ?")
        insert = try HistoryTables.reconstructed.insert(database)
    }

    /// Marks the hours on which facts from `first` to `last` bear.
    func mark(_ exchange: Exchange, from first: Timestamp, through last: Timestamp) throws {
        try mark.run(exchange, Hour(containing: first), Hour(containing: last).advanced(by: 25))
    }

    /// Whether any hour is marked.
    func isDue() throws -> Bool { try due.hasRow() }

    /// Measures the marked hours.
    func refresh() throws {
        let marked: [(Exchange, Hour, Hour)] = try due.map { ($0, $1, $2) }
        for (exchange, from, to) in marked {
            try delete.run(exchange, from, to)
            var learning: [Int64: Learning] = [:]
            try files.forEach(exchange) { (id: Int64, at: Timestamp, feed: Feed) in
                learning[id] = Learning(at: at, feed: feed)
            }
            var start = from
            while start <= to {
                let end = min(to, start.advanced(by: Self.hoursAtATime - 1))
                try measure(exchange, start...end, learning)
                start = end.next
            }
        }
    }

    /// - Parameter files: when the facts of each file were learnt.
    private func measure(_ exchange: Exchange, _ hours: ClosedRange<Hour>, _ files: [Int64: Learning]) throws {
        var learnt = [Learning?](repeating: nil, count: hours.lowerBound.distance(to: hours.upperBound) + 1)
        let known = try contracts(of: exchange, hours) { at, file in
            let place = hours.lowerBound.distance(to: Hour(containing: at).next)
            guard learnt.indices.contains(place), let learning = files[file] else { return }
            learnt[place] = learnt[place]?.with(learning) ?? learning
        }
        guard !known.isEmpty else { return }
        for (hour, learnt) in zip(hours.hours, learnt) {
            guard let learnt else { continue }
            let tickers = known.compactMap { $0.ticker(at: hour) }
            guard let row = ReconstructedHour(exchange, hour, tickers: tickers) else { continue }
            try insert.run(row, learnt.at, learnt.feed)
        }
    }

    /// - Parameter note: is told of each candle and its file.
    private func contracts(
        of exchange: Exchange, _ hours: ClosedRange<Hour>, note: (_ at: Timestamp, _ file: Int64) -> Void
    ) throws -> [PastContract] {
        let from = hours.lowerBound.advanced(by: -Self.lookBack).startTime
        let to = hours.upperBound.end
        let named: [(Int64, String, String)] = try contracts.map(exchange) { ($0, $1, $2) }
        return try named.compactMap { id, symbol, asset in
            var rows: [PastPrice] = []
            try candles.forEach(id, from, to) {
                (at: Timestamp, open: Double, close: Double, base: Double?, usd: Double?, file: Int64) in
                rows.append(PastPrice(at: at, open: open, close: close, volumeBase: base, volumeUSD: usd))
                note(at, file)
            }
            guard !rows.isEmpty else { return nil }
            return PastContract(
                symbol: symbol, asset: asset, candles: rows, marks: try prices(.mark, id, from, to),
                indices: try prices(.index, id, from, to), openInterests: try openInterests(id, from, to),
                settlements: try settlements(id, symbol, from, to))
        }
    }

    /// When the newest candle of an hour was learnt, and whether one is from an archive.
    private struct Learning {
        var at: Timestamp
        var feed: Feed

        func with(_ other: Learning) -> Learning { Learning(at: max(at, other.at), feed: max(feed, other.feed)) }
    }

    private func prices(
        _ kind: CandlePrice, _ id: Int64, _ from: Timestamp, _ to: Timestamp
    ) throws -> [PastPrice] {
        try closes.map(id, kind, from, to) { (at: Timestamp, close: Double) in
            PastPrice(at: at, open: close, close: close)
        }
    }

    private func openInterests(_ id: Int64, _ from: Timestamp, _ to: Timestamp) throws -> [OpenInterest] {
        try openInterests.map(id, from, to) { (at: Timestamp, contracts: Double?, base: Double?, usd: Double?) in
            OpenInterest(symbol: "", asset: "", observedAt: at, contracts: contracts, base: base, usd: usd)
        }
    }

    private func settlements(
        _ id: Int64, _ symbol: String, _ from: Timestamp, _ to: Timestamp
    ) throws -> [FundingSettlement] {
        let rows: [FundingSettlement] = try settlements.map(id, from, to) {
            (at: Timestamp, rate: Double, hours: Double?) in
            FundingSettlement(
                symbol: symbol, asset: "", settledAt: at, fundingRate: rate, fundingIntervalHours: hours)
        }
        return rows.withPeriods
    }
}

extension Warehouse {
    /// Finds the intervals of funding and the hours of the past again of which something changed.
    /// - Throws: an error of the database; nothing is then changed.
    func refreshPast() throws {
        try refreshFundingIntervals()
        try reconstructHours()
    }

    private func reconstructHours() throws {
        guard try queue.inDatabase({ try reconstruction($0).isDue() }) else { return }
        try unit { database in
            try reconstruction(database).refresh()
            try database.execute(sql: "DELETE FROM reconstruction_due")
        }
    }

    func reconstruction(_ database: Database) throws -> ReconstructionStore {
        if let reconstructionStorage { return reconstructionStorage }
        let store = try ReconstructionStore(database)
        reconstructionStorage = store
        return store
    }
}
