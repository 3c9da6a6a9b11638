import Foundation
import GRDB
import PerpCore
import Testing

@testable import Warehouse

@Suite("Readers beside a writer")
struct ReaderTests {
    /// Loads, replaces and removes files of six hours, sealing in between.
    private static func write(_ path: String) throws {
        let warehouse = try Warehouse(path: path)
        for round in 0..<15 {
            for number in 0..<6 {
                for exchange in [Exchange.okx, .gate, .bybit, .dydx].prefix(2 + (round + number) % 3) {
                    let staged = Samples.staged(exchange, Samples.hour(number), price: Double(100 + round))
                    _ = try warehouse.load(staged, from: Samples.file(staged))
                }
                if number.isMultiple(of: 2) { try warehouse.remove(.dydx, Samples.hour(number)) }
                try warehouse.seal(using: Samples.summarize)
            }
        }
    }

    @Test("never wait, and every hour that they see is whole")
    func consistent() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // the system clears it otherwise
        let path = folder.appendingPathComponent("market_history.db").path
        _ = try Warehouse(path: path)
        let writing = Task.detached { try Self.write(path) }
        let reader = try Warehouse(path: path, for: .reading)
        var seen = 0
        while seen < 2000 {
            let rows = try reader.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT m.timestamp, m.exchanges_count,
                            (SELECT count(*) FROM exchange_snapshots AS e WHERE e.timestamp = m.timestamp),
                            (SELECT count(DISTINCT t.exchange_id) FROM tickers AS t WHERE t.hour = m.timestamp)
                        FROM market_snapshots AS m
                        """)
            }
            for row in rows {
                #expect(row[1] as Int == row[2] as Int)
                #expect(row[1] as Int == row[3] as Int)
            }
            seen += 1
        }
        try await writing.value
        let last = try LoadTests.contents(try Warehouse(path: path, for: .reading))
        #expect(last["hour"]?.count == 6)
    }
}
