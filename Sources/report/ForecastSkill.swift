import ArgumentParser
import CommandSupport
import Forecasts
import PerpCore
import Reports
import Warehouse
import WarehouseCommands

/// Prints how good the forecasts of funding were.
struct ForecastSkill: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecasts",
        abstract: "How good the forecasts of funding were, beside simple ones.",
        discussion: """
            By contract and target over the last \(days) days of the warehouse, or --from and --to: mean errors of the forecasts, of \
            what the exchange showed, of the last settlement, of the habit and of the interest alone. 't' says by how many \
            standard errors the forecasts were better than what the exchange showed; under 2 they were not. 'inside' is the \
            share of outcomes within the interval, which asks for 80 %.

            \(Report.sealedEndings)
            """)

    /// How far back is looked when no span is named.
    private static let days = 90

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var span: SpanOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try warehouse.running("report") {
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let hours = try hours(database)
            let reader = ForecastReader(database)
            var report = ForecastReport(hours)
            for contract in try reader.contracts() {
                for target in ForecastTarget.allCases {
                    let forecasts = try reader.forecasts(of: contract, target, in: hours)
                    report.add(
                        ForecastReport.Series(
                            exchange: contract.exchange, symbol: contract.symbol, asset: contract.asset, target: target,
                            forecasts: forecasts))
                }
            }
            print(json ? try report.json() : report.text, terminator: "")
        }
    }

    private func hours(_ database: Warehouse) throws -> ClosedRange<Hour> {
        let asked = AskedHours("report", in: database)
        if let hours = span.hours { return try asked.recorded(hours) }
        let last = try asked.stored(nil)
        return last.advanced(by: 1 - 24 * Self.days)...last
    }
}
