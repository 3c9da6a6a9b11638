import Foundation
import GRDB
import PerpCore
import WarehouseSQL

/// What a check of the data's quality found.
public struct CheckFinding: Hashable, Sendable {
    /// How serious wrong rows are.
    public enum CheckSeverity: String, Hashable, Sendable {
        /// Worth knowing.
        case info
        /// Worth looking at.
        case warning
        /// The data is wrong.
        case error
    }

    /// The name of the check: that of its SQL file.
    public var name: String
    /// How serious the wrong rows are.
    public var severity: CheckSeverity
    /// What a wrong row means, from the head of the SQL file.
    public var meaning: String
    /// The number of wrong rows.
    public var rows: Int
    /// The names of the columns of `sample`.
    public var columns: [String]
    /// The first wrong rows, as text.
    public var sample: [[String]]
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

/// The checks of the data's quality, one per file of `pipeline/sql/checks` and those of `SidesCheck`, and what they found.
public struct Checks {
    let warehouse: Warehouse

    /// Uses a connection, which must be open for writing to store anything.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The most wrong rows that a finding contains.
    static let sampleRows = 5

    /// Runs all checks over the hours of a span, both ends included, in one consistent state.
    /// - Throws: an error of the database.
    public func run(over hours: ClosedRange<Hour>) throws -> [CheckFinding] {
        try warehouse.read { database in
            try WarehouseSQL.checks.map { try run($0, hours, database) } + SidesCheck.run(over: hours, database)
        }
    }

    /// Stores what the checks found.
    /// - Throws: an error of the database.
    public func store(_ findings: [CheckFinding], at time: Timestamp) throws {
        try warehouse.unit { database in
            for finding in findings {
                let rows = finding.sample.map { Dictionary(uniqueKeysWithValues: zip(finding.columns, $0)) }
                let sample = try rows.isEmpty ? nil : JSONText.compact(rows)
                try database.execute(
                    sql: WarehouseSQL.query("checks.store_result"),
                    arguments: [
                        time.milliseconds, finding.name, finding.severity.rawValue, finding.rows, sample,
                    ])
            }
        }
    }

    /// What the checks found when they last ran; `nil` when they never did.
    /// - Throws: an error of the database.
    public func last() throws -> LastChecks? {
        try warehouse.read { database in
            let results: [(name: String, severity: String, rows: Int, time: Timestamp)] = try Statement(
                database, WarehouseSQL.query("health.last_checks")
            ).map { ($0, $1, $2, $3) }
            guard let time = results.first?.time else { return nil }
            func names(_ severity: String) -> [String] {
                results.filter { $0.severity == severity && $0.rows > 0 }.map(\.name)
            }
            return LastChecks(time: time, errors: names("error"), warnings: names("warning"))
        }
    }

    private func run(_ check: WarehouseSQL.Check, _ hours: ClosedRange<Hour>, _ database: Database) throws
        -> CheckFinding
    {
        let (severity, meaning) = Self.head(of: check)
        let statement = try database.makeStatement(sql: check.sql)
        var arguments = StatementArguments()
        if check.sql.contains(":first") { arguments += ["first": hours.lowerBound.start] }
        if check.sql.contains(":last") { arguments += ["last": hours.upperBound.start] }
        var finding = CheckFinding(
            name: check.name, severity: severity, meaning: meaning, rows: 0, columns: statement.columnNames, sample: [])
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try cursor.next() {
            finding.rows += 1
            guard finding.sample.count < Self.sampleRows else { continue }
            finding.sample.append(zip(finding.columns, row.databaseValues).map(Self.text))
        }
        return finding
    }

    /// The severity and the explanation in the comment at the head of a file.
    private static func head(of check: WarehouseSQL.Check) -> (CheckFinding.CheckSeverity, String) {
        let lines = check.sql.split(separator: "\n").prefix { $0.hasPrefix("--") }.map { $0.dropFirst(3) }
        let severity = lines.first.flatMap {
            CheckFinding.CheckSeverity(rawValue: String($0.dropFirst("Severity: ".count)))
        }
        precondition(severity != nil, "check '\(check.name)' does not begin with its severity")
        return (severity ?? .error, lines.dropFirst().joined(separator: " "))
    }

    /// Formats a value for people: hours as `2025-10-23T15`, unknown as `-`.
    private static func text(_ column: String, _ value: DatabaseValue) -> String {
        if column == "hour" || column.hasSuffix("_hour"), let start = Int64.fromDatabaseValue(value) {
            return Hour(containing: start).description
        }
        if column.hasSuffix("_ms"), let time = Int64.fromDatabaseValue(value) {
            return Timestamp(milliseconds: time).description
        }
        switch value.storage {
        case .null: return "-"
        case .int64(let number): return String(number)
        case .double(let number): return String(number)
        case .string(let text): return text
        case .blob(let data): return "\(data.count) bytes"
        }
    }
}
