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
    /// The last hour with a ticker; `nil` without one.
    let lastLoaded: Hour?
}

extension Warehouse {
    /// The exchanges that are missing or partial in a span of hours, by hour and in the fixed order of exchanges.
    /// - Throws: an error of the database.
    public func missingHours(in hours: ClosedRange<Hour>) throws -> [MissingHour] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT hour, exchange_id, cause, reason FROM missing_hours WHERE hour BETWEEN ? AND ?",
                arguments: [hours.lowerBound.start, hours.upperBound.start]
            ).map { row in
                try MissingHour(
                    hour: Hour(containing: row.value(0) as Int64), exchange: exchange(in: row, at: 1),
                    cause: row.value(2),
                    reason: row.value(3))
            }.sorted { ($0.hour, $0.exchange) < ($1.hour, $1.exchange) }
        }
    }

    /// How many hours were expected and loaded in a span, per exchange in the fixed order.
    /// - Throws: an error of the database.
    public func coverage(in hours: ClosedRange<Hour>) throws -> [ExchangeCoverage] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: WarehouseSQL.query("gaps.coverage"),
                arguments: [hours.lowerBound.start, hours.upperBound.start]
            ).map { row in
                try ExchangeCoverage(
                    exchange: exchange(in: row, at: 0), expectedHours: row.value(1), loadedHours: row.value(2),
                    lastLoaded: (row.value(3) as Int64?).map(Hour.init(containing:)))
            }.sorted { $0.exchange < $1.exchange }
        }
    }

    /// Whether the coverage ledger knows any hour of a span.
    /// - Throws: an error of the database.
    public func isRecorded(_ hours: ClosedRange<Hour>) throws -> Bool {
        try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM exchange_hour WHERE hour BETWEEN ? AND ?)",
                arguments: [hours.lowerBound.start, hours.upperBound.start]) ?? false
        }
    }

    /// The first and the last hour of the coverage ledger; `nil` when it is empty.
    /// - Throws: an error of the database.
    public func ledgerSpan() throws -> ClosedRange<Hour>? {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT min(hour), max(hour) FROM exchange_hour HAVING count(*) > 0")
            return try row.map { try Hour(containing: $0.value(0) as Int64)...Hour(containing: $0.value(1) as Int64) }
        }
    }

    /// The longest gap, in hours, that is stored hour by hour: a longer one comes from a wrong clock.
    private static let longestGap = 2 * 366 * 24

    /// Stores that the machine was off in the hours between known ones, for the exchanges that were
    /// expected at either end. The result depends on the known hours only, not on their order
    /// of arrival: every gap beside a changed hour is written again.
    func markMachineOff(around hours: [Hour]) throws {
        guard !hours.isEmpty else { return }
        try unit { database in
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
        let expected = WarehouseSQL.query("gaps.expected_around")
        try database.execute(
            sql: "DELETE FROM exchange_hour WHERE hour > ?1 AND hour < ?2 AND exchange_id NOT IN (\(expected))",
            arguments: [first, last])
        try database.execute(
            sql: WarehouseSQL.query("gaps.fill"),
            arguments: [first, last])
    }

    func exchange(in row: Row, at column: Int) throws -> Exchange {
        let id = try row.value(column) as String
        guard let exchange = Exchange(rawValue: id) else {
            throw WarehouseError.unreadable(table: "exchange_hour", column: "exchange_id", value: id)
        }
        return exchange
    }
}
