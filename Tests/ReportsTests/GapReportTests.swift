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

    @Test("warnings are no errors")
    func warnings() {
        let finding = CheckReport.Finding(
            name: "duplicates", severity: "warning", meaning: "", rows: 1, columns: [], sample: [[]])
        #expect(!CheckReport(hours: hour(0)...hour(1), findings: [finding]).hasErrors)
    }
}
