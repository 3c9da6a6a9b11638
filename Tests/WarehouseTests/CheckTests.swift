import GRDB
import PerpCore
import Testing
import WarehouseSQL

@testable import Warehouse

/// A fault to plant, and the check that must see it.
struct PlantedFault: CustomTestStringConvertible, Sendable {
    let check: String
    let sql: String
    var rows = 1
    /// Checks that rightly see it as well.
    var also: Set<String> = []

    var testDescription: String { "\(check): \(sql)" }
}

@Suite("Checks of the data")
struct CheckTests {
    /// Four hours of four exchanges that agree.
    private static func healthy() throws -> Warehouse {
        let files = (0..<4).flatMap { number in
            [Exchange.binance, .okx, .gate, .dydx].map { exchange in
                let hour = Samples.hour(number)
                var staged = Samples.staged(exchange, hour)
                staged.source.observedFrom = hour.startTime.advanced(byMilliseconds: 120_000)
                staged.source.observedTo = hour.startTime.advanced(byMilliseconds: 180_000)
                for place in staged.tickers.indices { staged.tickers[place].openInterestBase = 3_000_000 }
                return staged
            }
        }
        let warehouse = try LoadTests.loaded(files)
        // The samples' summaries leave open interest out; the real ones sum it.
        try warehouse.unit { database in
            try database.execute(
                sql: """
                    UPDATE exchange_summary SET open_interest = (
                        SELECT sum(open_interest_usd) FROM tickers AS t
                        WHERE t.hour = exchange_summary.hour AND t.exchange_id = exchange_summary.exchange_id);
                    UPDATE market_summary SET total_oi = (
                        SELECT sum(open_interest) FROM exchange_summary AS e WHERE e.hour = market_summary.hour);
                    """)
        }
        return warehouse
    }

    private static let span = Samples.hour(0)...Samples.hour(3)
    private static let at = "hour = \(Samples.hour(2).start)"
    private static let btc = "\(at) AND listing_id = (SELECT min(listing_id) FROM listing WHERE exchange_id = 'okx')"

    static let faults: [PlantedFault] = [
        PlantedFault(check: "prices_out_of_line", sql: "UPDATE ticker SET mark_price = mark_price * 1000 WHERE \(btc)"),
        PlantedFault(check: "prices_out_of_line", sql: "UPDATE ticker SET mark_price = mark_price * 0.49 WHERE \(btc)"),
        PlantedFault(
            check: "open_interest_jumps",
            sql: "UPDATE ticker SET open_interest_base = open_interest_base * 100 WHERE \(btc)", rows: 2),
        PlantedFault(check: "funding_beyond_cap", sql: "UPDATE ticker SET funding_rate = 0.05 WHERE \(btc)"),
        PlantedFault(check: "funding_beyond_cap", sql: "UPDATE ticker SET funding_rate = -0.05 WHERE \(btc)"),
        PlantedFault(
            check: "totals_do_not_add_up",
            sql: "UPDATE market_summary SET total_volume = total_volume * 1.001 WHERE model = 'v2' AND \(at)"),
        PlantedFault(
            check: "totals_do_not_add_up",
            sql: "UPDATE ticker SET volume_usd_24h = volume_usd_24h + 10 WHERE \(btc)"),
        PlantedFault(
            check: "totals_do_not_add_up",
            sql: "UPDATE exchange_summary SET open_interest = NULL WHERE exchange_id = 'okx' AND \(at)", rows: 2),
        PlantedFault(
            check: "stale_timestamps", sql: "UPDATE ticker SET observed_at_ms = observed_at_ms / 1000 WHERE \(btc)"),
        PlantedFault(
            check: "stale_timestamps", sql: "UPDATE ticker SET observed_at_ms = observed_at_ms + 7200000 WHERE \(btc)"),
        PlantedFault(
            check: "duplicate_instruments",
            sql: """
                INSERT INTO instrument
                SELECT exchange_id, 'BTC_USDT', valid_from, valid_to, asset, base, quote, settle, kind, contract, status,
                    contract_multiplier, unit_multiplier, funding_interval_hours, listed_at_ms, asset_class, class_stated, core
                FROM instrument WHERE exchange_id = 'okx' AND symbol = 'BTCUSDT'
                """),
        PlantedFault(
            check: "hours_out_of_order",
            sql: """
                UPDATE exchange_hour SET observed_from_ms = observed_from_ms - 3600000
                WHERE exchange_id = 'okx' AND \(at)
                """, rows: 2),
        PlantedFault(
            check: "hours_out_of_order",
            sql: "UPDATE exchange_hour SET observed_to_ms = hour * 1000 WHERE exchange_id = 'okx' AND \(at)"),
        PlantedFault(
            check: "hours_out_of_order",
            sql: """
                INSERT INTO instrument
                SELECT exchange_id, symbol, valid_from + 3600, valid_to, asset, base, quote, settle, kind, contract,
                    'suspended', contract_multiplier, unit_multiplier, funding_interval_hours, listed_at_ms, asset_class,
                    class_stated, core
                FROM instrument WHERE exchange_id = 'okx' AND symbol = 'BTCUSDT'
                """, also: ["totals_do_not_add_up"]),
        PlantedFault(
            check: "orphan_rows",
            sql: "INSERT INTO spot_ticker SELECT hour, 'aster', "
                + "symbol, asset, quote, 1, 1, 1, 1, observed_at_ms FROM spot_ticker WHERE exchange_id = 'okx' AND \(at)"),
        PlantedFault(check: "orphan_rows", sql: "DELETE FROM ticker WHERE \(btc)", also: ["totals_do_not_add_up"]),
        PlantedFault(check: "orphan_rows", sql: "DELETE FROM market_summary WHERE model = 'v2' AND \(at)"),
        PlantedFault(
            check: "fields_gone_empty",
            sql: "UPDATE ticker SET mark_price = NULL WHERE \(at) AND listing_id IN "
                + "(SELECT listing_id FROM listing WHERE exchange_id = 'okx')"),
        PlantedFault(
            check: "unknown_classes",
            sql: "UPDATE instrument SET asset_class = 'other' WHERE exchange_id = 'okx' AND symbol = 'BTCUSDT'"),
    ]

