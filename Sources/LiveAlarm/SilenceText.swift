import Notifiers
import PerpCore

/// What is told when too little of the streams is heard.
struct SilenceText {
    let since: Timestamp
    /// The exchanges whose streams are down, each with the reason where there is one.
    let exchanges: [String]

    /// One line for the log.
    var line: String {
        "liquidation streams are down since \(since.clock) UTC: no live alarm until they are back; "
            + "down: \(exchanges.isEmpty ? "all" : exchanges.joined(separator: ", "))"
    }

    /// The message for the receiver.
    func message(alert id: String, at now: Timestamp) -> DiscordMessage {
        DiscordMessage(embeds: [
            DiscordEmbed(
                title: "Live: liquidation streams are down",
                description:
                    "Too little is heard since \(since.clock) UTC for a cascade score. This is not calm: no live "
                    + "alarm comes until the streams are back. Hourly alerts go on.",
                color: 9_807_270,
                fields: [DiscordEmbed.Field("Down", exchanges.isEmpty ? "all" : exchanges.joined(separator: "\n"))],
                footer: "live \(now), alert \(id)", timestamp: "\(now)")
        ])
    }
}
