import Foundation
import GRDB
import PerpCore
import Testing
import WarehouseSQL

@testable import Warehouse

@Suite("The end of a rebuild")
struct RebuildTests {
    private struct Refused: Error {}

    /// A database file with the facts and summaries of some hours.
    private func warehouse(_ hours: Range<Int>, in folder: URL, _ name: String) throws -> Warehouse {
        let warehouse = try Warehouse(path: folder.appending(path: name).path)
        for hour in hours {
            let file = Samples.staged(.okx, Samples.hour(hour))
            _ = try warehouse.load(file, from: Samples.file(file))
        }
        try warehouse.seal(using: Samples.summarize)
        return warehouse
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // nothing else looks into it
        try body(folder)
    }

    @Test("a scratch database takes a run twice, and knows which rows it has lost")
    func resumed() throws {
        try withFolder { folder in
            let scratch = try Warehouse(path: folder.appending(path: "scratch.db").path, for: .scratch)
            let file = Samples.staged(.okx, Samples.hour(0))
            _ = try scratch.load(file, from: Samples.file(file))
            let tickers = RunReport.EndpointRun(id: "tickers", calls: 1, failed: 0, attempts: 1, weight: 1, ok: true)
            let time = Samples.hour(0).startTime
            let report = RunReport(
                hour: Samples.hour(0), startedAt: time, finishedAt: time, enabled: [.okx],
                exchanges: [RunReport.ExchangeRun(exchange: .okx, outcome: .complete, endpoints: [tickers])], version: "1")
            for _ in 0..<2 { try scratch.record(report) }
            #expect(try scratch.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM extract_run_endpoint") } == 1)
            #expect(try Integrity(scratch).lostRows().isEmpty)
            try scratch.execute("DELETE FROM ticker WHERE listing_id = (SELECT min(listing_id) FROM ticker)")
            let lost = try Integrity(scratch).lostRows()
            #expect(lost.count == 1 && lost[0].hasPrefix("ticker of \(Samples.hour(0)): "))
        }
    }

    @Test("a scratch database that goes on keeps the origin of what it holds")
    func origin() throws {
        try withFolder { folder in
            let live = try Warehouse(path: folder.appending(path: "live.db").path)
            let scratch = try warehouse(0..<1, in: folder, "scratch.db")
            try ContentTransfer(to: scratch).copyKeptTables(of: live)
            let origin = try scratch.read {
                try String.fetchOne($0, sql: "SELECT value FROM setting WHERE name = 'origin'")
            }
            #expect(origin == "real")
            // Nor are its own lines of the log lost; a line of the other one that it lacks makes it old.
            func logged() throws -> Int? { try scratch.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM load_log") } }
            #expect(try logged() == 1 && Integrity(scratch).holdsLog(of: live))
            let file = Samples.staged(.gate, Samples.hour(7))
            _ = try live.load(file, from: Samples.file(file))
            #expect(try !Integrity(scratch).holdsLog(of: live))
        }
    }

    @Test("before the end of sealing, a contract's settlements are found by an index like that of the other database")
    func settlementIndex() throws {
        try withFolder { folder in
            let live = try warehouse(0..<1, in: folder, "live.db")
            let scratch = try Warehouse(path: folder.appending(path: "scratch.db").path, for: .scratch)
            func definition(_ warehouse: Warehouse) throws -> String? {
                let sql = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = 'funding_settlement_symbol'"
                return try warehouse.read { try String.fetchOne($0, sql: sql) }
            }
            let transfer = ContentTransfer(to: scratch)
            try transfer.dropLateIndices()
            #expect(try definition(scratch) == nil)
            let before = try settings(of: scratch)
            // A second time nothing is left to do.
            for _ in 0..<2 { try transfer.makeSettlementIndex(like: live) }
            #expect(try definition(scratch) != nil && definition(scratch) == definition(live))
            let plan = try scratch.read { database in
                try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + WarehouseSQL.query("intervals.settlements"),
                    arguments: ["okx", "BTC-USDT-SWAP"]
                ).map { try $0.value("detail") as String }
            }
            #expect(plan.contains { $0.contains("funding_settlement_symbol (exchange_id=? AND symbol=?)") })
            // The work that follows has the settings from before.
            #expect(try settings(of: scratch) == before)
        }
    }

