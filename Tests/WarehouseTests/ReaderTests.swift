import Foundation
import GRDB
import PerpCore
import Synchronization
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
        let folder = try Samples.folder()
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

    @Test("that are two connections, and read beside one another, see the same state, whatever is written meanwhile")
    func beside() async throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }  // the system clears it otherwise
        let path = folder.appendingPathComponent("market_history.db").path
        _ = try Warehouse(path: path)
        let writing = Task.detached { try Self.write(path) }
        let reader = try Warehouse(path: path, for: .reading)
        @Sendable func state(_ warehouse: Warehouse) throws -> [String] {
            try warehouse.read {
                try String.fetchAll(
                    $0,
                    sql: """
                        SELECT hour || ' ' || count(*) || ' ' || sum(mark_price) FROM ticker GROUP BY hour
                        UNION ALL
                        SELECT hour || ' ' || sealed FROM hour ORDER BY 1
                        """)
            }
        }
        for _ in 0..<300 {
            let (common, first, second) = try reader.reading {
                try state(reader)
            } _: { warehouse, _ in
                try state(warehouse)
            } beside: { warehouse, _ in
                try state(warehouse)
            }
            #expect(first == second && first == common)
        }
        try await writing.value
        #expect(throws: CancellationError.self) {
            try reader.reading {
                try state(reader)
            } _: { _, _ in
            } beside: { _, _ in
                throw CancellationError()
            }
        }
        #expect(try state(reader).count == 12, "no transaction is left open")
    }

    // MARK: - Rebuilds and retention

    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    /// Thirty hours of two exchanges, all at about one price.
    private static func fill(_ path: String, price: Double) throws {
        let warehouse = try Warehouse(path: path)
        for number in 0..<30 {
            for exchange in [Exchange.okx, .gate] {
                let staged = Samples.staged(exchange, Samples.hour(number), price: price)
                _ = try warehouse.load(staged, from: Samples.file(staged))
            }
        }
        try warehouse.seal(using: Samples.summarize)
    }

    @Test("see a rebuild and a day's retention at once or not at all")
    func replaced() async throws {
        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }  // the system clears it otherwise
        let paths = ["live", "cheap", "dear"].map { folder.appendingPathComponent("\($0).db").path }
        for (path, price) in zip(paths, [100.0, 100, 5000]) { try Self.fill(path, price: price) }

        let end = Flag()
        let writing = Task.detached {
            defer { end.isSet.withLock { $0 = true } }
            let live = try Warehouse(path: paths[0])
            for round in 0..<20 {
                let other = try Warehouse(path: paths[1 + (round + 1) % 2], for: .reading)
                try ContentTransfer(to: live).replaceContent(by: other)
                // The first day goes, six hours of the second one stay.
                _ = try Retention(live).removeHours(before: Samples.hour(24))
            }
        }
        let reader = try Warehouse(path: paths[0], for: .reading)
        repeat {
            let row = try reader.read { database in
                try Row.fetchOne(
                    database,
                    sql: """
                        SELECT count(DISTINCT hour), count(*), max(last_price) - min(last_price),
                            (SELECT count(*) FROM market_snapshots), (SELECT count(*) FROM exchange_snapshots)
                        FROM tickers
                        """)
            }
            let values = try #require(row)
            let hours: Int = values[0]
            #expect([6, 30].contains(hours))
            // Two exchanges with two symbols each, one dollar apart: never rows of both databases.
            #expect(values[1] as Int == 4 * hours)
            #expect(values[2] as Double == 1)
            #expect(values[3] as Int == hours)
            #expect(values[4] as Int == 2 * hours)
        } while !end.isSet.withLock({ $0 })
        try await writing.value
    }
}
