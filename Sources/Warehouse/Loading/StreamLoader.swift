import GRDB
import PerpCore
import WarehouseSQL

/// Keeps the tables of streams equal to what the loaded files state.
final class StreamLoader {
    private let loaded: Statement
    private let insertHour: Statement
    private let insertGap: Statement
    private let insertEvent: Statement
    private let rejection: Insert<Rejection>
    private let windows: Statement
    private let deletions: [Statement]
    private let unseal: Statement

    init(_ database: Database) throws {
        loaded = try Statement(database, "SELECT staged_sha256 FROM stream_hour WHERE hour = ? AND exchange_id = ?")
        insertHour = try Statement(database, WarehouseSQL.query("stream.insert_hour"))
        insertGap = try Statement(
            database, "INSERT INTO stream_gap (hour, exchange_id, from_ms, to_ms, reason) VALUES (?, ?, ?, ?, ?)")
        insertEvent = try Statement(database, WarehouseSQL.query("stream.insert_event"))
        rejection = try FactTables.streamRejection.insert(database)
        windows = try Statement(database, WarehouseSQL.query("stream.windows"))
        deletions = try StoredTable.countedLater.map {
            try Statement(database, "DELETE FROM \($0) WHERE hour = ? AND exchange_id = ?")
        }
        unseal = try Statement(database, WarehouseSQL.query("stream.unseal"))
    }

    /// The SHA-256 of the staged file that is loaded; `nil` without one.
    func loadedFile(_ exchange: Exchange, _ hour: Hour) throws -> String? {
        try loaded.first(hour, exchange, as: String.self)
    }

    /// Removes what the file of an exchange and hour stated; the hours that count it are sealed again.
    func delete(_ exchange: Exchange, _ hour: Hour) throws {
        try touch(exchange, hour)
        for deletion in deletions { try deletion.run(hour, exchange) }
    }

    /// Writes what a file states; the hours that count it are sealed again.
    func insert(_ staged: StagedHour, _ stream: StreamRecord, _ file: LoadedFile) throws {
        let (hour, exchange, source) = (staged.hour, staged.exchange, staged.source)
        try insertHour.run(
            hour, exchange, file.stagedSHA256, source.rawSHA256, source.transformVersion, source.liquidations,
            stream.priceKind, stream.coveredMilliseconds, stream.messages, stream.duplicates, source.responses,
            source.responsesOK, staged.rejections.count, source.observedFrom, source.observedTo)
        for gap in stream.gaps { try insertGap.run(hour, exchange, gap.from, gap.to, gap.reason) }
        for (event, values) in LiquidationRuns.distinct(staged.liquidations) {
            try insertEvent.run(
                event.occurredAt, exchange, event.symbol, event.side, event.price, event.quantity, event.id, hour,
                values.countsContracts, values.asset, values.quantityBase, values.valueUSD)
        }
        for (number, row) in staged.rejections.enumerated() { try rejection.run(row, hour, exchange, number) }
        try touch(exchange, hour)
    }

    /// Marks the hours whose closed hour before them is the file's, or holds one of its events, and those that look back on
    /// them. Only hours that are known: a stream alone makes no hour.
    private func touch(_ exchange: Exchange, _ hour: Hour) throws {
        var touched: Set<Hour> = [hour.next]
        try windows.forEach(hour, exchange) { (start: Hour) in touched.insert(start.next) }
        for hour in touched.sorted() { try unseal.run(hour, hour.advanced(by: Ledger.lookBack)) }
    }
}

extension Warehouse {
    /// Replaces what an exchange's stream said in an hour by a staged file, in one transaction.
    func loadStream(
        _ staged: StagedHour, _ stream: StreamRecord, from file: LoadedFile, again: Bool
    ) throws -> LoadOutcome {
        try fileUnit(staged) { database in
            let (loader, streams) = (try loader(database), try streams(database))
            let before = try streams.loadedFile(staged.exchange, staged.hour)
            if !again, before == file.stagedSHA256 { return .unchanged }
            try loader.ledger.claim(staged)
            if before != nil { try streams.delete(staged.exchange, staged.hour) }
            try streams.insert(staged, stream, file)
            try loader.ledger.log(staged, file)
            return .loaded
        }
    }

    func streams(_ database: Database) throws -> StreamLoader {
        if let streamsStorage { return streamsStorage }
        let loader = try StreamLoader(database)
        streamsStorage = loader
        return loader
    }
}
