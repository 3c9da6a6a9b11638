import PerpCore
import Testing

@testable import Reports

@Suite("Reports of gaps and checks")
struct GapReportTests {
    private static let start = Hour("2025-10-23T00")!  // a valid hour
    private func hour(_ number: Int) -> Hour { Self.start.advanced(by: number) }

    private func absence(_ number: Int, _ exchange: Exchange, _ cause: String, _ reason: String? = nil)
        -> GapReport.Absence
    {
        GapReport.Absence(hour: hour(number), exchange: exchange, cause: cause, reason: reason)
    }

    @Test("runs of hours are one line a cause, and exchanges that miss the same hours share it")
    func runs() {
        let off = (3...5).flatMap { number in
            [Exchange.okx, .gate].map { absence(number, $0, "machine_off", "no run in this hour") }
        }
        let absences =
            [absence(1, .okx, "down", "503"), absence(2, .okx, "down", "timed out")] + off
            + [absence(6, .okx, "banned", "418"), absence(30, .okx, "banned", "418")]
        let report = GapReport(
            hours: hour(0)...hour(47), absences: absences,
            venues: [
                .init(exchange: .okx, expectedHours: 48, loadedHours: 41),
                .init(exchange: .gate, expectedHours: 48, loadedHours: 45),
            ])
        #expect(
            report.text == """
                Gaps from 2025-10-23 00:00 to 2025-10-24 23:00 UTC (48 h)
                   • OKX  2025-10-23 01:00 - 02:00 (2 h)  down: timed out
                   • every exchange  2025-10-23 03:00 - 05:00 (3 h)  machine off: no run in this hour
                   • OKX  2025-10-23 06:00 - 06:00 (1 h)  banned: 418
                   • OKX  2025-10-24 06:00 - 06:00 (1 h)  banned: 418

                Coverage
                   • OKX: 41 of 48 h (85.4%)
                   • Gate.io: 45 of 48 h (93.8%)

                """)
    }

    private func gap(_ number: Int, from: Int64, to: Int64, _ reason: String) -> StreamRecord.Gap {
        let start = hour(number).startTime
        return StreamRecord.Gap(
            from: start.advanced(byMilliseconds: from * 1000), to: start.advanced(byMilliseconds: to * 1000), reason: reason)
    }

    @Test("hours without a recorder are one line, and a hole that goes on in the next hour is one")
    func streams() throws {
        let unrecorded =
            (0...1).flatMap { number in Exchange.allCases.map { absence(number, $0, "no_recorder") } }
            + [absence(2, .okx, "no_stream"), absence(2, .hyperliquid, "no_stream")]
        let streams = StreamGaps(
            unrecorded: unrecorded,
            gaps: [
                (.bybit, gap(2, from: 3590, to: 3600, "silent for 30 s")),
                (.bybit, gap(3, from: 0, to: 25, "silent for 30 s")), (.gate, gap(3, from: 7, to: 8, "connection reset")),
            ],
            heard: [.init(exchange: .bybit, recordedHours: 2, heardMilliseconds: 7_165_000)])
        let report = GapReport(hours: hour(0)...hour(3), absences: [], venues: [], streams: streams)
        #expect(
            report.text.hasSuffix(
                """

                Streams
                   • every stream  2025-10-23 00:00 - 01:00 (2 h)  no recorder ran: make record
                   • OKX  2025-10-23 02:00 - 02:00 (1 h)  no file, while others were recorded: see what record says of it
                   • Bybit  2025-10-23 02:59:50 - 03:00:25 (35 s)  silent for 30 s
                   • Gate.io  2025-10-23 03:00:07 - 03:00:08 (1.0 s)  connection reset
                   • Bybit: heard 99.5% of 2 recorded h

                """))
        let json = try report.json()
        #expect(json.contains("\"cause\" : \"no_recorder\"") && json.contains("\"seconds\" : 35"))
        #expect(json.contains("\"recorded_hours\" : 2") && json.contains("\"heard_seconds\" : 7165"))
    }

    @Test("holes of several streams that begin and end together are one line of text; JSON keeps each")
    func together() throws {
        // A recorder that starts 10 to 12 s into the hour, and a stream that needs 40 s.
        let gaps = [Exchange.okx, .gate, .bybit].enumerated().map { number, exchange in
            (exchange: exchange, gap: gap(0, from: 0, to: [10, 12, 40][number], "not recorded"))
        }
        let report = GapReport(
            hours: hour(0)...hour(0), absences: [], venues: [],
            streams: StreamGaps(unrecorded: [], gaps: gaps, heard: []))
        #expect(report.text.contains("   • OKX, Gate.io  2025-10-23 00:00:00 - 00:00:10 (10 s)  not recorded\n"))
        #expect(report.text.contains("   • Bybit  2025-10-23 00:00:00 - 00:00:40 (40 s)  not recorded\n"))
        #expect(report.streams?.holes.count == 3)
    }

    @Test("of many holes the text names the longest, in their order")
    func manyHoles() {
        let gaps = (1...30).map { second in
            (exchange: Exchange.bybit, gap: gap(0, from: Int64(100 * second), to: Int64(101 * second), "closed"))
        }
        let text = GapReport(
            hours: hour(0)...hour(0), absences: [], venues: [],
            streams: StreamGaps(unrecorded: [], gaps: gaps, heard: [])
        ).text
        #expect(!text.contains("(10 s)") && text.contains("(11 s)") && text.contains("(30 s)"))
        #expect(text.contains("   • and 10 holes of 10 s at most: --json has all\n"))
    }

    @Test("an exchange that begins in the span says since when it is there")
    func beginning() throws {
        let report = GapReport(
            hours: hour(0)...hour(3), absences: [],
            venues: [
                .init(exchange: .okx, expectedHours: 4, loadedHours: 4, firstHour: hour(-5)),
                .init(exchange: .krakenFutures, expectedHours: 2, loadedHours: 2, firstHour: hour(2)),
                .init(exchange: .gate, expectedHours: 4, loadedHours: 0),
            ])
        #expect(
            report.text.contains(
                """
                   • OKX: 4 of 4 h (100.0%)
                   • Kraken Futures: 2 of 2 h (100.0%), since 2025-10-23 02:00
                   • Gate.io: 0 of 4 h (0.0%)

                """))
        #expect(try report.json().contains(#""first_hour" : "2025-10-23T02""#))
    }

    @Test("no gaps are said to be none")
    func none() throws {
        let report = GapReport(hours: hour(0)...hour(1), absences: [], venues: [])
        #expect(report.text.contains("   none\n"))
        #expect(try report.json().contains("\"gaps\" : ["))
    }

    @Test("a check says what a wrong row means, and a symbol cannot steer the terminal")
    func check() {
        let finding = CheckReport.Finding(
            name: "orphan_rows", severity: "error", meaning: "Rows that nothing accounts for.", rows: 7,
            columns: ["hour", "symbol"], sample: [["2025-10-23T02", "A\u{1B}[2J\nB"]])
        let clean = CheckReport.Finding(
            name: "x", severity: "error", meaning: "", rows: 0, columns: [], sample: [])
        let report = CheckReport(hours: hour(0)...hour(1), findings: [clean, finding])
        #expect(report.hasErrors)
        #expect(
            report.text == """
                Checks from 2025-10-23 00:00 to 2025-10-23 01:00 UTC (2 h)
                   • x            ok
                   • orphan_rows  error: 7 wrong rows
                     Rows that nothing accounts for.
                       hour 2025-10-23T02, symbol A?[2J?B
                       and 6 more
                2 checks, 1 with wrong rows

                """)
    }

    @Test("what is only worth knowing is not called wrong")
    func notices() {
        let finding = CheckReport.Finding(
            name: "sides_in_doubt", severity: "info", meaning: "In doubt.", rows: 1, columns: ["figure"],
            sample: [["volume_24h"]])
        let report = CheckReport(hours: hour(0)...hour(1), findings: [finding])
        #expect(!report.hasErrors)
        #expect(
            report.text.hasSuffix(
                """
                   • sides_in_doubt  info: 1 to know of
                     In doubt.
                       figure volume_24h
                1 checks, 0 with wrong rows

                """))
    }

    @Test("warnings are no errors")
    func warnings() {
        let finding = CheckReport.Finding(
            name: "duplicates", severity: "warning", meaning: "", rows: 1, columns: [], sample: [[]])
        #expect(!CheckReport(hours: hour(0)...hour(1), findings: [finding]).hasErrors)
    }
}
