import GRDB
import PerpCore

/// The staged file from which facts are loaded.
public struct LoadedFile: Hashable, Sendable {
    /// The path as it was named, for the log. That of a file of the past ends in its stamp, which names it.
    public var path: String
    /// The SHA-256 of the stored bytes, in lower-case hexadecimal.
    public var stagedSHA256: String
    /// When it was loaded, on our clock.
    public var loadedAt: Timestamp

    /// Creates the description of a file.
    public init(path: String, stagedSHA256: String, loadedAt: Timestamp) {
        self.path = path
        self.stagedSHA256 = stagedSHA256
        self.loadedAt = loadedAt
    }
}

/// What loading a file did.
public enum LoadOutcome: Hashable, Sendable {
    /// The facts of the file were written.
    case loaded
    /// The same file is loaded already; nothing was written.
    case unchanged
}

extension Warehouse {
    /// The SHA-256 of the staged file whose facts are loaded for an exchange and hour; `nil` without one.
    /// - Throws: an error of the database.
    public func loadedFile(_ exchange: Exchange, _ hour: Hour, _ feed: Feed = .live) throws -> String? {
        try queue.inDatabase { database in
            switch feed {
            case .live: try loader(database).ledger.loadedFile(exchange, hour)?.stagedSHA256
            case .stream: try streams(database).loadedFile(exchange, hour)
            case .history, .archive: nil  // their files belong to no hour
            }
        }
    }

    /// Replaces the facts of one exchange and hour by those of a staged file, in one transaction, and
    /// marks the affected hours to be sealed again.
    /// - Parameter again: whether to replace the rows even if the same file is loaded: they may be wrong.
    /// - Throws: `WarehouseError` when the file has another origin, a duplicate, or a value that a table refuses; otherwise
    ///   an error of the database. Nothing is then changed.
    public func load(_ staged: StagedHour, from file: LoadedFile, again: Bool = false) throws -> LoadOutcome {
        if let dataset = staged.history { return try loadHistory(staged, dataset, from: file, again: again) }
        if let stream = staged.stream { return try loadStream(staged, stream, from: file, again: again) }
        return try fileUnit(staged) { database in
            let loader = try loader(database)
            loader.liquidations.mayDefer = isScratch && isInTransaction
            let (exchange, hour) = (staged.exchange, staged.hour)
            let before = try loader.ledger.loadedFile(exchange, hour)
            if !again, before?.stagedSHA256 == file.stagedSHA256 { return .unchanged }
            let facts = try ordered(staged)
            try loader.ledger.claim(facts)
            try loader.ledger.touch(hour)
            try loader.ledger.markForecasts(from: hour)
            if before != nil { try loader.deleteRows(exchange, hour) }
            try loader.insertRows(facts)
            if before != nil { try markSettlements(before: true, exchange, hour, database) }
            let touched = try loader.replaceEvents(with: facts, exchange, hour, hadFile: before != nil)
            try markSettlements(before: false, exchange, hour, database)
            try loader.instruments.set(
                facts.instruments, exchange: exchange, hour: hour, wasList: before?.hasList ?? false)
            try markChangedInstruments(loader, exchange, database)
            try loader.ledger.recordLoaded(facts, file)
            for hour in touched.sorted() { try loader.ledger.touch(hour) }
            recentFacts.keep(facts)
            return .loaded
        }
    }

    /// Runs a unit of work on one file: a row that the tables refuse is an error of that file and affects no other.
    func fileUnit<Result>(_ staged: StagedHour, _ body: (Database) throws -> Result) throws -> Result {
        do {
            return try unit(body)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw WarehouseError.refused(
                record: "a record", exchange: staged.exchange, hour: staged.hour, symbol: "?",
                reason: error.message ?? "constraint failed")
        }
    }

    /// Removes the facts of one exchange and hour, as if its file had never been loaded.
    /// - Throws: an error of the database; nothing is then changed.
    func remove(_ exchange: Exchange, _ hour: Hour) throws {
        try unit { database in
            let loader = try loader(database)
            guard let before = try loader.ledger.loadedFile(exchange, hour) else { return }
            recentFacts.drop(exchange, hour)
            try loader.ledger.touch(hour)
            try loader.ledger.markForecasts(from: hour)
            try loader.deleteRows(exchange, hour)
            try markSettlements(before: true, exchange, hour, database)
            let touched = try loader.replaceEvents(with: nil, exchange, hour, hadFile: true)
            try loader.instruments.set([], exchange: exchange, hour: hour, wasList: before.hasList)
            try markChangedInstruments(loader, exchange, database)
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

    /// The hour with its instruments in order.
    /// - Throws: `WarehouseError` when a symbol has two descriptions, which cannot both be stored.
    private func ordered(_ staged: StagedHour) throws -> StagedHour {
        if staged.instruments.isOrdered { return staged }
        var symbols: Set<String> = []
        for one in staged.instruments where !symbols.insert(one.symbol).inserted {
            throw WarehouseError.duplicate(
                record: "instrument", exchange: staged.exchange, hour: staged.hour, symbol: one.symbol)
        }
        var ordered = staged
        ordered.instruments = staged.instruments.ordered
        return ordered
    }
}
