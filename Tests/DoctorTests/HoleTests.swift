import PerpCore
import Testing

@testable import Reports
@testable import doctor

@Suite("The doctor and missing hours")
struct HoleTests {
    @Test("hours that begin to be lost within a day are a warning, with the exchanges and the end")
    func pressing() throws {
        // Hour 14 lies between two that were recorded; OKX and Gate.io tell of liquidations for a day.
        let checkout = try Checkout()
        try checkout.load(Hour("2025-10-23T13")!)  // a literal hour
        let report = try checkout.examine()
        let lines = report.lines("history")
        #expect(lines.count == 1, "\(lines)")
        #expect(
            lines.first?.hasPrefix(
                "warning liquidations of missing hours can be asked for until 2025-10-24T14:00 only: OKX, Gate.io") == true,
            "\(lines)")
        #expect(report.gauge("perps_pressing_holes") == 2)
        // OKX tells of seven datasets, and so does Gate.io.
        #expect(report.gauge("perps_recoverable_holes") == 14)
    }

    @Test("what is lost, and what can be asked for at any time, is no warning")
    func quiet() throws {
        let checkout = try Checkout()
        try checkout.load(Hour("2025-10-23T13")!)  // a literal hour
        checkout.now = Hour("2025-10-24T16")!.startTime  // a day after what was told for a day
        let report = try checkout.examine()
        #expect(report.lines("history") == ["ok nothing is lost within a day; make gaps has all"])
        #expect(report.gauge("perps_pressing_holes") == 0)
        #expect(report.gauge("perps_recoverable_holes") == 12)
    }

    @Test("without a missing hour there is no hole")
    func whole() throws {
        let report = try Checkout().examine()
        #expect(report.lines("history") == ["ok no missing hour could be asked for"])
        #expect(report.gauge("perps_recoverable_holes") == 0)
    }
}
