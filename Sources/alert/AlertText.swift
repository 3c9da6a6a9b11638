import PerpCore
import Replaying
import Sealing
import Signals

/// What an hour's detections look like in a terminal: the manner of the seed-v1 model.
struct AlertText {
    let evaluation: HourEvaluation
    /// A detection that fires, and what became of it.
    let detections: [(detection: Detection, decision: String)]

    var text: String {
        let head =
            "🔍 Analyzing market for trading strategy opportunities...\n\n"
            + "🕐 Hour \(evaluation.hour.spoken) UTC, model \(evaluation.context.model.rawValue)\n\(liquidations)\n\n"
        guard !detections.isEmpty else { return head + silent }
        let blocks = detections.enumerated().map { block($0.offset + 1, $0.element.detection, $0.element.decision) }
        return head + "🚨 \(detections.count) STRATEGY ALERT(S) DETECTED!\n\n\(TextLayout.wide)\n\n"
            + blocks.joined(separator: "\n") + "\n\(TextLayout.wide)\n"
    }

    private var liquidations: String {
        guard let row = evaluation.summary.marketLiquidation(windowHours: 1) else {
            return "⚠️  Liquidation data: no exchange reports any"
        }
        let floor = Phrases.floor(row.flags.contains(.floor))
        let risk = row.score(of: evaluation.context.model).map { CascadeLevel(score: $0).rawValue } ?? "no evidence"
        let share = VolumeShareText.reporting(
            row.volumeShare, exchanges: row.reportingExchanges, hours: row.windowHours)
        return "⚠️  Liquidation data: \(floor)\(Numbers.dollars(row.totalUSD)), \(share) (Risk: \(risk))"
    }

    private var silent: String {
        let nearest = evaluation.nearest(3).map { "   • \($0.headline): \($0.adjusted)%\n" }
        return "✅ No strategy conditions are met.\n" + (nearest.isEmpty ? "" : "\nNearest:\n" + nearest.joined())
    }

    private func block(_ number: Int, _ detection: Detection, _ decision: String) -> String {
        let status = detection.status.map { " - \($0.dot)\($0.rawValue)" } ?? ""
        var lines = [
            "\(number). \(detection.headline)\(status) - Confidence: \(detection.final)%",
            "   Direction: \(detection.direction.arrow) \(detection.direction.rawValue)",
            "   Decision: \(decision)", TextLayout.thin,
        ]
        lines += detection.message.map { "• \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension DetectionStatus {
    /// With a blank behind it; empty where no colour says anything.
    fileprivate var dot: String {
        switch self {
        case .activeCascade: "🔴 "
        case .buildingRisk: "🟡 "
        case .elevatedRisk: "🟠 "
        case .riskIndicators: "⚪ "
        case .insufficientHistory: ""
        }
    }
}

extension Direction {
    fileprivate var arrow: String {
        switch self {
        case .long, .bullish: "📈"
        case .short, .bearish: "📉"
        case .both: "🔀"
        case .neutral: "⚖️"
        case .unclear: "❓"
        }
    }
}

extension Detection {
    /// The strategy's name, with the side at risk or the coin: `Liquidation Cascade Risk (Longs)`.
    fileprivate var headline: String {
        if strategy == .liquidationCascade { return "\(strategy.title) (\(direction == .short ? "Longs" : "Shorts"))" }
        return scope == Self.market ? strategy.title : "\(strategy.title) (\(scope))"
    }
}
