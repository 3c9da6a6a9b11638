import GRDB
import PerpCore
import WarehouseSQL

/// Keeps the tables of the past equal to what the loaded files state.
final class HistoryLoader {
    private let candles: HistoryWriter<Candle>
    private let openInterests: HistoryWriter<OpenInterest>
    private let settlements: HistoryWriter<FundingSettlement>
    private let longShorts: HistoryWriter<LongShortRatio>
    private let liquidations: HistoryLiquidations
    private let contracts: HistoryContracts
    private let rejection: Insert<Rejection>
    private let file: Statement
    private let rankOfFile: Statement
    private let writeFile: Statement
    private let insertSpan: Statement
    private let deletions: [Statement]
    private let deleteFile: Statement
    private let markLater: Statement
    private let dueOfFile: Statement
    private let factSpan: Statement
    private let due: Statement
    private let reconstruction: ReconstructionStore
    private var ranks: [Int64: HistoryRank] = [:]

    init(_ database: Database) throws {
        candles = try HistoryWriter(database, HistoryTables.candle)
        openInterests = try HistoryWriter(database, HistoryTables.openInterest)
        settlements = try HistoryWriter(database, HistoryTables.settlement)
        longShorts = try HistoryWriter(database, HistoryTables.longShort)
        liquidations = try HistoryLiquidations(database)
        contracts = try HistoryContracts(database)
        rejection = try HistoryTables.rejection.insert(database)
        file = try Statement(database, WarehouseSQL.query("history.file"))
        rankOfFile = try Statement(database, "SELECT learnt_ms, stamp, dataset FROM history_file WHERE file_id = ?")
        writeFile = try Statement(database, WarehouseSQL.query("history.write_file"))
        insertSpan = try Statement(database, WarehouseSQL.query("history.insert_span"))
        deletions = try ["history_span", "history_rejection"].map {
            try Statement(database, "DELETE FROM \($0) WHERE file_id = ?")
        }
        deleteFile = try Statement(database, "DELETE FROM history_file WHERE file_id = ?")
        reconstruction = try ReconstructionStore(database)
        markLater = try Statement(database, WarehouseSQL.query("history.mark_later"))
        factSpan = try Statement(database, WarehouseSQL.query("reconstruction.span_of_file"))
        dueOfFile = try Statement(database, WarehouseSQL.query("history.due_of_file"))
        due = try Statement(
            database, "INSERT INTO funding_interval_due (exchange_id, symbol) VALUES (?, ?) ON CONFLICT DO NOTHING")
    }

    /// The file as it is loaded; `nil` when it is not.
    func loaded(_ key: HistoryKey) throws -> (id: Int64, stagedSHA256: String, isIncomplete: Bool)? {
        try file.first(key.exchange, key.dataset, key.stamp, as: (Int64, String, Bool).self).map { ($0, $1, $2) }
    }

    /// Replaces what a file states.
    func set(_ staged: StagedHour, _ key: HistoryKey, _ loadedFile: LoadedFile) throws {
        if let before = try loaded(key) {
            try clear(before.id, key, isOther: before.stagedSHA256 != loadedFile.stagedSHA256)
        }
        let source = staged.source
        try writeFile.run(
            key.exchange, key.dataset, key.stamp, staged.feed, staged.hour, loadedFile.stagedSHA256, source.rawSHA256,
            source.transformVersion, source.isSimulated, source.responses, source.responsesOK, staged.recordCount,
            staged.rejections.count, source.observedFrom, source.observedTo, source.observedTo ?? staged.hour.startTime)
        guard let id = try loaded(key)?.id else { return }
        try insert(staged, key, id)
    }

    /// Removes what a file states. Files that state some of it as well are marked: they are to be loaded again.
    func remove(_ key: HistoryKey) throws {
        guard let before = try loaded(key) else { return }
        try clear(before.id, key, isOther: true)
        try deleteFile.run(before.id)
        ranks[before.id] = nil
        try contracts.removeUnused(of: key.exchange)
    }

