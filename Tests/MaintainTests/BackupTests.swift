import ArgumentParser
import Foundation
import PipelineFiles
import Testing
import Warehouse
import WarehouseCommands

@testable import maintain

@Suite("Copies of the warehouse")
final class BackupTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
    private var database: String { "\(folder)/market_history.db" }

    init() throws {
        try FileSystem.makeFolder(folder)
        try Warehouse(path: database).close()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody

    private func backUp(_ arguments: String...) throws {
        try Backup.parse(["--warehouse", database] + arguments).run()
    }

    @Test("a copy gets the name of its time, in the folder of copies")
    func usualName() throws {
        try backUp("--now", "2025-10-23T15:04:05Z")
        #expect(copiesOfWarehouse(beside: database) == ["\(folder)/backup/market_history-2025-10-23T15-04-05Z.db"])
    }

    @Test("a copy replaces another copy, and nothing else")
    func replacing() throws {
        let copy = "\(folder)/copies/copy.db"
        try backUp("--output", copy)
        try backUp("--output", copy)
        try "notes".write(toFile: "\(folder)/notes.txt", atomically: true, encoding: .utf8)
        for other in [database, "\(database)-wal", folder, "\(folder)/notes.txt"] {
            #expect(throws: ValidationError.self) { try backUp("--output", other) }
        }
        #expect(WarehouseFile(copy).isWarehouse)
    }

    @Test("a copy that is not there is wrong usage, and a restored one is read")
    func restoring() throws {
        let copy = "\(folder)/copies/copy.db"
        #expect(throws: ExitCode(64)) { try Restore.parse([copy, "--warehouse", database]).run() }
        try backUp("--output", copy)
        try Restore.parse([copy, "--warehouse", database]).run()
        _ = try Warehouse(path: database, for: .reading)
    }
}
