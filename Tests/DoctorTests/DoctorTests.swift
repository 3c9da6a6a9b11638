import Foundation
import GRDB
import PerpCore
import PipelineFiles
import Testing
import Warehouse

@testable import Reports
@testable import doctor

@Suite("The doctor")
struct DoctorTests {
    private func plant(_ sql: String, in checkout: Checkout) throws {
        let queue = try DatabaseQueue(path: checkout.warehousePath)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test("a checkout in order has nothing to complain of")
    func healthy() throws {
        let report = try Checkout().examine()
        #expect(report.points.filter { $0.level == .warning || $0.level == .error }.map(\.text) == [])
        #expect(report.lines("venues").first == "ok OKX: last good hour 2025-10-23 15:00 UTC, which ended 10 min ago")
        #expect(report.lines("bans") == ["ok none in force"])
        #expect(report.lines("endpoints") == ["ok no failures in the last 24 hours"])
        #expect(report.lines("alerts") == ["ok all are delivered"])
        #expect(report.lines("lock") == ["ok the warehouse: free", "ok this hour's raw files: free"])
        #expect(report.lines("fields") == ["ok the exchanges send the fields that they sent before"])
        #expect(report.gauge("perps_last_good_hour_age_seconds", ["exchange": "okx"]) == 600)
        #expect(report.lines("programs").contains { $0.contains("SQLite \(try! Health.sqliteVersion())") })  // it runs
    }

    @Test("without a warehouse it says how to get one, and goes on")
    func noWarehouse() throws {
        let checkout = try Checkout(isLoaded: false)
        let report = try checkout.examine()
        #expect(
            report.lines("warehouse") == [
                "error there is none at \(checkout.warehousePath) -> make hourly; the demo's is read with DATA=.demo"
            ])
        #expect(
            report.lines("runs") == [
                "warning none in the last 24 hours -> make schedule prints what runs make hourly"
            ])
        #expect(report.lines("disk").count == 2)
    }

    @Test(
        "a schema of other programs is named",
        arguments: [
            ("INSERT INTO grdb_migrations VALUES ('9999_future')", "was made by a newer program: use that one -> git pull"),
            (
                "DELETE FROM grdb_migrations WHERE identifier = (SELECT max(identifier) FROM grdb_migrations)",
                "needs a migration: run load once -> a migration is pending: make load"
            ),
        ])
    func schema(sql: String, words: String) throws {
        let checkout = try Checkout()
        try plant(sql, in: checkout)
        let lines = try checkout.examine().lines("warehouse")
        #expect(lines.count == 1)
        #expect(lines[0].hasPrefix("error") && lines[0].contains(words), "\(lines)")
    }

    @Test("a damaged database is an error with a way out", arguments: [0, 1])
    func damaged(page: Int) throws {
        let checkout = try Checkout()
        // A page in use by the schema, or the header itself.
        let handle = try #require(FileHandle(forWritingAtPath: checkout.warehousePath))
        try handle.seek(toOffset: UInt64(page) * 100)
        try handle.write(contentsOf: Data(repeating: 0xAA, count: 3000))
        try handle.close()
        let report = try checkout.examine()
        let line = try #require(report.lines("warehouse").first)
        #expect(line.hasPrefix("error \(checkout.warehousePath): is \(page == 0 ? "no database, or its beginning is" : "") damaged".replacing("  ", with: " ")))
        #expect(line.contains("-> make restore BACKUP="))
    }

    @Test("hours of older rules, and contracts of no known class, are told")
    func classes() throws {
        let checkout = try Checkout()
        try plant(
            """
            UPDATE exchange_hour SET transform_version = 1 WHERE exchange_id = 'okx';
            UPDATE instrument SET asset_class = 'other', status = 'trading' WHERE exchange_id = 'okx';
            """, in: checkout)
        let report = try checkout.examine()
        #expect(
            report.lines("warehouse").contains(
                "warning 1 hour is of older rules, with shares among the coins: later hours are not compared with it "
                    + "-> make reprocess"))
        let line = try #require(report.lines("classes").first)
        #expect(line.hasPrefix("info OKX: ") && line.contains("of no known class, in no total of coins: "))
    }

    /// Bybit was heard for three quarters of the good hour, OKX all of it, and Gate two hours before it.
    private static var streamRows: String {
        let hour = Checkout.hour.start
        return """
            INSERT INTO stream_hour VALUES
                (\(hour), 'okx', 'a', 'b', 3, 'sampled', 'bankruptcy', 3600000, 9, 0, 9, 9, 0, NULL, NULL),
                (\(hour), 'bybit', 'a', 'b', 3, 'sampled', 'bankruptcy', 2700000, 31, 4, 9, 9, 0, NULL, NULL),
                (\(hour - 7200), 'gate', 'a', 'b', 3, 'complete', 'order', 3600000, 9, 0, 9, 9, 0, NULL, NULL);
            INSERT INTO stream_gap VALUES (\(hour), 'bybit', \(hour)000, \(hour + 10)000, 'not recorded'),
                (\(hour), 'bybit', \(hour + 100)000, \(hour + 990)000, 'silent for 30 s');
            """
    }

    @Test("while a recorder runs, a stream that was not wholly heard is told with the reason, and so is one that stopped")
    func streams() throws {
        let checkout = try Checkout(settings: "EXCHANGES=okx,gate,bybit,binance,hyperliquid\n")
        let lock = try Lock(checkout.paths.recorderLock, purpose: "record, since noon")
        let before = try checkout.examine().lines("streams")
        #expect(before.count == 1 && before[0].hasPrefix("ok the recorder is running: pid "))
        #expect(before[0].hasSuffix(", record, since noon; none of its hours is loaded yet"))
        try plant(Self.streamRows, in: checkout)
        let report = try checkout.examine()
        #expect(report.lines("streams").first?.hasSuffix("since noon; last loaded hour 2025-10-23 15:00 UTC") == true)
        let told: [String] = [
            "ok OKX: heard 100.0 % of 2025-10-23 15:00 UTC, 100.0 % of the day",
            """
            warning Bybit: heard 75.0 % of 2025-10-23 15:00 UTC, 75.0 % of the day: silent for 30 s \
            -> record connects again by itself; if it lasts, see the exchange's status page; make gaps has all
            """,
            """
            warning Gate.io: nothing of a stream is loaded since 2025-10-23 13:00 UTC \
            -> make hourly loads what is recorded; what record writes on standard error says the rest
            """,
            """
            warning Binance: no file of its stream in the last day \
            -> what record writes on standard error says why; it listens to the exchanges of EXCHANGES
            """,
        ]
        #expect(Array(report.lines("streams").dropFirst()) == told)
        let figures: [(name: String, value: Double)] = [
            ("covered_seconds", 2700), ("covered_ratio", 0.75), ("messages", 31), ("duplicates", 4), ("gaps", 2),
            ("last_hour_seconds", Double(Checkout.hour.start)),
        ]
        for figure in figures {
            #expect(report.gauge("perps_stream_\(figure.name)", ["exchange": "bybit"]) == figure.value)
        }
        #expect(report.gauge("perps_recorder_running") == 1)
        withExtendedLifetime(lock) {}
    }

    @Test("without a recorder it says what is missing, once, and that it was there before")
    func noRecorder() throws {
        let checkout = try Checkout(settings: "EXCHANGES=okx,gate,bybit\n")
        let start = "-> make record, or systemctl start perps-warehouse-record"
        #expect(
            try checkout.examine().lines("streams") == [
                "info no recorder ever ran: no liquidations of Bybit, which come by stream only \(start)"
            ])
        try plant(Self.streamRows, in: checkout)
        let report = try checkout.examine()
        #expect(
            report.lines("streams").first
                == "warning the recorder is not running: nothing is heard now; last loaded hour 2025-10-23 15:00 UTC \(start)")
        // That Gate is late and Bybit was not wholly heard has this one reason.
        #expect(report.lines("streams").count { $0.hasPrefix("warning") } == 1)
        #expect(report.gauge("perps_recorder_running") == 0)
    }

    @Test("where no exchange with a stream is enabled there is nothing to say of streams")
    func noStreams() throws {
        #expect(try Checkout(settings: "EXCHANGES=hyperliquid\n").examine().lines("streams").isEmpty)
    }

    @Test("an exchange whose hour is over for more than two hours is late, and one without hours is missing")
    func late() throws {
        let checkout = try Checkout(settings: "EXCHANGES=okx,gate,bybit\n")
        checkout.now = Checkout.hour.next.startTime.advanced(byMilliseconds: 7_200_000)
        #expect(try checkout.examine().lines("venues").count { $0.hasPrefix("ok") } == 2)
        checkout.now = checkout.now.advanced(byMilliseconds: 1000)
        let lines = try checkout.examine().lines("venues")
        #expect(
            lines == [
                "warning OKX: last good hour 2025-10-23 15:00 UTC, which ended 2 h ago "
                    + "-> make hourly asks again; the lines of 'runs' and 'endpoints' say why",
                "warning Bybit: no good hour ever -> make gaps says why; leave it out of EXCHANGES if it cannot be "
                    + "asked from here",
                "warning Gate.io: last good hour 2025-10-23 15:00 UTC, which ended 2 h ago "
                    + "-> make hourly asks again; the lines of 'runs' and 'endpoints' say why",
            ])
    }

    @Test("the demo's hours are never late")
    func demo() throws {
        let checkout = try Checkout()
        try Data().write(to: URL(fileURLWithPath: "\(checkout.paths.raw)/.demo"))
        checkout.now = checkout.now.advanced(byMilliseconds: 400 * 86_400_000)
        let report = try checkout.examine()
        #expect(report.lines("venues").allSatisfy { $0.hasPrefix("ok ") })
        #expect(report.lines("warehouse").contains { $0.contains("it holds real hours") && $0.contains("simulated ones") })
        #expect(report.lines("demo").first?.contains("another folder: DATA=") == true)
    }

    @Test("a raw file that was never loaded is told, once its hour is over")
    func notLoaded() throws {
        let checkout = try Checkout()
        try checkout.writeRaw(.gate, Checkout.hour.previous)
        try checkout.writeRaw(.gate, Checkout.hour.next)
        let lines = try checkout.examine().lines("warehouse")
        #expect(
            lines.last == "warning 1 raw file of the last 24 hours is not loaded, the first of 2025-10-23 14:00 UTC "
                + "-> make reprocess FROM=2025-10-23T14 TO=2025-10-23T14")
    }

    @Test("a ban counts until it ends")
    func ban() throws {
        let checkout = try Checkout()
        let until = checkout.now.advanced(byMilliseconds: 60_000)
        try BanFile.add(
            Ban(exchange: .okx, host: "www.okx.com", until: until, reason: "418"), now: checkout.now,
            in: checkout.paths)
        let report = try checkout.examine()
        #expect(report.lines("bans").first?.hasPrefix("warning OKX: www.okx.com until \(until): 418 -> wait") == true)
        let seconds = report.gauge("perps_ban_until_seconds", ["exchange": "okx", "host": "www.okx.com"])
        #expect(seconds == Double(until.milliseconds / 1000))
        checkout.now = until
        #expect(try checkout.examine().lines("bans") == ["ok none in force"])
    }

    @Test("an endpoint that fails in the last run wants attention; one that recovered is worth knowing")
    func endpoints() throws {
        let checkout = try Checkout()
        func failed(_ id: String, _ cause: RunReport.Cause) -> RunReport.EndpointRun {
            RunReport.EndpointRun(
                id: id, calls: 2, failed: 2, attempts: 6, weight: 2, ok: false, cause: cause, reason: "status 503")
        }
        try checkout.writeRun(Checkout.hour, minute: 20, failing: [failed("instruments", .down)])
        try checkout.writeRun(Checkout.hour.next, failing: [failed("tickers", .blocked), failed("instruments", .down)])
        let recovered = RunReport.EndpointRun(id: "instruments", calls: 1, failed: 0, attempts: 1, weight: 1, ok: true)
        try checkout.writeRun(Checkout.hour.next, minute: 5, failing: [recovered, failed("tickers", .blocked)])
        let report = try checkout.examine()
        #expect(
            report.lines("endpoints") == [
                "info OKX instruments: failed in 2 of 3 runs (down): status 503",
                "warning OKX tickers: failed in 2 of 6 runs (blocked): status 503 -> the exchange does not serve this "
                    + "location: run elsewhere, or leave it out of EXCHANGES",
            ])
        #expect(report.gauge("perps_endpoint_failures", ["exchange": "okx", "endpoint": "tickers"]) == 2)
    }

    @Test("what fails everywhere for one reason is one line")
    func sharedCause() throws {
        let checkout = try Checkout()
        let lost = RunReport.EndpointRun(
            id: "instruments", calls: 1, failed: 1, attempts: 3, weight: 1, ok: false, cause: .down,
            reason: "the server's name does not resolve")
        try checkout.writeRun(Checkout.hour.next, failing: [lost], of: [.okx, .gate, .bybit, .dydx])
        #expect(
            try checkout.examine().lines("endpoints") == [
                "warning OKX instruments, Bybit instruments, Gate.io instruments and 1 more: failed (down): the "
                    + "server's name does not resolve -> if it lasts, see the exchange's status page; an hour is asked "
                    + "again by the next run within it"
            ])
    }

    @Test("messages that the receiver refused, and those that wait too long")
    func alerts() throws {
        let checkout = try Checkout()
        let created = checkout.now.milliseconds - 2 * 3_600_000
        for (id, state) in [("1", "dead"), ("2", "pending"), ("3", "delivered")] {
            try plant(
                """
                INSERT INTO alert_outbox (alert_id, key, hour, reason, tier, confidence, direction, payload, state,
                    created_at_ms, last_error)
                VALUES ('\(id)', 'k\(id)', 0, 'new', 1, 70, 'LONG', '{}', '\(state)', \(created), 'status 404')
                """, in: checkout)
        }
        let report = try checkout.examine()
        #expect(
            report.lines("alerts") == [
                "warning 1 to be delivered, the oldest for 2 h: status 404 -> see DISCORD_WEBHOOK_URL; make alerts "
                    + "tries again",
                "warning 1 were refused for good: status 404 -> see DISCORD_WEBHOOK_URL",
            ])
        #expect(report.gauge("perps_alerts_dead") == 1)
    }

    @Test("hours that are not sealed and checks with errors")
    func hours() throws {
        let checkout = try Checkout()
        try plant(
            """
            UPDATE hour SET sealed = 0;
            INSERT INTO check_result VALUES (1000, 'orphan_rows', 'error', 3, NULL), (1000, 'x', 'warning', 1, NULL);
            """, in: checkout)
        let report = try checkout.examine()
        #expect(report.lines("warehouse").last?.hasPrefix("warning 1 hour is not sealed") == true)
        #expect(report.lines("checks").first?.contains("wrong rows in orphan_rows, x -> make check") == true)
    }

    @Test("whoever writes is named, and nobody waits")
    func lock() throws {
        let checkout = try Checkout()
        let lock = try Lock("\(checkout.folder)/warehouse/.lock", purpose: "load")
        let report = try checkout.examine()
        #expect(report.lines("lock").first?.hasSuffix(", load") == true)
        #expect(report.lines("fields").first?.hasPrefix("info the diary waits for the next look") == true)
        #expect(report.complaints == 0)
        withExtendedLifetime(lock) {}
    }

    @Test(
        "little room is a warning, next to none an error",
        arguments: [
            (free: 300 << 30, total: 1000 << 30, level: "ok"), (free: 3 << 30, total: 50 << 30, level: "ok"),
            (free: 49 << 30, total: 1000 << 30, level: "warning"), (free: 1 << 30, total: 10 << 30, level: "warning"),
            (free: 100 << 20, total: 200 << 20, level: "error"), (free: 0, total: 0, level: "error"),
        ] as [(free: Int64, total: Int64, level: String)])
    func disk(free: Int64, total: Int64, level: String) {
        #expect(Examination.level(free: free, total: total).rawValue == level)
    }
}