    private func insert(_ staged: StagedHour, _ key: HistoryKey, _ id: Int64) throws {
        func contract(_ fact: some HistoryFact) throws -> Int64 {
            try contracts.number(of: fact.symbol, fact.asset, key.exchange)
        }
        switch key.dataset {
        case .candles, .markCandles, .indexCandles:
            try candles.add(staged.candles, of: id, contract: contract, rank: rank)
        case .openInterest: try openInterests.add(staged.openInterests, of: id, contract: contract, rank: rank)
        case .funding: try settlements.add(staged.fundingSettlements, of: id, contract: contract, rank: rank)
        case .longShort: try longShorts.add(staged.longShortRatios, of: id, contract: contract, rank: rank)
        case .liquidations: try liquidations.add(staged.liquidations, of: id, contracts, key.exchange, rank: rank)
        }
        for span in staged.historySpans {
            try insertSpan.run(key.exchange, key.dataset, span.symbol, span.from, span.to, id)
        }
        for (number, row) in staged.rejections.enumerated() { try rejection.run(row, id, number) }
        if let span = staged.factSpan {
            try reconstruction.mark(key.exchange, from: span.lowerBound, through: span.upperBound)
        }
        guard key.dataset == .funding else { return }
        for symbol in Set(staged.fundingSettlements.map(\.symbol)).sorted() { try due.run(key.exchange, symbol) }
    }

    /// - Parameter isOther: whether the file is gone or another one: what it stated first, others may state as well.
    private func clear(_ id: Int64, _ key: HistoryKey, isOther: Bool) throws {
        try dueOfFile.run(id)
        if let span = try factSpan.first(id, as: (Timestamp, Timestamp).self) {
            try reconstruction.mark(key.exchange, from: span.0, through: span.1)
        }
        switch key.dataset {
        case .candles, .markCandles, .indexCandles: try candles.remove(id, of: key.exchange)
        case .openInterest: try openInterests.remove(id, of: key.exchange)
        case .funding: try settlements.remove(id, of: key.exchange)
        case .longShort: try longShorts.remove(id, of: key.exchange)
        case .liquidations: try liquidations.remove(id, of: key.exchange)
        }
        for deletion in deletions { try deletion.run(id) }
        if isOther { try markLater.run(id) }
        ranks[id] = nil
    }

    /// Removes contracts that no row points to any more.
    func removeUnusedContracts(of exchange: Exchange) throws { try contracts.removeUnused(of: exchange) }

    private func rank(_ id: Int64) throws -> HistoryRank {
        if let rank = ranks[id] { return rank }
        let row = try rankOfFile.first(id, as: (Timestamp, String, HistoryDataset).self)
        guard let (learnt, stamp, dataset) = row else {
            throw WarehouseError.unreadable(table: "history_file", column: "file_id", value: "\(id)")
        }
        let rank = HistoryRank(learnt: learnt, stamp: stamp, dataset: dataset)
        ranks[id] = rank
        return rank
    }
}

/// The numbers of contracts, which rows of the past carry.
final class HistoryContracts {
    private struct Name: Hashable {
        var exchange: Exchange
        var symbol: String
        var asset: String
    }

    private let find: Statement
    private let insert: Statement
    private let deleteUnused: Statement
    private var numbers: [Name: Int64] = [:]

    init(_ database: Database) throws {
        find = try Statement(
            database, "SELECT contract_id FROM history_contract WHERE exchange_id = ? AND symbol = ? AND asset = ?")
        insert = try Statement(database, "INSERT INTO history_contract (exchange_id, symbol, asset) VALUES (?, ?, ?)")
        let isUnused = HistoryTables.ofContracts.map {
            "NOT EXISTS (SELECT 1 FROM \($0) WHERE \($0).contract_id = history_contract.contract_id)"
        }
        deleteUnused = try Statement(
            database, "DELETE FROM history_contract WHERE exchange_id = ? AND \(isUnused.joined(separator: " AND "))")
    }

    /// The number of a contract, which is added when it is new.
    func number(of symbol: String, _ asset: String, _ exchange: Exchange) throws -> Int64 {
        let name = Name(exchange: exchange, symbol: symbol, asset: asset)
        if let number = numbers[name] { return number }
        if let number = try find.first(exchange, symbol, asset, as: Int64.self) {
            numbers[name] = number
            return number
        }
        try insert.run(exchange, symbol, asset)
        return try number(of: symbol, asset, exchange)
    }

    func removeUnused(of exchange: Exchange) throws {
        try deleteUnused.run(exchange)
        numbers = [:]
    }
}

/// Writes the forced closings of the past. An event that several files state stands once, with the values of the first.
final class HistoryLiquidations {
    private let insert: Statement
    private let owner: Statement
    private let take: Statement
    private let delete: Statement

