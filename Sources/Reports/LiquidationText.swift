import PerpCore
import Sealing
import Signals

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension LiquidationReport {
    /// The report as JSON, with keys in snake_case; what is unknown is left out.
    ///
    /// - Throws: `EncodingError` when a number is not finite.
    public func json() throws -> String {
        try JSONText.pretty(self, snakeCase: true)
    }

    /// The report as the seed-v1 model prints it, with what the figures cover.
    public var text: String {
        let head = TextLayout.banner("⚠️  LIQUIDATION REPORT")
        let blocks = venues.map { exchange in
            "\n\(TextLayout.thin)\nExchange: \(exchange.exchange)\n\(TextLayout.thin)\n" + lines(of: exchange).joined()
        }
        return head + blocks.joined() + aggregateText
    }

    private func lines(of exchange: ExchangeLiquidations) -> [String] {
        guard let figures = exchange.figures else {
            return [line("Status", "❌ No liquidation data (\(exchange.reason ?? "nothing is known"))")]
        }
        let status = exchange.status == .success ? "✅ Success" : "⚠️ Partial (\(exchange.hours) of \(periodHours) hours)"
        var lines =
            [line("Status", status), line("Time Period", "\(periodHours) hour(s)")]
            + Self.lines(of: figures, in: periodHours)
        if let cascade = exchange.cascade?.shown(model), periodHours == 1 || venues.count == 1 {
            lines.append(line("Cascade Risk Score", Self.score(cascade.score, cascade.level)))
        }
        lines.append(line("Data", exchange.truth + (figures.isFloor ? " (a lower bound)" : "")))
        return lines + feedLines(of: exchange)
    }

    private func feedLines(of exchange: ExchangeLiquidations) -> [String] {
        guard let feeds = exchange.feeds else { return [] }
        let other = feeds.notCounted(periodHours: periodHours).map { line("Not Counted", $0 + " (the same events)") }
        return [line("Feed", feeds.text(periodHours: periodHours))] + (other.map { [$0] } ?? [])
    }

    private var aggregateText: String {
        guard let aggregate else { return "\nNo exchange reports liquidations in this period: \(silence).\n" }
        let cascade = aggregate.cascade.shown(model)
        let share = Numbers.known(aggregate.marketShare, Numbers.percent)
        var lines = [line("Period", "\(Self.spoken(from)) - \(Self.spoken(to)) UTC")]
        if presentHours < periodHours {
            lines.append(line("Hours", "\(presentHours) of \(periodHours) in the warehouse"))
        }
        lines += Self.lines(of: aggregate.figures, in: periodHours)
        lines += [
            line(
                "Liq/Volume",
                VolumeShareText.reporting(
                    aggregate.volumeShare, exchanges: aggregate.reportingVenues, hours: periodHours)),
            line("Market Volume 24h", Numbers.known(aggregate.dailyVolumeUSD, Numbers.billions)),
            line("Liq/Day's Volume", VolumeShareText.market(aggregate.dailyVolumeShare)),
            line("Liq/Open Interest", Numbers.known(aggregate.oiShare) { Numbers.fixed(100 * $0, 4) + "%" }),
            line("Cascade Risk Score", Self.score(cascade.score, cascade.level) + ", model \(model)"),
            line("Interpretation", aggregate.interpretation),
            line(
                "Market Coverage",
                "\(share) of open interest (\(aggregate.reportingVenues) of \(aggregate.enabledVenues) exchanges)"),
        ]
        if let split = aggregate.openInterestSplit { lines.append(line("Open Interest", split.text)) }
        return "\n" + TextLayout.banner("📊 AGGREGATE METRICS") + lines.joined()
    }

    /// Why no exchange reports.
    private var silence: String {
        if presentHours == 0 { return "none of its hours is in the warehouse" }
        return venues.count == 1 ? venues[0].reason ?? "nothing is known" : "each says above why"
    }

    private static func lines(of figures: Figures, in period: Int) -> [String] {
        let floor = Phrases.floor(figures.isFloor)
        let hours = figures.hours < period ? " (of \(figures.hours) of \(period) hours)" : ""
        func trades(_ count: Int64?) -> String { count.map { " (\($0) trades)" } ?? "" }
        return [
            line("Total Liquidations", floor + dollars(figures.totalUSD)),
            line("  • Long Liq", dollars(figures.longUSD) + trades(figures.longCount)),
            line("  • Short Liq", dollars(figures.shortUSD) + trades(figures.shortCount)),
            line("Liquidation Count", figures.count.map { floor + String($0) } ?? "n/a"),
            line("Long/Short Ratio", Numbers.known(figures.longShortRatio) { Numbers.fixed($0, 2) + "x" }),
            line("Bias", figures.bias.spoken + hours),
        ]
    }

    private static func score(_ score: Double?, _ level: String?) -> String {
        guard let score, let level else { return "n/a (no evidence)" }
        return "\(Numbers.fixed(score, 2))/1.0 (\(level))"
    }

    /// `$12.50M`, as the seed-v1 model prints dollars.
    private static func dollars(_ value: Double) -> String { Numbers.dollars(value, decimalsOfMillions: 2) }

    /// `2025-10-23 15:00` of `2025-10-23T15:00:00.000Z`.
    private static func spoken(_ time: String) -> String {
        String(time.prefix(16)).replacing("T", with: " ")
    }
}

/// A label, and its value in the column of all values.
private func line(_ label: String, _ value: String) -> String {
    let label = label + ":"
    return label + String(repeating: " ", count: max(1, 21 - label.count)) + value + "\n"
}

extension LiquidationReport.Losers {
    fileprivate var spoken: String {
        switch self {
        case .longs: "🔴 LONGS GETTING REKT"
        case .shorts: "🟢 SHORTS GETTING REKT"
        case .balanced: "⚪ BALANCED"
        }
    }
}
