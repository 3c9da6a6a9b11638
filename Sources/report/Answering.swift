import ArgumentParser
import CommandSupport
import PerpCore
import Warehouse

/// What takers pay by the settings; one that is no fee is wrong usage.
func takerFees() throws -> TakerFees {
    let settings = try Settings.load(for: "report")
    return try asUsage { try settings.takerFees() }
}

/// The hour that is asked for, or the latest; one that is not in the warehouse is wrong usage.
func stored(_ hour: Hour?, in database: Warehouse, latest: Hour) throws -> Hour {
    guard let hour else { return latest }
    guard try !database.sealedHours(from: hour, through: hour).isEmpty else {
        Diagnostics.report(
            "report", "\(hour) is not in the warehouse: nothing is recorded there; the latest hour is \(latest)")
        throw ExitCode(64)
    }
    return hour
}

/// The hours that are asked for, or all that are recorded. Where nothing is, that is said, and no answer given: a span
/// without data is not one without faults.
func recorded(_ asked: ClosedRange<Hour>?, in database: Warehouse) throws -> ClosedRange<Hour> {
    let known = try database.ledgerSpan()
    guard let hours = asked ?? known, try database.isRecorded(hours) else {
        let place = asked.map { "from \($0.lowerBound) to \($0.upperBound)" } ?? "in \(database.path)"
        let what =
            known.map { ": there are hours from \($0.lowerBound) to \($0.upperBound)" } ?? ": 'make hourly' records"
        Diagnostics.report("report", "nothing is recorded \(place)\(what)")
        throw ExitStatus.usage.code
    }
    return hours
}

/// Runs the body of a subcommand; an error of the database becomes one line and an exit status.
func answering<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let code as ExitCode {
        throw code
    } catch let error as ValidationError {
        throw error
    } catch let error as LiveError {
        // The program has said why; that nobody could be asked needs no second line.
        if error.status != ExitStatus.unavailable.rawValue { Diagnostics.report("report", "\(error)") }
        throw ExitCode(error.status)
    } catch let error as WarehouseError where error == .missing(path: path) {
        Diagnostics.report("report", "\(error): run 'make hourly' first; the demo's is read with DATA=.demo")
        throw ExitStatus(error).code
    } catch {
        Diagnostics.report("report", Warehouse.explain(error, path: path))
        throw ExitStatus(error).code
    }
}

/// Says that hours are recorded and none is sealed: what a load that was ended leaves.
func notSealed(_ path: String) -> ExitCode {
    Diagnostics.report("report", "\(path): hours are recorded, and none is sealed yet: 'make load' seals them")
    return ExitStatus.unavailable.code
}