    init(_ database: Database) throws {
        insert = try Statement(database, WarehouseSQL.query("history.insert_liquidation"))
        owner = try Statement(database, WarehouseSQL.query("history.owner_of_liquidation"))
        take = try Statement(database, WarehouseSQL.query("history.take_liquidation"))
        delete = try Statement(database, WarehouseSQL.query("history.delete_liquidations"))
    }

    func add(
        _ rows: [Liquidation], of file: Int64, _ contracts: HistoryContracts, _ exchange: Exchange,
        rank: (Int64) throws -> HistoryRank
    ) throws {
        for (event, values) in LiquidationRuns.distinct(rows) {
            let contract = try contracts.number(of: event.symbol, values.asset, exchange)
            try insert.run(
                contract, event.occurredAt, event.side, event.price, event.quantity, event.id, values.countsContracts,
                values.quantityBase, values.valueUSD, file)
            if insert.changedRows > 0 { continue }
            let before = try owner.first(
                contract, event.occurredAt, event.side, event.price, event.quantity, event.id, as: Int64.self)
            guard let before, try rank(file) < rank(before) else { continue }
            try take.run(
                values.countsContracts, values.quantityBase, values.valueUSD, file, contract, event.occurredAt,
                event.side,
                event.price, event.quantity, event.id)
        }
    }

    func remove(_ file: Int64, of exchange: Exchange) throws { try delete.run(exchange, file) }
}

extension Warehouse {
    /// Replaces what a file of the past states, in one transaction. No hour is touched: what is sealed looks back at live
    /// hours only.
    func loadHistory(
        _ staged: StagedHour, _ dataset: HistoryDataset, from file: LoadedFile, again: Bool
    ) throws -> LoadOutcome {
        let key = HistoryKey(staged.exchange, dataset, stamp: file.stamp)
        return try fileUnit(staged) { database in
            let history = try history(database)
            let before = try history.loaded(key)
            if !again, let before, before.stagedSHA256 == file.stagedSHA256, !before.isIncomplete { return .unchanged }
            let ledger = try loader(database).ledger
            try ledger.claim(staged)
            try history.set(staged, key, file)
            if before != nil { try history.removeUnusedContracts(of: key.exchange) }
            try ledger.log(staged, file)
            return .loaded
        }
    }

    /// The SHA-256 of the staged file of the past that is loaded; `nil` when it is not, or not with all of its facts.
    /// - Throws: an error of the database.
    public func loadedHistory(_ key: HistoryKey) throws -> String? {
        try queue.inDatabase { database in
            try history(database).loaded(key).flatMap { $0.isIncomplete ? nil : $0.stagedSHA256 }
        }
    }

    /// Removes what a file of the past states, as if it had never been loaded. Files that state some of it as well are
    /// incomplete until they are loaded again.
    /// - Throws: an error of the database; nothing is then changed.
    public func remove(_ key: HistoryKey) throws { try unit { try history($0).remove(key) } }

    func history(_ database: Database) throws -> HistoryLoader {
        if let historyStorage { return historyStorage }
        let loader = try HistoryLoader(database)
        historyStorage = loader
        return loader
    }
}

extension StagedHour {
    /// From the first to the last of the facts of which a past hour is put together; `nil` without any.
    fileprivate var factSpan: ClosedRange<Timestamp>? {
        let times = [
            candles.map(\.from), openInterests.map(\.observedAt), fundingSettlements.map(\.settledAt),
        ].joined()
        guard let first = times.min(), let last = times.max() else { return nil }
        return first...last
    }
}

extension LoadedFile {
    /// The stamp of a file of the past, which its name is.
    var stamp: String {
        let name = path.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "." })
    }
}

extension Warehouse {
    /// Takes over what another database holds of a file of the past, whose raw file is gone.
    /// - Throws: an error of a database, or `WarehouseError` when the file has another origin; nothing is then changed.
    public func carryOver(_ key: HistoryKey, from other: Warehouse) throws {
        let reader = HistoryReader(other)
        guard let (staged, file) = try reader.stagedFile(key) else { return }
        let records = try other.read { database in
            try Statement(
                database, "SELECT records FROM history_file WHERE exchange_id = ? AND dataset = ? AND stamp = ?"
            ).first(key.exchange, key.dataset, key.stamp, as: Int.self)
        }
        _ = try load(staged, from: file)
        // Facts that another file states first are not with this one.
        try unit { database in
            try Statement(
                database, "UPDATE history_file SET records = ? WHERE exchange_id = ? AND dataset = ? AND stamp = ?"
            ).run(records, key.exchange, key.dataset, key.stamp)
        }
    }
}
