import PerpCore
import Sealing
import Signals

extension Statistics {
    /// The statistics as the seed-v1 model prints them, with a section on coverage.
    public var text: String {
        guard marketSnapshots.totalRecords > 0 || coverage.insufficientHours > 0 else {
            return "No market snapshots recorded yet\n"
        }
        let sections: [(title: String, lines: [String])] =
            [
                ("📈 Market Snapshots", marketSnapshots.lines),
                ("📊 Average Metrics", averageMetrics.lines + coverage.holes),
                ("💭 Sentiment Distribution", sentimentDistribution.map(\.line)),
                ("🏢 Exchange Data", exchangeData.lines),
                ("⚠️  Liquidation Data", liquidationData.lines),
                ("💾 Database", database.lines),
                ("📡 Coverage", coverage.lines),
            ] + (pastMonth.map { [("🗓  History", $0.lines)] } ?? [])
        return TextLayout.banner("📊 MARKET HISTORY DATABASE STATISTICS")
            + sections.map { TextLayout.section($0.title, $0.lines) }.joined()
    }
}

extension Statistics.MarketSnapshots {
    fileprivate var lines: [String] {
        [
            "Total Records: \(totalRecords)", "First Snapshot: \(firstSnapshot ?? "N/A")",
            "Last Snapshot: \(lastSnapshot ?? "N/A")",
            "Time Span: \(Numbers.fixed(timeSpanHours, 1)) hours "
                + "(\(Numbers.fixed(timeSpanHours / 24, 1)) days)",
        ]
    }
}

extension Statistics.AverageMetrics {
    fileprivate var lines: [String] {
        [
            "Composite Score: \(compositeScore.map { Numbers.fixed($0, 3) } ?? "N/A")",
            "Volume: \(volume.map(Numbers.billions) ?? "N/A")",
            "Open Interest: \(openInterest.map(Numbers.billions) ?? "N/A")",
            "OI/Vol Ratio: \(oiVolRatio.map { Numbers.fixed($0, 2) + "x" } ?? "N/A")",
        ]
    }
}

extension Statistics.SentimentShare {
    fileprivate var line: String {
        "\(SentimentLabel.dot(sentiment)) \(sentiment): \(count) (\(Numbers.percent(share)))"
    }
}

extension Statistics.ExchangeData {
    fileprivate var lines: [String] {
        [
            "Unique Exchanges: \(uniqueExchanges)", "Total Records: \(totalRecords)",
            "Failed Records: \(failedRecords)",
        ]
    }
}

extension Statistics.LiquidationData {
    fileprivate var lines: [String] {
        [
            "Total Records: \(totalRecords)",
            "Total Liquidations: \(Phrases.floor(isFloor))\(Numbers.millions(totalLiquidations))",
            "Avg Cascade Risk: \(averageCascadeRisk.map { Numbers.fixed($0, 2) + "/1.0" } ?? "N/A")",
            "Cascade Events: \(cascadeEvents) "
                + "(\(Numbers.counted(highHours, "hour")) HIGH, \(Numbers.counted(criticalHours, "hour")) CRITICAL)",
        ]
    }
}

extension Statistics.Database {
    fileprivate var lines: [String] {
        ["File Size: \(Numbers.fixed(Double(fileSizeBytes) / 1024, 1)) KB", "Location: \(location)"]
    }
}

extension Statistics.Coverage {
    /// What figures over the whole span leave out; nothing when it has no holes.
    fileprivate var holes: [String] {
        var lines: [String] = []
        if presentHours < expectedHours {
            let expected = Numbers.counted(expectedHours, "hour")
            lines.append("Averages Over: \(presentHours) of \(expected) (\(presence)); see Coverage")
        }
        if hoursWithHoles > 0 {
            let lack = hoursWithHoles == 1 ? "lacks" : "lack"
            lines.append(
                "Left Out of Volume and Open Interest: "
                    + "up to \(Numbers.counted(hoursWithHoles, "hour")) that \(lack) an exchange")
        }
        return lines
    }

    /// The share of the expected hours that is there, in percent.
    private var presence: String { Numbers.percent(Statistics.share(presentHours, of: expectedHours)) }

    /// How many gaps are named one by one.
    private static let namedGaps = 5

    fileprivate var lines: [String] {
        var lines = [
            "Expected Hours: \(expectedHours)", "Present: \(presentHours) (\(presence))",
            "Insufficient: \(insufficientHours)", "Hours Without Any Exchange: \(missingHours)",
            "Exchange Hours Missing: \(missingVenueHours) of \(expectedVenueHours), partial: \(partialVenueHours)",
        ]
        if let longest = gaps.map(\.hours).max() {
            lines.append("Gaps Without Any Exchange: \(gaps.count), longest \(longest) h")
            lines += gaps.prefix(Self.namedGaps).map { "  \($0.text)" }
        } else {
            lines.append("Gaps Without Any Exchange: 0")
        }
        lines.append("Mean Coverage: \(meanCoverage.map(Numbers.percent) ?? "N/A")")
        lines.append("Mean Quality: \(meanQuality.map(Numbers.percent) ?? "N/A")")
        lines += uptime.map { exchange in
            let last = exchange.lastSuccess.map { "\($0.spoken) UTC" } ?? "never"
            return "Uptime \(exchange.exchange): \(Numbers.percent(exchange.uptime)), last success \(last), "
                + "\(exchange.failuresIn24h) failures in 24 h"
        }
        return lines
    }
}

extension Statistics.MissingHours {
    /// `2025-10-23 05:00 - 05:00 (1 h)`; the day is repeated when it is another one.
    public var text: String {
        let end = from.day == to.day ? String(to.spoken.suffix(5)) : to.spoken
        return "\(from.spoken) - \(end) (\(hours) h)"
    }
}

extension SentimentLabel {
    /// The colour of a label; white for a text that is no label.
    static func dot(_ label: String) -> String {
        switch SentimentLabel(rawValue: label) {
        case .bullish: "🟢"
        case .bearish: "🔴"
        case .neutral, nil: "⚪"
        }
    }
}
