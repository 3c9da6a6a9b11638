/// What Discord takes. Lengths are counted in UTF-16 units, which is never less than its own count.
///
/// Source: https://discord.com/developers/docs/resources/message#embed-object-embed-limits
public enum DiscordLimits {
    /// UTF-16 units of the text above the embeds.
    public static let content = 2000
    static let embeds = 10
    static let title = 256
    static let description = 4096
    static let fields = 25
    static let fieldName = 256
    static let fieldValue = 1024
    static let footer = 2048
    /// Of all texts in all embeds of a message.
    static let total = 6000

    private static let ellipsis = "…"
    private static let nothing = "-"

    /// `text` itself where it fits, else cut between characters, with an ellipsis within the limit.
    public static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf16.count > limit else { return text }
        guard limit > 0 else { return "" }
        var kept = ""
        var length = 0
        for character in text {
            length += character.utf16.count
            guard length <= limit - 1 else { break }
            kept.append(character)
        }
        return kept + ellipsis
    }

    /// The embed as it is sent: within every limit of its own.
    static func fit(_ embed: DiscordEmbed) -> DiscordEmbed {
        var fitted = embed
        fitted.title = cut(embed.title, to: title)
        fitted.description = cut(embed.description, to: description)
        fitted.footer.text = cut(embed.footer.text, to: footer)
        fitted.fields = embed.fields.prefix(fields).map {
            DiscordEmbed.Field(
                orNothing(cut($0.name, to: fieldName)), orNothing(cut($0.value, to: fieldValue)),
                inline: $0.inline)
        }
        while length(of: fitted) > total, !fitted.fields.isEmpty { fitted.fields.removeLast() }
        let excess = length(of: fitted) - total
        if excess > 0 { fitted.description = cut(fitted.description, to: fitted.description.utf16.count - excess) }
        return fitted
    }

    /// Puts messages together in their order, each into the last one where it fits.
    ///
    /// Gives back which of them went into each: indices in `messages`.
    public static func pack(_ messages: [DiscordMessage]) -> [(message: DiscordMessage, places: [Int])] {
        var packed: [(message: DiscordMessage, places: [Int])] = []
        for (place, message) in messages.enumerated() {
            let fitted = fit(message)
            if let last = packed.last, let joined = join(last.message, fitted) {
                packed[packed.count - 1] = (joined, last.places + [place])
            } else {
                packed.append((fitted, [place]))
            }
        }
        return packed
    }

    /// Units of all texts of an embed that count.
    static func length(of embed: DiscordEmbed) -> Int {
        embed.title.utf16.count + embed.description.utf16.count + embed.footer.text.utf16.count
            + embed.fields.reduce(0) { $0 + $1.name.utf16.count + $1.value.utf16.count }
    }

    private static func fit(_ message: DiscordMessage) -> DiscordMessage {
        var fitted = message
        fitted.content = message.content.map { cut($0, to: content) }
        fitted.embeds = message.embeds.map(fit)
        return fitted
    }

    /// `nil` when the two together are too much for one message.
    private static func join(_ left: DiscordMessage, _ right: DiscordMessage) -> DiscordMessage? {
        var joined = left
        joined.embeds += right.embeds
        let lines = [left.content, right.content].compactMap(\.self)
        joined.content = lines.isEmpty ? nil : lines.joined(separator: "\n")
        let isWithin =
            joined.embeds.count <= embeds && (joined.content ?? "").utf16.count <= content
            && joined.embeds.reduce(0) { $0 + length(of: $1) } <= total
        return isWithin ? joined : nil
    }

    private static func orNothing(_ text: String) -> String {
        text.contains { !$0.isWhitespace } ? text : nothing
    }
}
