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

/// The last time that the checks ran.
public struct LastChecks: Hashable, Sendable {
    /// When the checks ran.
    public let time: Timestamp
    /// The checks of severity error with wrong rows.
    public let errors: [String]
    /// The checks of severity warning with wrong rows.
    public let warnings: [String]
}

extension Warehouse {
    /// The version of SQLite in use: `3.40.1`.
    /// - Throws: an error of the database.
    public static func sqliteVersion() throws -> String {
        try DatabaseQueue().inDatabase { try String.fetchOne($0, sql: "SELECT sqlite_version()") ?? "" }
    }

    /// The last hour with tickers, per exchange; exchanges without any are left out.
    /// - Throws: an error of the database.
    public func lastGoodHours() throws -> [Exchange: Hour] {
        try read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT exchange_id, max(hour) FROM exchange_hour WHERE tickers > 0 GROUP BY exchange_id"
            )
            return Dictionary(
                uniqueKeysWithValues: try rows.map {
                    (try exchange(in: $0, at: 0), Hour(containing: try $0.value(1) as Int64))
                })
        }
    }

    /// The number of hours that are not sealed.
    /// - Throws: an error of the database.
    public func unsealedHours() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hour WHERE sealed = 0") ?? 0 }
    }

    /// The number of hours with files of rules that knew no classes of assets: later hours are not compared with them.
    /// - Parameter first: the first hour to look at; `nil` for all.
    /// - Throws: an error of the database.
    public func hoursOfOlderRules(from first: Hour? = nil) throws -> Int {
        try read { database in
            try Int.fetchOne(
                database,
                sql: WarehouseSQL.query("health.hours_of_older_rules"),
                arguments: [first?.start ?? 0, AssetClass.statedSinceTransformVersion]) ?? 0
        }
    }

    /// The trading symbols of unknown class, by exchange: no total of coins includes them.
    /// - Throws: an error of the database.
    public func contractsOfNoKnownClass() throws -> [Exchange: [String]] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: WarehouseSQL.query("health.contracts_of_no_known_class"))
            return try Dictionary(grouping: rows) { try exchange(in: $0, at: 0) }.mapValues {
                try $0.map { try $0.value(1) }
            }
        }
    }

    /// The messages of the outbox that have not reached their receiver.
    /// - Throws: an error of the database.
    public func undeliveredAlerts() throws -> UndeliveredAlerts {
        try read { database in
            let pending = try Row.fetchOne(
                database, sql: "SELECT count(*), min(created_at_ms) FROM alert_outbox WHERE state = 'pending'")
            let error = try String.fetchOne(
                database,
                sql: WarehouseSQL.query("health.undelivered_alerts"))
            return UndeliveredAlerts(
                pending: try pending?.value(0) ?? 0,
                oldestPending: (try pending?.value(1) as Int64??)?.flatMap(\.self).map(Timestamp.init(milliseconds:)),
                dead: try Int.fetchOne(database, sql: "SELECT count(*) FROM alert_outbox WHERE state = 'dead'") ?? 0,
                lastError: error)
        }
    }

    /// What the checks found when they last ran; `nil` when they never did.
    /// - Throws: an error of the database.
    public func lastChecks() throws -> LastChecks? {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: WarehouseSQL.query("health.last_checks"))
            guard let time = try rows.first.map({ Timestamp(milliseconds: try $0.value(3)) }) else { return nil }
            func names(_ severity: String) throws -> [String] {
                try rows.filter { try $0.value(1) as String == severity && $0.value(2) as Int > 0 }.map {
                    try $0.value(0)
                }
            }
            return try LastChecks(time: time, errors: names("error"), warnings: names("warning"))
        }
    }
}
