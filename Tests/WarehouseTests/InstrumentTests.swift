import GRDB
import PerpCore
import Testing

@testable import Warehouse

@Suite("Instrument versions")
struct InstrumentTests {
    /// The obvious model: what every loaded list says of every symbol.
    struct Model {
        var lists: [Hour: [String: Instrument]] = [:]

        /// Maximal runs over the hours with a list, as text.
        func rows() -> [String] {
            let hours = lists.keys.sorted()
            var rows: [String] = []
            for symbol in Set(lists.values.flatMap(\.keys)).sorted() {
                var open: (from: Hour, values: Instrument)?
                for hour in hours + [nil] {
                    let values = hour.flatMap { lists[$0]?[symbol] }
                    if let run = open, hour == nil || values != run.values {
                        rows.append(Self.row(run.from, hour, run.values))
                        open = nil
                    }
                    if open == nil, let hour, let values { open = (hour, values) }
                }
            }
            return rows.sorted()
        }

        static func row(_ from: Hour, _ to: Hour?, _ values: Instrument) -> String {
            "\(values.symbol) \(from) \(to.map(String.init(describing:)) ?? "-") \(values.status)"
        }
    }

    private func stored(_ warehouse: Warehouse) throws -> [String] {
        try warehouse.read { database in
            try Row.fetchAll(database, sql: "SELECT symbol, valid_from, valid_to, status FROM instrument").map { row in
                let from = Hour(containing: row[1] as Int64)
                let to = (row[2] as Int64?).map(Hour.init(containing:))
                return
                    "\(row[0] as String) \(from) \(to.map(String.init(describing:)) ?? "-") \(row[3] as String)"
            }.sorted()
        }
    }

    @Test("rows are the runs of the loaded lists after any sequence of loads and removals", arguments: 0..<40)
    func againstModel(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let warehouse = try Warehouse()
        var model = Model()
        // Swift puts the third behind the fourth, and SQLite before it.
        let symbols = ["AAAUSDT", "BBBUSDT", "e\u{301}USDT", "fUSDT"]
        for step in 0..<60 {
            // As another program, which has no list in memory.
            if Bool.random(using: &generator) { warehouse.forgetPreparedState() }
            let hour = Samples.hour(Int.random(in: 0..<9, using: &generator))
            if Int.random(in: 0..<5, using: &generator) == 0 {
                try warehouse.remove(.okx, hour)
                model.lists[hour] = nil
                #expect(
                    try stored(warehouse) == model.rows(), "seed \(seed), step \(step), removal of \(hour)")
                continue
            }
            var staged = Samples.staged(.okx, hour, price: Double(step))
            staged.instruments = symbols.shuffled(using: &generator).compactMap { symbol in
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: nil
                case 1: Samples.instrument(symbol, status: .suspended)
                default: Samples.instrument(symbol)
                }
            }
            _ = try warehouse.load(staged, from: Samples.file(staged))
            model.lists[hour] =
                staged.instruments.isEmpty
                ? nil : Dictionary(uniqueKeysWithValues: staged.instruments.map { ($0.symbol, $0) })
            #expect(try stored(warehouse) == model.rows(), "seed \(seed), step \(step), \(hour)")
        }
    }

    @Test("the next hour with the same list writes no row")
    func commonCase() throws {
        let warehouse = try Warehouse()
        for number in 0..<3 {
            let staged = Samples.staged(.okx, Samples.hour(number))
            _ = try warehouse.load(staged, from: Samples.file(staged))
        }
        let rows = try stored(warehouse)
        #expect(rows == ["BTCUSDT 2025-10-23T00 - trading", "ETHUSDT 2025-10-23T00 - trading"])
    }
}
