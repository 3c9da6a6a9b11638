import GRDB
import PerpCore

/// The staged file that a loading came from.
public struct LoadedFile: Hashable, Sendable {
    /// As it was named, for the log.
    public var path: String
    /// SHA-256 of the stored bytes, in lower-case hexadecimal.
    public var stagedSHA256: String
    /// Our clock.
    public var loadedAt: Timestamp

    public init(path: String, stagedSHA256: String, loadedAt: Timestamp) {
        self.path = path
        self.stagedSHA256 = stagedSHA256
        self.loadedAt = loadedAt
    }
}

public enum LoadOutcome: Hashable, Sendable {
    case loaded
    /// The same file is loaded already; nothing was written.
    case unchanged
}

extension Warehouse {
    /// The staged file whose facts are loaded for an exchange and hour, by its SHA-256; `nil` without one.
    public func loadedFile(_ exchange: Exchange, _ hour: Hour) throws -> String? {
        try queue.inDatabase { try loader($0).ledger.loadedFile(exchange, hour)?.stagedSHA256 }
    }

    /// Replaces the facts of one exchange and hour by those of a staged file, in one transaction, and
    /// marks the hours that they concern to be sealed again.
    /// - Parameter again: whether the rows are replaced although the same file is loaded: they may be wrong.
    public func load(_ staged: StagedHour, from file: LoadedFile, again: Bool = false) throws -> LoadOutcome {
        try fileUnit(staged) { database in
            let loader = try loader(database)
            let (exchange, hour) = (staged.exchange, staged.hour)
            let before = try loader.ledger.loadedFile(exchange, hour)
            if !again, before?.stagedSHA256 == file.stagedSHA256 { return .unchanged }
            try requireUnique(staged)
            try loader.ledger.claim(staged)
            try loader.ledger.touch(hour)
            if before != nil { try loader.deleteRows(exchange, hour) }
            try loader.insertRows(staged)
            let touched = try loader.replaceEvents(with: staged, exchange, hour, hadFile: before != nil)
            try loader.instruments.set(
                staged.instruments, exchange: exchange, hour: hour, wasList: before?.hasList ?? false)
            try loader.ledger.recordLoaded(staged, file)
            for hour in touched.sorted() { try loader.ledger.touch(hour) }
            recentFacts.keep(staged)
            return .loaded
        }
    }

    /// A unit of work on one file: what the tables refuse of it is that file's fault, and costs no other.
    private func fileUnit<Result>(_ staged: StagedHour, _ body: (Database) throws -> Result) throws -> Result {
        do {
            return try unit(body)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw WarehouseError.refused(
                record: "a record", exchange: staged.exchange, hour: staged.hour, symbol: "?",
                reason: error.message ?? "constraint failed")
        }
    }

    /// Removes the facts of one exchange and hour, as if its file had never been loaded.
    public func remove(_ exchange: Exchange, _ hour: Hour) throws {
        try unit { database in
            let loader = try loader(database)
            guard let before = try loader.ledger.loadedFile(exchange, hour) else { return }
            recentFacts.drop(exchange, hour)
            try loader.ledger.touch(hour)
            try loader.deleteRows(exchange, hour)
            let touched = try loader.replaceEvents(with: nil, exchange, hour, hadFile: true)
            try loader.instruments.set([], exchange: exchange, hour: hour, wasList: before.hasList)
            try loader.ledger.removeEndpoints(exchange, hour)
            try database.execute(
                sql: "DELETE FROM exchange_hour WHERE hour = ? AND exchange_id = ?",
                arguments: [hour.start, exchange.id])
            try refreshExpectation(database, hour)
            for hour in touched.sorted() { try loader.ledger.touch(hour) }
        }
    }

    func loader(_ database: Database) throws -> FactLoader {
        if let loaderStorage { return loaderStorage }
        let loader = try FactLoader(database)
        loaderStorage = loader
        return loader
    }

    /// A symbol has one description; two of them cannot both be kept.
    private func requireUnique(_ staged: StagedHour) throws {
        var symbols: Set<String> = []
        let isSorted = zip(staged.instruments, staged.instruments.dropFirst()).allSatisfy { $0.symbol < $1.symbol }
        if isSorted { return }
        for one in staged.instruments where !symbols.insert(one.symbol).inserted {
            throw WarehouseError.duplicate(
                record: "instrument", exchange: staged.exchange, hour: staged.hour, symbol: one.symbol)
        }
    }
}
