import GRDB
import PerpCore
import WarehouseSQL

/// The messages that have not reached their receiver.
public struct UndeliveredAlerts: Hashable, Sendable {
    /// The number of messages that will be tried again.
    public var pending: Int
    /// When the oldest of these was created; `nil` when none is pending.
    public var oldestPending: Timestamp?
    /// The number of messages that were refused for good.
    public var dead: Int
    /// What the last failure said; `nil` without one.
    public var lastError: String?
}

/// How much a stream was heard lately.
public struct StreamHealth: Hashable, Sendable {
    /// The exchange.
    public var exchange: Exchange
    /// The last hour with a file.
    public var last: Hour
    /// Part of the hours with a file in which it was heard, 0 to 1.
    public var coveredFraction: Double
    /// Milliseconds of the last hour in which it was heard, 0 to 3,600,000.
    public var lastCoveredMilliseconds: Int64
    /// Messages of the last hour that are kept: those of the control channel are not among them.
    public var messages: Int64
    /// Events of the last hour that were stated again.
    public var duplicates: Int64
    /// Parts of the last hour that were not heard.
    public var gaps: Int
    /// Why the longest gap of the last hour came about; `nil` without one.
    public var reason: String?

    /// Part of the last hour in which it was heard, 0 to 1.
    public var lastCoveredFraction: Double { Double(lastCoveredMilliseconds) / Double(Hour.milliseconds) }
}

/// The condition of a warehouse, as the doctor reports it: the last hours, what is not sealed, classed or delivered.
public struct Health {
    let warehouse: Warehouse

    /// Uses a connection.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The version of SQLite in use: `3.40.1`.
    /// - Throws: an error of the database.
    public static func sqliteVersion() throws -> String {
        try DatabaseQueue().inDatabase { try String.fetchOne($0, sql: "SELECT sqlite_version()") ?? "" }
    }

    /// The last hour with tickers, per exchange; exchanges without any are left out.
    /// - Throws: an error of the database.
    public func lastGoodHours() throws -> [Exchange: Hour] {
        try warehouse.read { database in
            let last: [(Exchange, Hour)] = try Statement(
                database, "SELECT exchange_id, max(hour) FROM exchange_hour WHERE tickers > 0 GROUP BY exchange_id"
            ).map { ($0, $1) }
            return Dictionary(uniqueKeysWithValues: last)
        }
    }

    /// How much of its hours each stream was heard, and why not all, for the hours from `first` on; exchanges without
    /// any file are left out.
    /// - Throws: an error of the database.
    public func streams(from first: Hour) throws -> [StreamHealth] {
        try warehouse.read { database in
            try Statement(database, WarehouseSQL.query("health.streams")).map(first) {
                (
                    exchange: Exchange, last: Hour, hours: Int, covered: Int64, lastCovered: Int64, messages: Int64,
                    duplicates: Int64, gaps: Int, reason: String?
                ) in
                StreamHealth(
                    exchange: exchange, last: last,
                    coveredFraction: Double(covered) / Double(Int64(hours) * Hour.milliseconds),
                    lastCoveredMilliseconds: lastCovered, messages: messages, duplicates: duplicates, gaps: gaps,
                    reason: reason)
            }
        }
    }

    /// The last hour with a file of any stream; `nil` when none was ever loaded.
    /// - Throws: an error of the database.
    public func lastStreamHour() throws -> Hour? {
        try warehouse.read { try Int64.fetchOne($0, sql: "SELECT max(hour) FROM stream_hour") }
            .map(Hour.init(containing:))
    }

    /// The number of hours that are not sealed.
    /// - Throws: an error of the database.
    public func unsealedHours() throws -> Int {
        try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hour WHERE sealed = 0") ?? 0 }
    }

    /// The number of hours with files of rules that knew no classes of assets: later hours are not compared with them.
    /// - Parameter first: the first hour to look at; `nil` for all.
    /// - Throws: an error of the database.
    public func hoursOfOlderRules(from first: Hour? = nil) throws -> Int {
        try warehouse.read { database in
            try Int.fetchOne(
                database,
                sql: WarehouseSQL.query("health.hours_of_older_rules"),
                arguments: [first?.start ?? 0, AssetClass.statedSinceTransformVersion]) ?? 0
        }
    }

    /// The trading symbols of unknown class, by exchange: no total of coins includes them.
    /// - Throws: an error of the database.
    public func contractsOfNoKnownClass() throws -> [Exchange: [String]] {
        try warehouse.read { database in
            var symbols: [Exchange: [String]] = [:]
            try Statement(database, WarehouseSQL.query("health.contracts_of_no_known_class")).forEach {
                symbols[$0, default: []].append($1)
            }
            return symbols
        }
    }

    /// The messages of the outbox that have not reached their receiver.
    /// - Throws: an error of the database.
    public func undeliveredAlerts() throws -> UndeliveredAlerts {
        try warehouse.read { database in
            let pending = try Statement(
                database, "SELECT count(*), min(created_at_ms) FROM alert_outbox WHERE state = 'pending'"
            ).first(as: (Int, Timestamp?).self)
            let error = try String.fetchOne(
                database,
                sql: WarehouseSQL.query("health.undelivered_alerts"))
            return UndeliveredAlerts(
                pending: pending?.0 ?? 0, oldestPending: pending?.1,
                dead: try Int.fetchOne(database, sql: "SELECT count(*) FROM alert_outbox WHERE state = 'dead'") ?? 0,
                lastError: error)
        }
    }
}
