import GRDB
import PerpCore
import WarehouseSQL

/// Messages that have not reached their receiver.
public struct UndeliveredAlerts: Hashable, Sendable {
    /// To be tried again.
    public var pending: Int
    public var oldestPending: Timestamp?
    /// Refused for good.
    public var dead: Int
    public var lastError: String?
}

/// The last time that the checks ran.
public struct LastChecks: Hashable, Sendable {
    public let time: Timestamp
    /// Checks with wrong rows, by severity.
    public let errors: [String]
    public let warnings: [String]
}

extension Warehouse {
    /// Of the library in use: `3.40.1`.
    public static func sqliteVersion() throws -> String {
        try DatabaseQueue().inDatabase { try String.fetchOne($0, sql: "SELECT sqlite_version()") ?? "" }
    }

    /// The last hour with tickers, a venue each; venues without any are left out.
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

    /// Hours whose summaries do not stand.
    public func unsealedHours() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hour WHERE sealed = 0") ?? 0 }
    }

    /// Hours with files by rules that knew no classes of assets: those after them are compared with none of these.
    /// - Parameter first: the first hour to look at; `nil` for all.
    public func hoursOfOlderRules(from first: Hour? = nil) throws -> Int {
        try read { database in
            try Int.fetchOne(
                database,
                sql: WarehouseSQL.query("health.hours_of_older_rules"),
                arguments: [first?.start ?? 0, AssetClass.statedSinceTransformVersion]) ?? 0
        }
    }

    /// The symbols that trade and are of no known class, by exchange: in no total of coins.
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

    /// What the checks found when they ran last; `nil` when they never did.
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