    private func settings(of warehouse: Warehouse) throws -> [Int?] {
        try warehouse.read {
            try [Int.fetchOne($0, sql: "PRAGMA cache_size"), Int.fetchOne($0, sql: "PRAGMA temp_store")]
        }
    }

    @Test("people's own tables, views, indices and triggers go along")
    func ownObjects() throws {
        try withFolder { folder in
            let live = try warehouse(0..<2, in: folder, "live.db")
            try live.execute(
                """
                CREATE TABLE my_trades (id INTEGER PRIMARY KEY, note TEXT); INSERT INTO my_trades VALUES (1, 'long'), (2, 'short');
                CREATE INDEX my_index ON my_trades (note); CREATE VIEW my_view AS SELECT count(*) AS n FROM tickers;
                CREATE TRIGGER my_trigger AFTER INSERT ON my_trades BEGIN SELECT 1; END
                """)
            let scratch = try warehouse(0..<5, in: folder, "scratch.db")
            try ContentTransfer(to: scratch).complete(like: live)
            try ContentTransfer(to: live).replaceContent(by: scratch)
            let names = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'my\\_%' ESCAPE '\\'"
            #expect(try live.read { try Int.fetchOne($0, sql: names) } == 4)
            #expect(try live.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM my_trades") } == 2)
            #expect(try live.read { try Int.fetchOne($0, sql: "SELECT n FROM my_view") } == 10)
        }
    }

    @Test("a copy that is not confirmed leaves the live database as it was", arguments: [false, true])
    func notConfirmed(isEmpty: Bool) throws {
        try withFolder { folder in
            let live = try warehouse(0..<(isEmpty ? 0 : 2), in: folder, "live.db")
            let scratch = try warehouse(0..<5, in: folder, "scratch.db")
            let before = try LoadTests.contents(live)
            #expect(throws: Refused.self) {
                try ContentTransfer(to: live).replaceContent(by: scratch, isEmpty: isEmpty) { throw Refused() }
            }
            #expect(try LoadTests.contents(live) == before)
            var confirmed = 0
            try ContentTransfer(to: live).replaceContent(by: scratch, isEmpty: isEmpty) { confirmed += 1 }
            #expect(confirmed == 1)
            #expect(try LoadTests.contents(live) == LoadTests.contents(scratch))
        }
    }

    @Test("a database that was filled without its late indices has them in the end, and is sound")
    func completed() throws {
        try withFolder { folder in
            let live = try warehouse(0..<0, in: folder, "live.db")
            let scratch = try Warehouse(path: folder.appending(path: "scratch.db").path, for: .scratch)
            func indices(_ warehouse: Warehouse) throws -> [String] {
                try warehouse.read {
                    try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name")
                }
            }
            try ContentTransfer(to: scratch).dropLateIndices()
            #expect(try indices(scratch).count == indices(live).count - 3)
            let file = Samples.staged(.okx, Samples.hour(0))
            _ = try scratch.load(file, from: Samples.file(file))
            try ContentTransfer(to: scratch).complete(like: live)
            #expect(try indices(scratch) == indices(live))
            for half in TableHalf.allCases { #expect(try Integrity(scratch).problems(in: half).isEmpty) }
        }
    }

    @Test("a row that points to nothing is found")
    func orphan() throws {
        try withFolder { folder in
            let scratch = try Warehouse(path: folder.appending(path: "scratch.db").path, for: .scratch)
            try scratch.execute(
                "INSERT INTO funding_settlement (settled_at_ms, exchange_id, symbol, hour, asset, funding_rate) "
                    + "VALUES (1, 'nowhere', 'BTCUSDT', 3600, 'BTC', 0.0)")
            #expect(try Integrity(scratch).problems(in: .tickers).isEmpty)
            #expect(try Integrity(scratch).problems(in: .allElse).count == 1)
        }
    }
}
