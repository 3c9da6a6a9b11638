import PerpCore
import Testing

@testable import Reports

@Suite("The doctor's report")
struct DoctorReportTests {
    private var report: DoctorReport {
        var report = DoctorReport(time: Timestamp(milliseconds: 1_761_200_000_000))
        report.add("disk", .ok, "raw: 80.1 GB free")
        report.add("endpoints", .warning, "OKX tickers: failed in 3 of 24 runs: \u{1B}[2J", advice: "wait")
        report.measure("perps_disk_free_bytes", 8e10, help: "Room", labels: ["path": "a\"b\\c"])
        report.measure("perps_share", 0.25, help: "Share")
        return report
    }

    @Test("a line each, with what to do, and no control characters of others")
    func text() {
        #expect(
            report.text(coloured: false) == """
                ok     disk       raw: 80.1 GB free
                WARN   endpoints  OKX tickers: failed in 3 of 24 runs: ?[2J
                                   -> wait
                2 points at 2025-10-23T06:13:20.000Z: 1 point wants attention

                """)
        #expect(report.text(coloured: true).hasPrefix("\u{1B}[32mok   \u{1B}[0m  disk"))
        #expect(report.complaints == 1)
    }

    @Test("gauges in the text format of Prometheus")
    func metrics() {
        #expect(
            report.metrics == """
                # HELP perps_disk_free_bytes Room
                # TYPE perps_disk_free_bytes gauge
                perps_disk_free_bytes{path="a\\"b\\\\c"} 80000000000
                # HELP perps_doctor_complaints Points of the doctor that want attention
                # TYPE perps_doctor_complaints gauge
                perps_doctor_complaints{area="disk",level="warning"} 0
                perps_doctor_complaints{area="disk",level="error"} 0
                perps_doctor_complaints{area="endpoints",level="warning"} 1
                perps_doctor_complaints{area="endpoints",level="error"} 0
                # HELP perps_doctor_time_seconds When the doctor looked
                # TYPE perps_doctor_time_seconds gauge
                perps_doctor_time_seconds 1761200000
                # HELP perps_share Share
                # TYPE perps_share gauge
                perps_share 0.25

                """)
    }

    @Test("a collector reads the figures back, whatever the labels hold")
    func exposition() throws {
        var report = report
        let hostile = "line\none\r\n\"two\" \\ three,four}five"
        report.measure("perps_share", -1.5e-7, help: "Share\nof \\ all", labels: ["name": hostile, "other": ""])
        report.measure("perps_share", 1e21, help: "not shown", labels: ["name": "big"])
        let families = try Exposition(parsing: report.metrics).families
        #expect(families.map(\.name) == families.map(\.name).sorted())
        #expect(families.allSatisfy { $0.type == "gauge" && !$0.help.isEmpty })
        let share = try #require(families.first { $0.name == "perps_share" })
        #expect(share.help == "Share")
        #expect(share.samples.map(\.value) == [0.25, -1.5e-7, 1e21])
        #expect(share.samples[1].labels == ["name": hostile, "other": ""])
        let disk = try #require(families.first { $0.name == "perps_disk_free_bytes" })
        #expect(disk.samples.map(\.labels) == [["path": "a\"b\\c"]])
    }
}
