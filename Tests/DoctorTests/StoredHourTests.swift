import ArgumentParser
import PerpCore
import Testing
import Warehouse
import WarehouseCommands

@Suite("The hour that a report is about")
struct StoredHourTests {
    @Test("the latest when none is named; one that is not recorded is wrong usage")
    func stored() throws {
        let checkout = try Checkout()
        let warehouse = try Warehouse(path: checkout.warehousePath, for: .reading)
        let latest = Checkout.hour
        let asked = AskedHours("report", in: warehouse)
        #expect(try asked.stored(nil) == latest)
        #expect(try asked.stored(latest) == latest)
        #expect(throws: ExitCode(64)) { try asked.stored(latest.previous) }
    }
}
