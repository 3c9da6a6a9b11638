import GRDB
import PerpCore
import WarehouseSQL

extension Warehouse {
    /// Adds a run to the coverage ledger: which exchanges were expected in its hour, and why those
    /// without a file have none. Recording a run twice changes nothing.
    /// - Throws: an error of the database; nothing is then changed.
    public func record(_ run: RunReport) throws {
        try unit { database in
            let loader = try loader(database)
            try loader.ledger.know(run.hour)
            // Each by name: a scratch database has no foreign keys that would delete the others too.
            for table in ["extract_run_endpoint", "extract_run_venue", "extract_run"] {
                try database.execute(
                    sql: "DELETE FROM \(table) WHERE hour = ? AND started_ms = ?",
                    arguments: [run.hour.start, run.startedAt.milliseconds])
            }
            try database.execute(
                sql: "INSERT INTO extract_run (hour, started_ms, finished_ms, version) VALUES (?, ?, ?, ?)",
                arguments: [
                    run.hour.start, run.startedAt.milliseconds, run.finishedAt.milliseconds, run.version,
                ])
            for exchange in Set(run.enabled + run.exchanges.map(\.exchange)).sorted() {
                let exchangeRun =
                    run.exchanges.first { $0.exchange == exchange }
                    ?? RunReport.ExchangeRun(exchange: exchange, outcome: .failed, reason: "not asked")
                try insert(exchangeRun, of: run, into: database)
            }
            if try refreshExpectation(database, run.hour) { try loader.ledger.touch(run.hour) }
        }
    }

    private func insert(_ exchangeRun: RunReport.ExchangeRun, of run: RunReport, into database: Database) throws {
        try database.execute(
            sql: WarehouseSQL.query("runs.insert_exchange"),
            arguments: [
                run.hour.start, run.startedAt.milliseconds, exchangeRun.exchange.id, exchangeRun.outcome.rawValue,
                exchangeRun.cause?.rawValue, exchangeRun.reason, exchangeRun.wireBytes, exchangeRun.bodyBytes,
                exchangeRun.milliseconds,
            ])
        for endpoint in exchangeRun.endpoints {
            try database.execute(
                sql: WarehouseSQL.query("runs.insert_endpoint"),
                arguments: [
                    run.hour.start, run.startedAt.milliseconds, exchangeRun.exchange.id, endpoint.id, endpoint.ok,
                    endpoint.calls, endpoint.failed, endpoint.attempts, endpoint.weight,
                    endpoint.cause?.rawValue, endpoint.reason,
                ])
        }
    }

    /// Updates the exchanges without a loaded file to what the last run that named them says.
    /// - Returns: whether that changed anything.
    @discardableResult
    func refreshExpectation(_ database: Database, _ hour: Hour) throws -> Bool {
        let before = database.totalChangesCount
        try database.execute(
            sql: WarehouseSQL.query("runs.refresh_expectation"),
            arguments: [hour.start])
        return database.totalChangesCount > before
    }
}
