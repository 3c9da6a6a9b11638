import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ForecastReport {
    /// A line for each contract and target, under a line of names.
    public var text: String {
        let span = from.distance(to: to) + 1
        let head = "Funding forecasts from \(from.spoken) to \(to.spoken) UTC (\(span) h)\n"
        if rows.isEmpty { return head + "   none: funding is forecast where settlements are stored\n" }
        let table = [Self.names] + rows.map(\.cells)
        let widths = Self.names.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        let lines = table.map { cells in
            let padded = cells.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return Self.numbers.contains(column) ? space + cell : cell + space
            }
            return "   \(padded.joined(separator: "  "))".trimmedAtEnd + "\n"
        }
        return head
            + "Mean errors in basis points of notional for 8 h; skill: the share of an error that the forecasts saved\n"
            + lines.joined()
    }

    /// The report as JSON, with keys in snake_case; what is unknown is left out.
    ///
    /// - Throws: `EncodingError` when a number is not finite.
    public func json() throws -> String { try JSONText.pretty(self, snakeCase: true) }

    private static let names = [
        "exchange", "symbol", "target", "settled", "forecast", "displayed", "last", "habit", "default", "best baseline",
        "skill", "against displayed", "t", "inside", "",
    ]
    /// The columns that are aligned to the right.
    private static let numbers = 3...13
}

extension String {
    fileprivate var trimmedAtEnd: String { String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)]) }
}

extension ForecastReport.Row {
    fileprivate var cells: [String] {
        func error(_ value: Double?) -> String { Numbers.known(value) { Numbers.fixed($0, 3) } }
        func share(_ value: Double?) -> String { Numbers.known(value) { Numbers.signed(100 * $0, 1) + "%" } }
        return [
            exchange, symbol.printable, target, "\(settled)", error(errorBps), error(displayedErrorBps),
            error(lastErrorBps), error(habitErrorBps), error(defaultErrorBps),
            bestBaseline?.replacing("_", with: " ") ?? "n/a", share(skillAgainstBest), share(skillAgainstDisplayed),
            Numbers.known(t) { Numbers.fixed($0, 1) }, Numbers.known(coverage, Numbers.percent), verdict,
        ]
    }
}
