import Foundation
import GRDBSQLite
import Gzip
import PerpCore
import PipelineFiles
import Synchronization

/// The content of a folder's stages in a form that can be compared: without the times of runs.
struct StageState: Equatable, Sendable {
    /// The raw lines per file, sorted: endpoint, path of the URL, and hash of the body.
    var raw: [String: [String]] = [:]
    /// The hash of the bytes of each staged file.
    var staged: [String: String] = [:]
    /// The rows of each table, sorted; generated keys are replaced by the values that they stand for.
    var tables: [String: [String]] = [:]
    /// Temporary files and databases that are left; there must be none.
    var leftovers: [String] = []

    init(of folder: String) throws {
        for name in TestFiles.below("\(folder)/raw") where name.hasSuffix(".ndjson.gz") {
            raw[name] = try Self.lines.of("\(folder)/raw/\(name)")
        }
        for name in TestFiles.below("\(folder)/staged") where name.hasSuffix(".ndjson.gz") && !name.contains("/.") {
            staged[name] = try sha256(of: "\(folder)/staged/\(name)")
        }
        let database = "\(folder)/warehouse/market_history.db"
        if TestFiles.exists(database) { tables = try StateDatabase(database).tables() }
        leftovers = ["raw", "staged", "warehouse"].flatMap { stage in
            TestFiles.below("\(folder)/\(stage)").filter { $0.hasSuffix(".tmp") || $0.contains(".rebuild") }
        }
    }

    /// The differences from the reference; empty when everything is equal.
    func differences(from reference: StageState) -> [String] {
        var found: [String] = []
        func compare<Value: Equatable>(_ what: String, _ mine: [String: Value], _ other: [String: Value]) {
            for name in Set(mine.keys).union(other.keys).sorted() where mine[name] != other[name] {
                let how = mine[name] == nil ? "is missing" : other[name] == nil ? "should not be there" : "differs"
                found.append("\(what) \(name) \(how)\(Self.example(mine[name], other[name]))")
            }
        }
        compare("raw", raw, reference.raw)
        compare("staged", staged, reference.staged)
        compare("table", tables, reference.tables)
        return found + leftovers.map { "\($0) is left over" }
    }

    /// Raw and staged files that are neither as they were before nor as they should become, and files that are gone.
    func damage(before: StageState, after: StageState) -> [String] {
        var found: [String] = []
        for (name, lines) in raw where lines != before.raw[name] && lines != after.raw[name] {
            found.append("raw \(name) is neither old nor new")
        }
        for (name, hash) in staged where hash != before.staged[name] && hash != after.staged[name] {
            found.append("staged \(name) is neither old nor new")
        }
        found += before.raw.keys.filter { raw[$0] == nil && after.raw[$0] != nil }.map { "raw \($0) is gone" }
        found += before.staged.keys.filter { staged[$0] == nil && after.staged[$0] != nil }
            .map { "staged \($0) is gone" }
        return found.sorted()
    }

    /// The first line of each list that is not in the other, for messages.
    private static func example(_ mine: Any?, _ other: Any?) -> String {
        guard let mine = mine as? [String], let other = other as? [String] else { return "" }
        let here = mine.first { !other.contains($0) } ?? "nothing"
        let there = other.first { !mine.contains($0) } ?? "nothing"
        return ": '\(here.prefix(100))' for '\(there.prefix(100))'"
    }

    var rowCount: Int { tables.values.reduce(0) { $0 + $1.count } }

    private static let lines = RawLines()
}

/// Reads the lines of raw files; files with equal bytes are read once.
private final class RawLines: Sendable {
    private let known = Mutex<[String: [String]]>([:])

    func of(_ path: String) throws -> [String] {
        let stored = ByteBuffer()
        try FileSystem.read(path, into: stored)
        let hash = sha256(stored)
        if let lines = known.withLock({ $0[hash] }) { return lines }
        let text = ByteBuffer()
        try stored.withBytes { try Inflater().inflate($0, into: text) }
        let lines = try text.text.split(separator: "\n").map { try Self.summary(Data($0.utf8), path) }.sorted()
        known.withLock { $0[hash] = lines }
        return lines
    }

    private static func summary(_ line: Data, _ path: String) throws -> String {
        let object = try JSONSerialization.jsonObject(with: line) as? [String: Any]
        if let object, object["event"] as? String == "answered" {
            return "answered \(object["symbol"] ?? "") \(object["from_ms"] ?? "") \(object["to_ms"] ?? "")"
        }
        guard let members = object, let url = members["url"] as? String
        else { throw FaultsFailure("\(path): a line is no raw line") }
        let path = url.split(separator: "/", maxSplits: 2).last.map(String.init) ?? url
        return "\(members["endpoint"] ?? "") \(path.drop { $0 != "/" }) \(members["body_sha256"] ?? "")"
    }
}

/// A database, opened through SQLite's C interface.
final class StateDatabase {
    private var handle: OpaquePointer?

    init(_ path: String) throws {
        guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else {
            throw FaultsFailure("\(path): cannot be opened")
        }
    }

    deinit { sqlite3_close_v2(handle) }

    /// The rows of every table, without the times of runs and without generated keys.
    func tables() throws -> [String: [String]] {
        let names = try rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        var tables: [String: [String]] = [:]
        for name in names where !["listing", "load_log", "outcome_progress", "grdb_migrations"].contains(name) {
            tables[name] = try rows(Self.query(of: name)).sorted()
        }
        return tables
    }

    private static func query(of table: String) -> String {
        guard table == "ticker" else { return "SELECT * FROM \(table)" }
        return """
            SELECT l.exchange_id, l.symbol, l.asset, l.quote, l.kind, l.contract, t.hour, t.last_price, t.mark_price,
                t.index_price, t.bid_price, t.ask_price, t.volume_base_24h, t.volume_usd_24h,
                t.open_interest_contracts, t.open_interest_base, t.open_interest_usd, t.funding_rate,
                t.funding_interval_hours, t.next_funding_at_ms, t.price_change_24h, t.trades_24h, t.observed_at_ms
            FROM ticker AS t JOIN listing AS l USING (listing_id)
            """
    }

    func execute(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
            throw FaultsFailure(String(cString: sqlite3_errmsg(handle)))
        }
    }

    /// Runs a query. Returns each row as a line of text, columns separated by `|`.
    func rows(_ sql: String) throws -> [String] {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
            throw FaultsFailure(String(cString: sqlite3_errmsg(handle)))
        }
        var rows: [String] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW:
                rows.append(
                    (0..<sqlite3_column_count(statement)).map { column in
                        sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL"
                    }
                    .joined(separator: "|"))
            case SQLITE_DONE: return rows
            default: throw FaultsFailure(String(cString: sqlite3_errmsg(handle)))
            }
        }
    }
}
