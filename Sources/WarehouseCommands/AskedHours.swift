import ArgumentParser
import CommandSupport
import PerpCore
import Warehouse

/// The hours that a question to the warehouse is about. When nothing is stored there, the program says so and gives no
/// result: a span without data is not a span without faults.
public struct AskedHours {
    /// The name that begins lines on standard error.
    private let program: String
    private let database: Warehouse

    /// Asks about the hours of `database` for a program, whose name begins its messages.
    public init(_ program: String, in database: Warehouse) {
        self.program = program
        self.database = database
    }

    /// The hour that is asked for, or the latest sealed one for `nil`.
    /// - Throws: status 64 for an hour that is not in the warehouse, and when nothing is recorded; status 69 when hours
    ///   are recorded but none is sealed yet.
    public func stored(_ hour: Hour?) throws -> Hour {
        let sealed = SealedHours(database)
        guard let latest = try sealed.span()?.upperBound else {
            _ = try recorded(nil)
            Diagnostics.report(
                program, "\(database.path): hours are recorded, and none is sealed yet: 'make load' seals them")
            throw ExitStatus.unavailable.code
        }
        guard let hour else { return latest }
        guard try !sealed.hours(from: hour, through: hour).isEmpty else {
            let reason =
                try CoverageLedger(database).isRecorded(hour...hour)
                ? "\(hour) is not sealed yet: 'make load HOUR=\(hour)' seals it; the latest sealed hour is \(latest)"
                : "\(hour) is not in the warehouse: nothing is recorded there; the latest hour is \(latest)"
            Diagnostics.report(program, reason)
            throw ExitStatus.usage.code
        }
        return hour
    }

    /// The hours that are asked for, or all recorded hours for `nil`.
    /// - Throws: status 64 when nothing is recorded in them.
    @discardableResult
    public func recorded(_ asked: ClosedRange<Hour>?) throws -> ClosedRange<Hour> {
        let ledger = CoverageLedger(database)
        let known = try ledger.span()
        if let hours = asked ?? known, try ledger.isRecorded(hours) { return hours }
        let span = asked.map { "from \($0.lowerBound) to \($0.upperBound)" } ?? "in \(database.path)"
        let what =
            known.map { ": there are hours from \($0.lowerBound) to \($0.upperBound)" } ?? ": 'make hourly' records"
        Diagnostics.report(program, "nothing is recorded \(span)\(what)")
        throw ExitStatus.usage.code
    }
}
