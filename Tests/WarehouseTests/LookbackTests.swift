import Foundation
import PerpCore
import Testing

@testable import Warehouse

@Suite("Looking back before an hour is loaded")
struct LookbackTests {
    private static let files = (0..<30).flatMap { hour in
        [Exchange.binance, .okx].map { Samples.staged($0, Samples.hour(hour), price: 100 + Double(hour)) }
    }

    @Test("seals the hour as looking back afterwards does")
    func sameSummary() throws {
        let next = Samples.staged(.binance, Samples.hour(30), price: 90)
        let warehouses = try [LoadTests.loaded(Self.files), LoadTests.loaded(Self.files)]
        let ahead = try warehouses[0].lookback(from: next.hour)
        for warehouse in warehouses { _ = try warehouse.load(next, from: Samples.file(next)) }
        try warehouses[0].seal(ahead: { ahead }, using: Samples.summarize)
        try warehouses[1].seal(using: Samples.summarize)
        #expect(try LoadTests.contents(warehouses[0]) == LoadTests.contents(warehouses[1]))
    }

    @Test("serves the hour before as well, which late events change")
    func hourBefore() throws {
        let event = Samples.liquidation("BTCUSDT", at: Samples.hour(30).startTime.advanced(byMilliseconds: -5_400_000))
        let next = Samples.staged(.binance, Samples.hour(30), price: 90, liquidations: [event])
        let warehouses = try [LoadTests.loaded(Self.files), LoadTests.loaded(Self.files)]
        let ahead = try warehouses[0].lookback(from: next.hour)
        for warehouse in warehouses { _ = try warehouse.load(next, from: Samples.file(next)) }
        var asked = 0
        let sealed = try warehouses[0].seal(
            ahead: {
                asked += 1
                return ahead
            }, using: Samples.summarize)
        #expect(sealed.prefix(2) == [Samples.hour(29), Samples.hour(30)])
        #expect(asked == 1)
        try warehouses[1].seal(using: Samples.summarize)
        #expect(try LoadTests.contents(warehouses[0]) == LoadTests.contents(warehouses[1]))
    }

    @Test("is not asked for when earlier hours have changed as well, and not taken for another hour")
    func leftOut() throws {
        let warehouse = try LoadTests.loaded(Self.files)
        let ahead = try warehouse.lookback(from: Samples.hour(30))
        let again = [27, 28, 30].map { Samples.staged(.okx, Samples.hour($0), price: 80) }
        for file in again { _ = try warehouse.load(file, from: Samples.file(file)) }
        var asked = 0
        let sealed = try warehouse.seal(
            ahead: {
                asked += 1
                return ahead
            }, using: Samples.summarize)
        #expect(sealed.count > 1)
        #expect(asked == 0)
        let other = Samples.staged(.binance, Samples.hour(31))
        _ = try warehouse.load(other, from: Samples.file(other))
        try warehouse.seal(ahead: { ahead }, using: Samples.summarize)
        let fresh = try LoadTests.loaded(
            Self.files.filter { file in !again.contains { ($0.exchange, $0.hour) == (file.exchange, file.hour) } } + again + [other])
        #expect(try LoadTests.contents(warehouse)["market_summary"] == LoadTests.contents(fresh)["market_summary"])
    }
}

@Suite("Sealing an hour behind what is stored")
struct StoredPastTests {
    /// What is unusual in the hours before the one that is sealed, which is hour 700.
    enum Past: String, CaseIterable {
        case nothing
        case noOpenInterestForThreeHours
        case neverOpenInterest
        case absentForADay
        case newYesterday
        case pauseOfTenDays
        case pauseOfAMonth

        func hours(of exchange: Exchange) -> [Int] {
            switch (self, exchange) {
            case (.absentForADay, .okx): Array(450..<600) + Array(624..<700)
            case (.newYesterday, .okx): Array(676..<700)
            case (.pauseOfTenDays, _): Array(250..<460)
            case (.pauseOfAMonth, _): Array(-250 ..< -30)
            default: Array(450..<700)
            }
        }

        func lacksOpenInterest(_ exchange: Exchange, _ hour: Int) -> Bool {
            guard exchange == .okx else { return false }
            switch self {
            case .noOpenInterestForThreeHours: return (620..<623).contains(hour)
            case .neverOpenInterest: return true
            default: return false
            }
        }

        func file(_ exchange: Exchange, _ hour: Int) -> StagedHour {
            let time = Samples.hour(hour).startTime.advanced(byMilliseconds: -1_000_000)
            var events = [Samples.liquidation("BTCUSDT", at: time, value: Double(1000 + hour * 37 % 500))]
            // A late one, for which the hour before is sealed again.
            if hour == 701 {
                events.append(Samples.liquidation("BTCUSDT", at: time.advanced(byMilliseconds: -3_600_000), value: 7000))
            }
            var file = Samples.staged(exchange, Samples.hour(hour), price: 100 + Double(hour % 7), liquidations: events)
            for index in file.tickers.indices {
                // It rises, so that the median tells of which hours it is.
                let volume = 1e9 + 1e6 * Double(hour)
                file.tickers[index].volumeUSD24h = volume
                file.tickers[index].openInterestUSD = lacksOpenInterest(exchange, hour) ? nil : volume / 3
            }
            return file
        }
    }

    @Test("gives what a single pass over all hours gives", arguments: Past.allCases, [false, true])
    func likeOnePass(past: Past, readsAhead: Bool) throws {
        let exchanges = [Exchange.binance, .okx]
        let before = Set(exchanges.flatMap(past.hours)).sorted().flatMap { hour in
            exchanges.filter { past.hours(of: $0).contains(hour) }.map { past.file($0, hour) }
        }
        let last = [700, 701].flatMap { hour in exchanges.map { past.file($0, hour) } }
        let onePass = try Warehouse()
        for file in before + last { _ = try onePass.load(file, from: Samples.file(file)) }
        try onePass.seal()

        let folder = try Samples.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("market_history.db").path
        let stored = try Warehouse(path: path)
        for file in before { _ = try stored.load(file, from: Samples.file(file)) }
        try stored.seal()
        try stored.close()
        for hour in [last.prefix(2), last.suffix(2)] {
            // Each with nothing in memory, as an hourly run is.
            let warehouse = try Warehouse(path: path)
            let ahead = readsAhead ? try hour.first.map { try warehouse.lookback(from: $0.hour) } : nil
            for staged in hour { _ = try warehouse.load(staged, from: Samples.file(staged)) }
            try warehouse.seal(ahead: { ahead })
            try warehouse.close()
        }
        let found = try LoadTests.contents(Warehouse(path: path))
        for (table, rows) in try LoadTests.contents(onePass) { #expect(found[table] == rows, "\(table)") }

        // The same without opening it anew.
        let kept = try LoadTests.loaded([])
        for file in before { _ = try kept.load(file, from: Samples.file(file)) }
        for hour in [last.prefix(0), last.prefix(2), last.suffix(2)] {
            for staged in hour { _ = try kept.load(staged, from: Samples.file(staged)) }
            try kept.seal()
        }
        let rolled = try LoadTests.contents(kept)
        for (table, rows) in try LoadTests.contents(onePass) { #expect(rolled[table] == rows, "rolled: \(table)") }
    }
}
