import Foundation
import GRDB
import PerpCore
import Testing

@testable import Warehouse

@Suite("Backups")
final class BackupTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
    private var live: String { "\(folder)/market_history.db" }
    private var copy: String { "\(folder)/copy.db" }

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody

    private func fill(_ path: String, hours: Range<Int>) throws -> [String: [String]] {
        let warehouse = try Warehouse(path: path)
        for number in hours {
            for exchange in [Exchange.okx, .gate] {
                let staged = Samples.staged(exchange, Samples.hour(number))
                _ = try warehouse.load(staged, from: Samples.file(staged))
            }
        }
        try warehouse.seal(using: Samples.summarize)
        return try LoadTests.contents(warehouse)
    }

    private func contents(_ path: String) throws -> [String: [String]] {
        try LoadTests.contents(Warehouse(path: path, for: .reading))
    }

    @Test("a copy holds one moment, although a writer goes on with its transaction")
    func whileWriting() throws {
        let before = try fill(live, hours: 0..<3)
        let writer = try Warehouse(path: live)
        try writer.transaction {
            let staged = Samples.staged(.okx, Samples.hour(3))
            _ = try writer.load(staged, from: Samples.file(staged))
            try WarehouseFile(live).backUp(to: copy)
        }
        #expect(try contents(copy) == before)
        #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))
        #expect(try writer.dirtyHours() == [Samples.hour(3)])
    }

    @Test("a backup brings back what was there, whoever has the warehouse open")
    func restore() throws {
        let before = try fill(live, hours: 0..<3)
        try WarehouseFile(live).backUp(to: copy)
        let reader = try Warehouse(path: live, for: .reading)
        _ = try fill(live, hours: 3..<9)
        #expect(try WarehouseFile(live).restore(copy, keptAside: ".damaged") == nil)
        #expect(try contents(live) == before)
        #expect(try LoadTests.contents(reader) == before)
        // And life goes on: later hours load as before.
        let after = try fill(live, hours: 3..<9)
        let never = try fill("\(folder)/never.db", hours: 0..<9)
        #expect(after == never)
    }

    @Test("a damaged warehouse is kept beside the restored one")
    func damaged() throws {
        let before = try fill(live, hours: 0..<3)
        try WarehouseFile(live).backUp(to: copy)
        for part in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: live + part) }  // may be none
        let handle = try #require(FileHandle(forWritingAtPath: live))
        try handle.write(contentsOf: Data(repeating: 7, count: 20_000))
        try handle.close()
        #expect(try WarehouseFile(live).restore(copy, keptAside: ".damaged")?.path == live + ".damaged")
        #expect(FileManager.default.fileExists(atPath: live + ".damaged"))
        #expect(try contents(live) == before)
    }

    /// Overwrites the first page of a table or an index with zeros.
    private func spoil(_ name: String) throws {
        let page = try Warehouse(path: live).queue.inDatabase {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?", arguments: [name])
        }
        let handle = try #require(FileHandle(forWritingAtPath: live))
        try handle.seek(toOffset: UInt64(((page ?? 1) - 1) * Warehouse.pageSize))
        try handle.write(contentsOf: Data(repeating: 0, count: Warehouse.pageSize))
        try handle.close()
    }

    @Test("an index that is damaged is damage, though every row can be read", arguments: ["liquidation_open", "ticker"])
    func damagedPage(name: String) throws {
        let before = try fill(live, hours: 0..<3)
        try WarehouseFile(live).backUp(to: copy)
        #expect(try WarehouseFile(live).damage() == nil)
        try spoil(name)
        #expect(try WarehouseFile(live).damage() != nil)
        #expect(try WarehouseFile(live).restore(copy, keptAside: ".damaged")?.path == live + ".damaged")
        #expect(try contents(live) == before)
        #expect(try WarehouseFile(live).damage() == nil)
    }

    @Test("a file that a killed run has just begun is not damaged, and another program's database is no warehouse")
    func begun() throws {
        try Data().write(to: URL(fileURLWithPath: live))
        #expect(try WarehouseFile(live).damage() == nil)
        try DatabaseQueue(path: copy).writeWithoutTransaction { try $0.execute(sql: "CREATE TABLE notes (text)") }
        #expect(try WarehouseFile(copy).damage() != nil)
    }

    @Test("what cannot be opened is not damaged, and nothing is moved")
    func notOpened() throws {
        _ = try fill("\(folder)/other.db", hours: 0..<1)
        try WarehouseFile("\(folder)/other.db").backUp(to: copy)
        try FileManager.default.createDirectory(atPath: live, withIntermediateDirectories: true)
        #expect(throws: (any Error).self) { try WarehouseFile(live).damage() }
        #expect(throws: (any Error).self) { try WarehouseFile(live).restore(copy, keptAside: ".damaged") }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.contains("market_history.db") && !names.contains { $0.contains(".damaged") || $0.contains(".new") })
    }

    @Test("a copy with pages of another size is restored by its content", arguments: [4096, 65536])
    func otherPages(size: Int) throws {
        let before = try fill(live, hours: 0..<3)
        try WarehouseFile(live).backUp(to: copy)
        let other = "\(folder)/other.db"
        let source = try DatabaseQueue(path: copy)
        try source.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA page_size = \(size)")
            try database.execute(sql: "VACUUM INTO ?", arguments: [other])
        }
        _ = try fill(live, hours: 3..<5)
        #expect(try WarehouseFile(live).restore(other, keptAside: ".damaged") == nil)
        #expect(try contents(live) == before)
    }

    @Test("of a damaged warehouse the kept tables are taken over as far as they can be read")
    func salvage() throws {
        _ = try fill(live, hours: 0..<3)
        let whole = try Warehouse(path: "\(folder)/whole.db")
        #expect(try ContentTransfer(to: whole).salvageKeptTables(of: live) == [])
        let logged = try whole.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM load_log") }
        #expect(logged == 6)
        try Data(repeating: 7, count: 20_000).write(to: URL(fileURLWithPath: copy))
        // A column more is left where it is.
        try whole.execute("ALTER TABLE load_log ADD COLUMN mine TEXT")
        let again = try Warehouse(path: "\(folder)/again.db")
        #expect(try ContentTransfer(to: again).salvageKeptTables(of: whole.path) == [])
        #expect(try again.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM load_log") } == 6)
        let empty = try Warehouse(path: "\(folder)/empty.db")
        #expect(try ContentTransfer(to: empty).salvageKeptTables(of: copy) == StoredTable.kept)
    }

    @Test("what is no backup is refused, and the warehouse stays", arguments: ["", "not a database", "cut"])
    func refused(content: String) throws {
        let before = try fill(live, hours: 0..<2)
        try WarehouseFile(live).backUp(to: copy)
        let data = try Data(contentsOf: URL(fileURLWithPath: copy))
        try (content == "cut" ? data.prefix(data.count / 2) : Data(content.utf8)).write(to: URL(fileURLWithPath: copy))
        #expect(throws: WarehouseError.unsound(path: copy)) {
            try WarehouseFile(live).restore(copy, keptAside: ".damaged")
        }
        #expect(throws: WarehouseError.missing(path: "\(folder)/none")) {
            try WarehouseFile(live).restore("\(folder)/none", keptAside: ".damaged")
        }
        #expect(try contents(live) == before)
    }

    @Test("a failed copy leaves nothing")
    func nothingLeft() throws {
        try Data("junk".utf8).write(to: URL(fileURLWithPath: live))
        #expect(throws: (any Error).self) { try WarehouseFile(live).backUp(to: copy) }
        #expect(!FileManager.default.fileExists(atPath: copy))
    }
}