    @Test("good data passes all checks, and what they found is kept")
    func clean() throws {
        let warehouse = try Self.healthy()
        let findings = try Checks(warehouse).run(over: Self.span)
        #expect(findings.map(\.name) == WarehouseSQL.checks.map(\.name) + ["sides_in_doubt", "halved_counts_odd"])
        for finding in findings { #expect(finding.rows == 0, "\(finding.name): \(finding.sample)") }
        try Checks(warehouse).store(findings, at: Timestamp(milliseconds: 1))
        let stored = try warehouse.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM check_result WHERE rows = 0") }
        #expect(stored == findings.count)
    }

    @Test("a planted fault is found by its check and by no other", arguments: faults)
    func planted(fault: PlantedFault) throws {
        let warehouse = try Self.healthy()
        try warehouse.unit { try $0.execute(sql: fault.sql) }
        let findings = try Checks(warehouse).run(over: Self.span)
        let found = findings.filter { $0.rows > 0 }
        #expect(Set(found.map(\.name)).subtracting(fault.also) == [fault.check])
        #expect(found.first { $0.name == fault.check }?.rows == fault.rows)
        // Versions of instruments last; all other faults lie in hour 2 and are not seen from hour 0.
        guard !["INSERT INTO instrument", "UPDATE instrument"].contains(where: fault.sql.hasPrefix) else { return }
        #expect(try Checks(warehouse).run(over: Samples.hour(0)...Samples.hour(0)).allSatisfy { $0.rows == 0 })
    }

    @Test("a finding names its severity, its meaning and its first rows")
    func finding() throws {
        let warehouse = try Self.healthy()
        try warehouse.unit { try $0.execute(sql: "UPDATE ticker SET funding_rate = 0.05 WHERE \(Self.at)") }
        let findings = try Checks(warehouse).run(over: Self.span)
        let finding = try #require(findings.first { $0.name == "funding_beyond_cap" })
        #expect(finding.severity == .error)
        #expect(finding.meaning.hasPrefix("A funding rate that the venue would have clamped"))
        // Four exchanges with two contracts each, of which dYdX allows more, and Gate.io exactly this.
        #expect(finding.rows == 4)
        #expect(finding.sample.first == ["2025-10-23T02", "binance", "BTCUSDT", "0.05", "8.0", "0.04"])
    }

    @Test("the cap of each exchange is the one that PerpCore states")
    func caps() throws {
        let check = try #require(WarehouseSQL.checks.first { $0.name == "funding_beyond_cap" })
        for exchange in Exchange.allCases {
            #expect(check.sql.contains("('\(exchange.id)', \(exchange.widestFundingRate))"))
        }
        #expect(check.sql.split(separator: "('").count - 1 == Exchange.allCases.count)
    }

    @Test("any rate of an exchange without a cap is found")
    func noCap() throws {
        let warehouse = try Self.healthy()
        let check = try #require(WarehouseSQL.checks.first { $0.name == "funding_beyond_cap" })
        let sql = check.sql.replacing("('okx', 0.04), ", with: "")
        let rows = try warehouse.read { database in
            try Row.fetchAll(
                database, sql: sql,
                arguments: ["first": Self.span.lowerBound.start, "last": Self.span.upperBound.start])
        }
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0["exchange_id"] == "okx" && $0["cap"] == nil })
    }
}
