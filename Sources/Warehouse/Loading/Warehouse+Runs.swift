import GRDB
import PerpCore
import WarehouseSQL

extension Warehouse {
    /// Takes a run into the coverage ledger: which venues were expected in its hour, and why those
    /// without a file have none. Recording a run twice changes nothing.
    public func record(_ run: RunReport) throws {
        try unit { database in
            let loader = try loader(database)
            try loader.ledger.know(run.hour)
            // Each by name: a scratch database has no foreign keys that would take the others along.
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
            for exchange in Set(run.enabled + run.venues.map(\.exchange)).sorted() {
                let venue =
                    run.venues.first { $0.exchange == exchange }
                    ?? RunReport.Venue(exchange: exchange, outcome: .failed, reason: "not asked")
                try insert(venue, of: run, into: database)
            }
            if try refreshExpectation(database, run.hour) { try loader.ledger.touch(run.hour) }
        }
    }

    private func insert(_ venue: RunReport.Venue, of run: RunReport, into database: Database) throws {
        try database.execute(
            sql: WarehouseSQL.query("runs.insert_exchange"),
            arguments: [
                run.hour.start, run.startedAt.milliseconds, venue.exchange.id, venue.outcome.rawValue,
                venue.cause?.rawValue, venue.reason, venue.wireBytes, venue.bodyBytes, venue.milliseconds,
            ])
        for endpoint in venue.endpoints {
            try database.execute(
                sql: WarehouseSQL.query("runs.insert_endpoint"),
                arguments: [
                    run.hour.start, run.startedAt.milliseconds, venue.exchange.id, endpoint.id, endpoint.ok,
                    endpoint.calls, endpoint.failed, endpoint.attempts, endpoint.weight,
                    endpoint.cause?.rawValue, endpoint.reason,
                ])
        }
    }

    /// Says of venues without a loaded file what the last run that named them says; `true` when that
    /// changed anything.
    @discardableResult
    func refreshExpectation(_ database: Database, _ hour: Hour) throws -> Bool {
        let before = database.totalChangesCount
        try database.execute(
            sql: WarehouseSQL.query("runs.refresh_expectation"),
            arguments: [hour.start])
        return database.totalChangesCount > before
    }
}
