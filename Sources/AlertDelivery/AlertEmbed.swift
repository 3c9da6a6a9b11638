import Notifiers
import PerpCore
import Signals

extension DiscordMessage {
    /// The message of one alert.
    package init(_ detection: Detection, context: MarketContext, alert id: String, digest: [EndedEpisode] = []) {
        self.init(
            content: digest.isEmpty ? nil : Self.line(digest),
            embeds: [DiscordEmbed(detection, context: context, alert: id)])
    }

    /// `Ended: breakout:MARKET (2026-01-01 03:00 UTC)`
    private static func line(_ digest: [EndedEpisode]) -> String {
        let ended = digest.map { "\($0.key) (\($0.hour.spoken) UTC)" }
        return DiscordLimits.cut("Ended: " + ended.joined(separator: ", "), to: DiscordLimits.content)
    }
}

extension DiscordEmbed {
    init(_ detection: Detection, context: MarketContext, alert id: String) {
        let hour = context.hour
        self.init(
            title: context.liveAt == nil ? detection.title : "Live: \(detection.title)",
            description: detection.message.joined(separator: "\n"),
            color: Self.colour(tier: detection.tier),
            fields: [
                Field("Conditions", detection.conditionLines.joined(separator: "\n")),
                Field("Key metrics", detection.metricLines.joined(separator: "\n")),
                Field("Data", Self.data(detection, context)),
            ] + Self.opportunities(detection, context),
            footer: Self.footer(context, id), timestamp: "\(context.liveAt ?? hour.end)")
    }

    private static func footer(_ context: MarketContext, _ id: String) -> String {
        let time = context.liveAt.map { "live \($0)" } ?? "hour \(context.hour):00Z"
        return "\(time), \(context.model.rawValue), alert \(id)"
    }

    private static func colour(tier: Int) -> Int {
        switch tier {
        case 1: 15_158_332
        case 2: 16_753_920
        default: 9_807_270
        }
    }

    private static func data(_ detection: Detection, _ context: MarketContext) -> String {
        var lines = [
            "exchanges \(context.exchangesReporting)/\(context.exchangesEnabled)",
            "coverage \(Phrases.plainPercent(100 * context.coverage, 0))",
            "quality \(Phrases.plainPercent(context.quality.map { 100 * $0 }, 0))",
            "model \(context.model.rawValue)",
        ]
        if detection.strategy == .liquidationCascade, context.cascade?.isFloor == true {
            lines.append("liquidations are a lower bound")
        }
        return lines.joined(separator: "\n")
    }

    private static func opportunities(_ detection: Detection, _ context: MarketContext) -> [Field] {
        let lines: [String]
        switch detection.strategy {
        case .fundingArbitrage:
            lines = context.fundingTrades.filter { $0.asset == detection.scope }.prefix(3).map {
                "\($0.sides): \($0.yield)"
            }
        case .basisArbitrage:
            let rows = context.bases.filter { $0.asset == detection.scope }
            lines = rows.sorted { $0.percent.magnitude > $1.percent.magnitude }.prefix(3).map {
                "\($0.exchangeName): basis \(Phrases.percent($0.percent, 3))"
            }
        default: lines = []
        }
        return lines.isEmpty ? [] : [Field("Top opportunities", lines.joined(separator: "\n"))]
    }
}
