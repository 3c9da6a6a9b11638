import GRDB
import PerpCore
import WarehouseSQL

/// A venue that is missing in an hour, or of which a part is.
public struct MissingHour: Hashable, Sendable {
    public let hour: Hour
    public let exchange: Exchange
    /// `down`, `banned`, `blocked`, `refused`, `interrupted`, `failed`, `awaited`, `rejected`, `machine_off`,
    /// `not_asked`; or `partial`, where an endpoint or a field is missing.
    public let cause: String
    /// What the last run said; `nil` when it said nothing.
    public let reason: String?
}

/// How many hours of a venue were expected and came, in a span.
public struct VenueCoverage: Hashable, Sendable {
    public let exchange: Exchange
    public let expectedHours: Int
    /// Hours with at least one ticker.
    public let loadedHours: Int
    public let lastLoaded: Hour?
}

extension Warehouse {
    /// The venues that are missing or partial in a span of hours, by hour and in the fixed order of venues.
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

    /// What came of what was expected, a venue each, in the fixed order.
    public func coverage(in hours: ClosedRange<Hour>) throws -> [VenueCoverage] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: WarehouseSQL.query("gaps.coverage"),
                arguments: [hours.lowerBound.start, hours.upperBound.start]
            ).map { row in
                try VenueCoverage(
                    exchange: exchange(in: row, at: 0), expectedHours: row.value(1), loadedHours: row.value(2),
                    lastLoaded: (row.value(3) as Int64?).map(Hour.init(containing:)))
            }.sorted { $0.exchange < $1.exchange }
        }
    }

    /// Whether anything is known of any hour of a span.
    public func isRecorded(_ hours: ClosedRange<Hour>) throws -> Bool {
        try read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM exchange_hour WHERE hour BETWEEN ? AND ?)",
                arguments: [hours.lowerBound.start, hours.upperBound.start]) ?? false
        }
    }

    /// The first and the last hour of the coverage ledger; `nil` when it is empty.
    public func ledgerSpan() throws -> ClosedRange<Hour>? {
        try read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT min(hour), max(hour) FROM exchange_hour HAVING count(*) > 0")
            return try row.map { try Hour(containing: $0.value(0) as Int64)...Hour(containing: $0.value(1) as Int64) }
        }
    }

    /// A longer gap comes from a clock that was wrong, and is not written down hour by hour.
    private static let longestGap = 2 * 366 * 24

    /// Writes down that the machine was off in the hours between known ones, for the venues that were
    /// expected at either end. What stands after it depends on the known hours only, not on their order
    /// of arrival: every gap beside a changed hour is written anew.
    func markMachineOff(around hours: [Hour]) throws {
        guard !hours.isEmpty else { return }
        try unit { database in
            for (place, hour) in hours.enumerated() {
                try database.cachedStatement(
                    sql: "DELETE FROM exchange_hour WHERE hour = ? AND cause = 'machine_off'"
                ).execute(arguments: [hour.start])
                let before = try Int64.fetchOne(
                    database.cachedStatement(sql: "SELECT max(hour) FROM hour WHERE hour < ?"),
                    arguments: [hour.start])
                if let before { try markGap(after: before, before: hour.start, database) }
                if place + 1 < hours.count, hours[place + 1] == hour.next { continue }
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
