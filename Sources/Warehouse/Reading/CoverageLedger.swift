import GRDB
import PerpCore
import WarehouseSQL

/// An exchange that is missing, in part or altogether, in an hour.
public struct MissingHour: Hashable, Sendable {
    /// The hour in which it is missing.
    public let hour: Hour
    /// The exchange that is missing.
    public let exchange: Exchange
    /// `down`, `banned`, `blocked`, `refused`, `interrupted`, `failed`, `awaited`, `rejected`, `machine_off`,
    /// `not_asked`; or `partial`, where an endpoint or a field is missing.
    public let cause: String
    /// What the last run said about it; `nil` when it said nothing.
    public let reason: String?
}

/// How many hours of an exchange were expected in a span, and how many are loaded.
public struct ExchangeCoverage: Hashable, Sendable {
    /// The exchange that was expected.
    public let exchange: Exchange
    /// The number of hours in which it was expected.
    public let expectedHours: Int
    /// The number of these hours with at least one ticker.
    public let loadedHours: Int
    /// The last hour of the span with a ticker; `nil` without one.
    let lastLoaded: Hour?
    /// The first stored hour with a ticker, in the span or before it: since when the exchange is there; `nil` without one.
    public let firstLoaded: Hour?
}

/// A part of an hour in which an exchange's stream was not heard.
public struct UnheardStream: Hashable, Sendable {
    /// The exchange of the stream.
    public let exchange: Exchange
    /// When and why.
    public let gap: StreamRecord.Gap
}

/// How much of a span an exchange's stream was heard.
public struct HeardStream: Hashable, Sendable {
    /// The exchange of the stream.
    public let exchange: Exchange
    /// The number of hours with a file of the stream.
    public let recordedHours: Int
    /// Milliseconds in which it was heard.
    public let heardMilliseconds: Int64
}

/// The files and the rules from which an exchange's hour was loaded.
public struct LoadedRaw: Hashable, Sendable {
    /// The SHA-256 of the stored bytes of the raw file, in lower-case hexadecimal.
    public let rawSHA256: String
    /// The version of the rules that made the staged file.
    public let transformVersion: Int
    /// The SHA-256 of the stored bytes of the staged file, in lower-case hexadecimal.
    public let stagedSHA256: String
}

/// A line of the load log: a raw file that was loaded, through its staged file.
public struct RawLoading: Hashable, Sendable {
    /// The exchange of the file.
    public let exchange: Exchange
    /// The SHA-256 of the stored bytes of the raw file, in lower-case hexadecimal.
    public let rawSHA256: String
    /// The version of the rules that made the staged file.
    public let transformVersion: Int
}

/// What a warehouse knows of each exchange and hour: whether it was expected, from which file it is loaded, and why it is
/// missing.
public struct CoverageLedger {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The exchanges that are missing or partial in a span of hours, by hour and in the fixed order of exchanges.
    /// - Throws: an error of the database.
    public func missingHours(in hours: ClosedRange<Hour>) throws -> [MissingHour] {
        try warehouse.read { database in
            try Statement(
                database, "SELECT hour, exchange_id, cause, reason FROM missing_hours WHERE hour BETWEEN ? AND ?"
            ).map(hours.lowerBound, hours.upperBound) { hour, exchange, cause, reason in
                MissingHour(hour: hour, exchange: exchange, cause: cause, reason: reason)
            }.sorted { ($0.hour, $0.exchange) < ($1.hour, $1.exchange) }
        }
    }

