import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension GapReport {
    /// One line per gap, and how much of what was expected came.
    public var text: String {
        let span = from.distance(to: to) + 1
        let head = "Gaps from \(from.spoken) to \(to.spoken) UTC (\(span) h)\n"
        let lines = gaps.map { gap in
            let hours = Statistics.MissingHours(from: gap.from, to: gap.to).text
            let cause = Self.words(gap.cause)
            let reason = gap.reason.flatMap { $0 == cause ? nil : ": \($0.printable)" } ?? ""
            return
                "   • \(Self.names(gap.exchanges, allOf: venues.map(\.exchange), "exchange"))  \(hours)  \(cause)\(reason)\n"
        }
        let coverage = venues.map { exchange in
            let share = Statistics.share(exchange.loadedHours, of: exchange.expectedHours)
            return "   • \(exchange.exchange.displayName): \(exchange.loadedHours) of \(exchange.expectedHours) h "
                + "(\(Numbers.percent(share)))\(since(exchange))\n"
        }
        return head + (lines.isEmpty ? "   none\n" : lines.joined()) + "\nCoverage\n" + coverage.joined()
            + (streams?.text ?? "") + (history?.text ?? "")
    }

    /// The report as JSON, with keys in snake_case.
    ///
    /// - Throws: `EncodingError` when a number is not finite.
    public func json() throws -> String {
        try JSONText.pretty(self, snakeCase: true)
    }

    /// Since when an exchange is there, where that is not the whole span.
    private func since(_ exchange: ExchangeHours) -> String {
        exchange.firstHour.flatMap { $0 > from ? ", since \($0.spoken)" : nil } ?? ""
    }

    /// The names of exchanges, or `every exchange` where they are all and more than one.
    static func names(_ exchanges: [Exchange], allOf all: [Exchange], _ noun: String) -> String {
        exchanges.count > 1 && exchanges == all
            ? "every \(noun)" : exchanges.map(\.displayName).joined(separator: ", ")
    }

    /// A cause as people say it.
    static func words(_ cause: String) -> String {
        switch cause {
        case "machine_off": "machine off"
        case "blocked": "geo-blocked"
        case "not_asked": "not asked"
        case "awaited": "waiting to be loaded"
        default: cause
        }
    }
}
