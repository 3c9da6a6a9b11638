import ArgumentParser
import CommandSupport
import Warehouse

/// Runs the body of a subcommand; an error of the database becomes one line and an exit status.
func answering<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let code as ExitCode {
        throw code
    } catch let error as WarehouseError {
        var advice = ""
        if case .missing = error { advice = ": run 'make demo' or 'make hourly' first" }
        Diagnostics.report("report", "\(error)\(advice)")
        throw ExitStatus(error).code
    } catch {
        Diagnostics.report("report", Warehouse.explain(error, path: path))
        throw ExitStatus(error).code
    }
}