    /// How many hours were expected and loaded in a span, per exchange in the fixed order.
    /// - Throws: an error of the database.
    public func coverage(in hours: ClosedRange<Hour>) throws -> [ExchangeCoverage] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("gaps.coverage")).map(hours.lowerBound, hours.upperBound) {
                exchange, expectedHours, loadedHours, lastLoaded, firstLoaded in
                ExchangeCoverage(
                    exchange: exchange, expectedHours: expectedHours, loadedHours: loadedHours, lastLoaded: lastLoaded,
                    firstLoaded: firstLoaded)
            }.sorted { $0.exchange < $1.exchange }
        }
    }

    /// The hours of a span without a file of an exchange's stream, by hour and in the fixed order of exchanges. The cause is
    /// `no_recorder` where no stream has a file, else `no_stream`; the last hour of the ledger is left out, as it may not
    /// be over. Exchanges that have no stream are among them.
    /// - Throws: an error of the database.
    public func unrecordedHours(in hours: ClosedRange<Hour>) throws -> [MissingHour] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("gaps.unrecorded")).map(hours.lowerBound, hours.upperBound) {
                hour, exchange, cause in MissingHour(hour: hour, exchange: exchange, cause: cause, reason: nil)
            }.sorted { ($0.hour, $0.exchange) < ($1.hour, $1.exchange) }
        }
    }

    /// The parts of a span's recorded hours in which a stream was not heard, by exchange in the fixed order and by time.
    /// - Throws: an error of the database.
    public func unheardStreams(in hours: ClosedRange<Hour>) throws -> [UnheardStream] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("gaps.unheard")).map(hours.lowerBound, hours.upperBound) {
                (exchange: Exchange, from: Timestamp, to: Timestamp, reason: String) in
                UnheardStream(exchange: exchange, gap: StreamRecord.Gap(from: from, to: to, reason: reason))
            }.sorted { ($0.exchange, $0.gap.from) < ($1.exchange, $1.gap.from) }
        }
    }

    /// How much of a span each stream was heard, in the fixed order; exchanges without a file of a stream are left out.
    /// - Throws: an error of the database.
    public func heardStreams(in hours: ClosedRange<Hour>) throws -> [HeardStream] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("gaps.heard")).map(hours.lowerBound, hours.upperBound) {
                exchange, recordedHours, heardMilliseconds in
                HeardStream(
                    exchange: exchange, recordedHours: recordedHours, heardMilliseconds: heardMilliseconds)
            }.sorted { $0.exchange < $1.exchange }
        }
    }

    /// Whether the ledger knows any hour of a span.
    /// - Throws: an error of the database.
    public func isRecorded(_ hours: ClosedRange<Hour>) throws -> Bool {
        try warehouse.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM exchange_hour WHERE hour BETWEEN ? AND ?)",
                arguments: [hours.lowerBound.start, hours.upperBound.start]) ?? false
        }
    }

    /// The first and the last hour of the ledger; `nil` when it is empty.
    /// - Throws: an error of the database.
    public func span() throws -> ClosedRange<Hour>? {
        try warehouse.read { try Self.span(of: "exchange_hour", $0) }
    }

    /// The first and the last hour of a table's rows, each found by one step in its key: both at once would read all rows.
    static func span(of rows: String, _ database: Database) throws -> ClosedRange<Hour>? {
        func hour(_ order: String) throws -> Hour? {
            try Statement(database, "SELECT hour FROM \(rows) ORDER BY hour \(order) LIMIT 1").first(as: Hour.self)
        }
        guard let first = try hour("ASC"), let last = try hour("DESC") else { return nil }
        return first...last
    }

    /// What is loaded, by exchange and hour, in a span of hours; `nil` means all hours.
    /// - Throws: an error of the database.
    public func loadedRaw(in hours: ClosedRange<Hour>? = nil) throws -> [ExchangeHour: LoadedRaw] {
        try warehouse.queue.inDatabase { database in
            var loaded: [ExchangeHour: LoadedRaw] = [:]
            try Statement(database, WarehouseSQL.query("rebuild.loaded_raw")).forEach(
                hours?.lowerBound.start ?? .min, hours?.upperBound.start ?? .max
            ) {
                (
                    hour: Hour, exchange: Exchange, rawSHA256: String, transformVersion: Int, stagedSHA256: String,
                    feed: Feed
                ) in
                loaded[ExchangeHour(exchange, hour, feed)] = LoadedRaw(
                    rawSHA256: rawSHA256, transformVersion: transformVersion, stagedSHA256: stagedSHA256)
            }
            return loaded
        }
    }

    /// All lines of the load log of an hour, even of an hour that has been removed.
    /// - Throws: an error of the database.
    public func loadings(of hour: Hour) throws -> [RawLoading] {
        try warehouse.read { database in
            try Statement(database, "SELECT exchange_id, raw_sha256, transform_version FROM load_log WHERE hour = ?")
                .map(hour) { exchange, rawSHA256, transformVersion in
                    RawLoading(exchange: exchange, rawSHA256: rawSHA256, transformVersion: transformVersion)
                }
        }
    }
}

// MARK: - Hours without a run

extension CoverageLedger {
    /// The longest gap, in hours, that is stored hour by hour: a longer one comes from a wrong clock.
    private static let longestGap = 2 * 366 * 24

    /// Stores that the machine was off in the hours between known ones, for the exchanges that were expected before them:
    /// an exchange has a first hour, and before it, it is not missing. The result depends on the known hours only, not on
    /// their order of arrival: every gap beside a changed hour is written again.
    func markMachineOff(around hours: [Hour]) throws {
        guard !hours.isEmpty else { return }
        try warehouse.unit { database in
            for (index, hour) in hours.enumerated() {
                try database.cachedStatement(
                    sql: "DELETE FROM exchange_hour WHERE hour = ? AND cause = 'machine_off'"
                ).execute(arguments: [hour.start])
                let before = try Int64.fetchOne(
                    database.cachedStatement(sql: "SELECT max(hour) FROM hour WHERE hour < ?"),
                    arguments: [hour.start])
                if let before { try markGap(after: before, before: hour.start, database) }
                if index + 1 < hours.count, hours[index + 1] == hour.next { continue }
                let after = try Int64.fetchOne(
                    database.cachedStatement(sql: "SELECT min(hour) FROM hour WHERE hour > ?"),
                    arguments: [hour.start])
                if let after { try markGap(after: hour.start, before: after, database) }
            }
        }
    }

    private func markGap(after first: Int64, before last: Int64, _ database: Database) throws {
        let count = Int((last - first) / Hour.seconds) - 1
        guard count > 0, count <= Self.longestGap else { return }
        let expected = WarehouseSQL.query("gaps.expected_before")
        try database.execute(
            sql: "DELETE FROM exchange_hour WHERE hour > ?1 AND hour < ?2 AND exchange_id NOT IN (\(expected))",
            arguments: [first, last])
        try database.execute(
            sql: WarehouseSQL.query("gaps.fill"),
            arguments: [first, last])
    }
}
