import GRDB
import PerpCore

/// The order in which files were learnt: by the time of their last answer, then by name.
struct HistoryRank: Comparable {
    var learnt: Timestamp
    var stamp: String
    var dataset: HistoryDataset

    static func < (left: HistoryRank, right: HistoryRank) -> Bool {
        (left.learnt, left.stamp, left.dataset) < (right.learnt, right.stamp, right.dataset)
    }
}

/// A value of a fact, and the first file that states it.
struct HistoryVersion<Record: HistoryFact>: Equatable {
    var file: Int64
    var record: Record

    /// The versions of a fact with one more statement, in the order in which they were learnt; `nil` when it adds nothing.
    static func adding(
        _ new: HistoryVersion, to versions: [HistoryVersion], rank: (Int64) throws -> HistoryRank
    ) rethrows -> [HistoryVersion]? {
        if let same = versions.first(where: { $0.record == new.record }) {
            guard same.file != new.file, try rank(new.file) < rank(same.file) else { return nil }
        }
        // The standard sort is stable: what one file tells of a fact stays in the order in which it was told.
        return try (versions.filter { $0.record != new.record } + [new]).sorted { try rank($0.file) < rank($1.file) }
    }
}

/// Writes the facts of one table of the past.
///
/// A fact that is new goes to the end of the table, or near to it, without a look at others. One that is there already is
/// compared: the rows depend on what the files state, and not on the order in which they are written.
final class HistoryWriter<Record: HistoryFact> {
    private let table: HistoryTable<Record>
    private let insert: Insert<Record>
    private let versions: Statement
    private let delete: Statement
    private let deleteOfFile: Statement
    private let withoutPrevious: Statement

    init(_ database: Database, _ table: HistoryTable<Record>) throws {
        self.table = table
        let (name, fields) = (table.rows.name, table.rows.fieldList())
        insert = try table.rows.insert(database, conflict: "ON CONFLICT DO NOTHING")
        versions = try Statement(
            database, "SELECT file_id, \(fields) FROM \(name) WHERE \(table.isFact) ORDER BY version")
        delete = try Statement(database, "DELETE FROM \(name) WHERE \(table.isFact)")
        let ofExchange = "contract_id IN (SELECT contract_id FROM history_contract WHERE exchange_id = ?)"
        deleteOfFile = try Statement(database, "DELETE FROM \(name) WHERE \(ofExchange) AND file_id = ?")
        let isSame = (["contract_id"] + table.keyNames).map { "o.\($0) = t.\($0)" }.joined(separator: " AND ")
        withoutPrevious = try Statement(
            database,
            "SELECT contract_id, \(fields) FROM \(name) AS t WHERE version > 0 AND \(ofExchange) "
                + "AND NOT EXISTS (SELECT 1 FROM \(name) AS o WHERE \(isSame) AND o.version = t.version - 1)")
    }

    /// Adds what a file states.
    /// - Parameter contract: the number of a record's contract.
    func add(
        _ records: [Record], of file: Int64, contract: (Record) throws -> Int64, rank: (Int64) throws -> HistoryRank
    ) throws {
        // Through the buffer: an element taken out of the array would be copied with its strings.
        try records.withUnsafeBufferPointer { rows in
            var number: Int64 = 0
            for index in rows.indices {
                if index == 0 || rows[index].symbol != rows[index - 1].symbol
                    || rows[index].asset != rows[index - 1].asset
                {
                    number = try contract(rows[index])
                }
                let row = rows.baseAddress! + index  // there is a row
                insert.bind(number, 0, file)
                try insert.run(at: row)
                if insert.changedRows == 0 { try add(row, number, file, rank) }
            }
        }
    }

    private func add(
        _ row: UnsafePointer<Record>, _ contract: Int64, _ file: Int64, _ rank: (Int64) throws -> HistoryRank
    ) throws {
        let stored = try stored(row, contract)
        let new = HistoryVersion(file: file, record: row.pointee)
        guard let wanted = try HistoryVersion.adding(new, to: stored, rank: rank) else { return }
        try write(wanted, row, contract)
    }

    /// The versions of a fact as they stand, in their order.
    private func stored(_ row: UnsafePointer<Record>, _ contract: Int64) throws -> [HistoryVersion<Record>] {
        versions.bind(contract)
        versions.bind(table.key, of: row, behind: 1)
        var found: [HistoryVersion<Record>] = []
        try versions.forEachRow { stored in
            let file = try stored.columns(as: Int64.self)
            found.append(
                HistoryVersion(file: file, record: try stored.record(table.rows.fields, into: row.pointee, behind: 1)))
        }
        return found
    }

    private func write(_ wanted: [HistoryVersion<Record>], _ row: UnsafePointer<Record>, _ contract: Int64) throws {
        delete.bind(contract)
        delete.bind(table.key, of: row, behind: 1)
        try delete.runBound()
        for (number, version) in wanted.enumerated() {
            insert.bind(contract, number, version.file)
            try withUnsafePointer(to: version.record) { try insert.run(at: $0) }
        }
    }

    /// Removes what stands as stated first by a file; the versions that are left count from 0 again.
    func remove(_ file: Int64, of exchange: Exchange) throws {
        try deleteOfFile.run(exchange, file)
        var facts: [(contract: Int64, record: Record)] = []
        try withoutPrevious.forEachRow(exchange) { row in
            facts.append((try row.columns(as: Int64.self), try row.record(table.rows.fields, behind: 1)))
        }
        for fact in facts {
            try withUnsafePointer(to: fact.record) { row in
                try write(try stored(row, fact.contract), row, fact.contract)
            }
        }
    }
}
