import ArgumentParser
import PerpCore
import Testing
import Warehouse

@testable import report

@Suite("The hour that a report is about")
struct StoredHourTests {
    @Test("the latest when none is named; one that is not recorded is wrong usage")
    func stored() throws {
        let checkout = try Checkout()
        let warehouse = try Warehouse(path: checkout.warehousePath, for: .reading)
        let latest = Checkout.hour
        #expect(try report.stored(nil, in: warehouse, latest: latest) == latest)
        #expect(try report.stored(latest, in: warehouse, latest: latest) == latest)
        #expect(throws: ExitCode(64)) { try report.stored(latest.previous, in: warehouse, latest: latest) }
    }
}
