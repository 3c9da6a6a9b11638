import ArgumentParser
import Foundation
import GRDB
import PerpCore
import PipelineFiles
import Testing
import WarehouseSQL

@testable import Warehouse
@testable import maintain

@Suite("Published copies")
final class PublishTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
    private var database: String { "\(folder)/market_history.db" }
    private var page: String { "\(folder)/page" }
    private var copy: String { "\(page)/published.db" }

    init() throws {
        try FileSystem.makeFolder(folder)
        try Warehouse(path: database).close()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody

    private func publish() throws {
        try Publish.parse(["--warehouse", database, "--now", "2025-10-23T15:04:05Z"]).run()
    }

    private func settings(of path: String) throws -> [String] {
        try Warehouse(path: path, for: .reading).read { database in
            try String.fetchAll(database, sql: "SELECT name FROM setting ORDER BY name")
        }
    }

    private func json(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(page)/\(name)"))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("a copy is one file that nobody writes, and the note has its hash and size")
    func note() throws {
        try publish()
        let names = try FileSystem.names(in: page).filter { !$0.hasPrefix(".") }
        #expect(
            names == ["grafana.json", "metadata.json", "published.db", "published.json", "published.sql", "questions.ipynb"])
        let note = try json("published.json")
        #expect(note["sha256"] as? String == (try sha256(of: copy)))
        #expect(note["size_bytes"] as? Int == Int(FileSystem.size(of: copy)))
        #expect(note["published_at"] as? String == "2025-10-23T15:04:05.000Z")
        #expect(note["schema_version"] as? String == WarehouseSQL.migrations.last?.name)
        #expect(note["hour"] == nil)
        let attributes = try FileManager.default.attributesOfItem(atPath: copy)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o444)
        let mode = try Warehouse(path: copy, for: .reading).read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(mode == "delete")
    }

    @Test("a copy is of one moment, although another connection writes")
    func whileWriting() throws {
        let writer = try Warehouse(path: database)
        let before = try settings(of: database)
        try writer.transaction {
            try writer.execute("INSERT INTO setting (name, value) VALUES ('unfinished', '1')")
            try publish()
        }
        #expect(try settings(of: copy) == before)
        try publish()
        #expect(try settings(of: copy) == (before + ["unfinished"]).sorted())
    }

    @Test("what ends between the copy and its name leaves the copy before, whole, and the next run goes on")
    func ended() throws {
        struct Ended: Error {}
        try publish()
        let (hash, note) = (try sha256(of: copy), try json("published.json")["sha256"] as? String)
        let writer = try Warehouse(path: database)
        try writer.execute("INSERT INTO setting (name, value) VALUES ('later', '1')")
        let time = Timestamp(milliseconds: 1_761_231_845_000)
        var publication = Publication(warehouse: database, folder: page, time: time)
        publication.beforeNaming = { throw Ended() }
        #expect(throws: Ended.self) { try publication.publish() }
        #expect(!FileSystem.exists(FileSystem.temporaryName(of: copy)))
        #expect(try sha256(of: copy) == hash)
        #expect(note == hash)
        #expect(try json("published.json")["sha256"] as? String == hash)
        publication.beforeNaming = {}
        let next = try publication.publish()
        #expect(next.sha256 == (try sha256(of: copy)))
        #expect(next.sha256 != hash)
    }

    @Test("a reader that stays open keeps the copy that it opened")
    func openReader() throws {
        try publish()
        let reader = try Warehouse(path: copy, for: .reading)
        let before = try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM setting") }
        try Warehouse(path: database).execute("INSERT INTO setting (name, value) VALUES ('later', '1')")
        try publish()
        #expect(try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM setting") } == before)
        #expect(try settings(of: copy).contains("later"))
    }

    @Test("workings are left out, and the planner's statistics are not")
    func workings() throws {
        let writer = try Warehouse(path: database)
        try writer.execute(
            """
            INSERT INTO alert_outbox (alert_id, key, hour, reason, tier, confidence, direction, payload, state, created_at_ms)
            VALUES ('a', 'k', 1761177600, 'new', 1, 50, '', '{}', 'dead', 1)
            """)
        try publish()
        let published = try Warehouse(path: copy, for: .reading)
        for table in StoredTable.workings {
            #expect(try published.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } == 0, "\(table)")
        }
        let statistics = "SELECT group_concat(stat, ';') FROM (SELECT stat FROM sqlite_stat1 ORDER BY tbl, idx)"
        let kept = try published.read { try String.fetchOne($0, sql: statistics) }
        #expect(kept == (try writer.read { try String.fetchOne($0, sql: statistics) }))
    }

    @Test("without a warehouse nothing is made")
    func missing() throws {
        let nowhere = "\(folder)/nowhere"
        #expect(throws: ExitCode(74)) { try Publish.parse(["--warehouse", "\(nowhere)/market_history.db"]).run() }
        #expect(!FileSystem.exists("\(nowhere)/page"))
    }

    // MARK: - What goes with it

    @Test("Datasette is told of every table and view, and of the ten questions")
    func metadata() throws {
        try publish()
        let databases = try #require(try json("metadata.json")["databases"] as? [String: Any])
        let published = try #require(databases["published"] as? [String: Any])
        let tables = try #require(published["tables"] as? [String: [String: Any]])
        #expect(Set(tables.keys) == Set(try NamedRows(Warehouse(path: copy, for: .reading)).names()))
        for (name, table) in tables { #expect((table["description"] as? String)?.isEmpty == false, "\(name)") }
        #expect(tables["alert_outbox"]?["hidden"] as? Bool == true)
        let columns = try #require(tables["tickers"]?["columns"] as? [String: String])
        #expect(columns["open_interest_usd"] == "dollars")
        let queries = try #require(published["queries"] as? [String: [String: String]])
        #expect(queries.count == 10)
        #expect(queries["basis"]?["title"] == "Are perpetuals above or below spot, in percent?")
    }

    @Test("the notebook asks the ten questions, and holds no output")
    func notebook() throws {
        try publish()
        let cells = try #require(try json("questions.ipynb")["cells"] as? [[String: Any]])
        let code = cells.filter { $0["cell_type"] as? String == "code" }
        #expect(code.allSatisfy { ($0["outputs"] as? [Any])?.isEmpty == true && $0["execution_count"] is NSNull })
        #expect(code.filter { ($0["source"] as? String)?.contains("= ask(") == true }.count == 10)
        let names = cells.compactMap { $0["id"] as? String }
        #expect(Set(names).count == cells.count)
    }

    @Test("each panel of the dashboard asks a query of its own, with times")
    func dashboard() throws {
        try publish()
        let panels = try #require(try json("grafana.json")["panels"] as? [[String: Any]])
        #expect(panels.count == DashboardPanel.all.count + 1)
        let places = panels.compactMap { $0["gridPos"] as? [String: Int] }.map { "\($0["x"] ?? -1) \($0["y"] ?? -1)" }
        #expect(Set(places).count == panels.count)
    }
}
