import AlertDelivery
import PerpCore
import Replaying
import Signals
import Testing
import Warehouse

@testable import alert

@Suite("An interval of funding that changes, told as an alert")
struct IntervalChangeTests {
    private let start = Market.start
    private let key = "funding_interval_change:MARKET"

    /// A quiet hour in which Bybit's list states so many hours for BTCUSDT.
    private func hour(_ hour: Hour, interval: Double) -> [StagedHour] {
        Market.quiet(hour).map { staged in
            guard staged.exchange == .bybit else { return staged }
            var staged = staged
            staged.instruments = [
                Instrument(
                    symbol: "BTCUSDT", asset: "BTC", base: "BTC", quote: "USDT", settle: "USDT", kind: .linear,
                    contract: .perpetual, status: .trading, contractMultiplier: 1, unitMultiplier: 1,
                    fundingIntervalHours: interval)
            ]
            staged.tickers[0].fundingIntervalHours = interval
            staged.tickers[0].fundingRate = 0.0001
            return staged
        }
    }

    private func warehouse() throws -> Warehouse {
        try Market.warehouse([
            hour(start, interval: 8), hour(start.next, interval: 1), hour(start.advanced(by: 2), interval: 1),
        ])
    }

    private let rules = AlertRules(settings: AlertSettings(deliveredTiers: [1, 2, 3]))

    @Test("it is told in its hour, once, and the message has both rates")
    func told() throws {
        let warehouse = try warehouse()
        let run = AlertRun(warehouse: warehouse, rules: rules, model: .v2)
        for hour in [start, start.next, start.advanced(by: 2)] {
            let result = try run.evaluate(hour, now: hour.end)
            let row = result.outbox.first { $0.key == key }
            #expect((row != nil) == (hour == start.next))
            if let row {
                #expect(row.tier == 3 && row.reason == "new" && row.payload.contains("Bybit BTCUSDT: 8 h to 1 h. Was "))
            }
            try run.store(result)
        }
        #expect(try AlertStore(warehouse).alerts(at: start.next).first { $0.key == key }?.decision == "new")
    }

    @Test("without tier 3 it is stored and not sent")
    func tierOff() throws {
        let run = AlertRun(warehouse: try warehouse(), rules: AlertRules(), model: .v2)
        let result = try run.evaluate(start.next, now: start.next.end)
        #expect(!result.outbox.contains { $0.key == key })
        #expect(result.detections.first { $0.detection.key == key }?.decision == "tier_off")
    }

    @Test("a replay tells the same")
    func replay() throws {
        let warehouse = try warehouse()
        let replay = Replay(warehouse: warehouse, rules: rules, model: .v2)
        let rows = try replay.rows(start...start.advanced(by: 2), all: false)
        let found = rows.filter { $0.strategy == "funding_interval_change" }
        #expect(found.map(\.time) == ["\(start.next)"])
        #expect(found.map(\.decision) == ["new"])
    }
}
