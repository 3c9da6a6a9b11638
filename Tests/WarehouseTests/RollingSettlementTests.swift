import PerpCore
import Testing

@testable import Warehouse

@Suite("Settlements of the days before an hour")
struct RollingSettlementTests {
    /// What files of some hours state: each the last settlements of a contract, now and then with another rate than before.
    private static func file(
        _ exchange: Exchange, _ number: Int, using generator: inout SplitMix64
    ) -> StagedHour {
        var staged = Samples.staged(exchange, Samples.hour(number), price: 100)
        staged.fundingSettlements = ["BTCUSDT", "ETHUSDT"].flatMap { symbol in
            (0..<Int.random(in: 0...3, using: &generator)).map { back in
                FundingSettlement(
                    symbol: symbol, asset: String(symbol.dropLast(4)),
                    settledAt: Samples.hour(number - number % 4 - 4 * back).startTime,
                    fundingRate: Double(Int.random(in: 1...3, using: &generator)) / 10_000,
                    fundingIntervalHours: back == 2 ? nil : 4)
            }
        }
        return staged
    }

    @Test("hour after hour they are those that a new reader finds, each as the first file states it", arguments: 0..<5)
    func rolling(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let warehouse = try Warehouse()
        var files: [StagedHour] = []
        for number in 0..<60 {
            for exchange in [Exchange.okx, .gate] where Int.random(in: 0..<8, using: &generator) > 0 {
                let staged = Self.file(exchange, number, using: &generator)
                files.append(staged)
                _ = try warehouse.load(staged, from: Samples.file(staged))
            }
        }
        try warehouse.seal(using: Samples.summarize)
        let stored = SealedHours(warehouse)
        var rolling = RollingSettlements(warehouse, days: 1)
        for number in 30..<60 {
            let hour = Samples.hour(number)
            let found = try rolling.before(hour)
            #expect(try stored.settlements(days: 1, before: hour) == found)
            #expect(found.mapValues(Self.rates) == Self.slow(files, before: hour))
        }
    }

    private static func rates(_ settlements: [FundingSettlement]) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: settlements.map { ("\($0.symbol) \($0.settledAt)", $0.fundingRate) })
    }

    /// One file after the other, from the day before the first wanted one.
    private static func slow(_ files: [StagedHour], before hour: Hour) -> [Exchange: [String: Double]] {
        var rates: [Exchange: [String: Double]] = [:]
        for file in files where (hour.advanced(by: -48)...hour).contains(file.hour) {
            for settlement in file.fundingSettlements
            where settlement.settledAt < hour.startTime && settlement.settledAt >= hour.advanced(by: -24).startTime {
                let name = "\(settlement.symbol) \(settlement.settledAt)"
                rates[file.exchange, default: [:]][name] = rates[file.exchange]?[name] ?? settlement.fundingRate
            }
        }
        return rates
    }
}
