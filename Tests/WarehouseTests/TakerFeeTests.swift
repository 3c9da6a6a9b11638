import Foundation
import GRDB
import PerpCore
import Sealing
import Testing

@testable import Warehouse

@Suite("Taker fees in the warehouse")
struct TakerFeeTests {
    private func fees(_ warehouse: Warehouse) throws -> [String: Double?] {
        try warehouse.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT exchange_id, taker_fee FROM exchange")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Double?) })
        }
    }

    @Test("fees are noted, changed, and kept when the database is opened again")
    func noted() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // nothing else looks into it
        let path = folder.appending(path: "fees.db").path
        let warehouse = try Warehouse(path: path)
        #expect(try fees(warehouse)["okx"] == .some(nil))
        try warehouse.setTakerFees([.okx: 0.0005, .bybit: 0.00055])
        try warehouse.setTakerFees([.okx: 0.0002])
        let again = try fees(try Warehouse(path: path))
        #expect(again["okx"] == 0.0002)
        #expect(again["bybit"] == 0.00055)
        #expect(again["gate"] == .some(nil))
    }

    @Test("fees that are as they were change no row")
    func unchanged() throws {
        let warehouse = try Warehouse()
        try warehouse.setTakerFees([.okx: 0.0005])
        let before = try warehouse.read { try Int.fetchOne($0, sql: "SELECT total_changes()") }
        try warehouse.setTakerFees([.okx: 0.0005])
        #expect(try warehouse.read { try Int.fetchOne($0, sql: "SELECT total_changes()") } == before)
    }

    @Test("a rebuild keeps them, and a proof sees no difference")
    func rebuilt() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // nothing else looks into it
        let live = try Warehouse(path: folder.appending(path: "live.db").path)
        try live.setTakerFees(TakerFees([.okx: 0.0003]).byExchange)
        let scratch = try Warehouse(path: folder.appending(path: "scratch.db").path, for: .scratch)
        func digest(_ warehouse: Warehouse) throws -> TableDigest? {
            try Integrity(warehouse).digests().first { $0.table == "exchange" }
        }
        #expect(try digest(live) != digest(scratch))
        try ContentTransfer(to: scratch).copyKeptTables(of: live)
        #expect(try digest(live) == digest(scratch))
        try ContentTransfer(to: live).replaceContent(by: scratch)
        #expect(try fees(live)["okx"] == 0.0003)
        #expect(try fees(live)["bitget"] == 0.0006)
    }
}
