import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is posted to a Discord webhook.
///
/// Source: https://discord.com/developers/docs/resources/webhook#execute-webhook
public struct DiscordMessage: Hashable, Sendable, Codable {
    /// Who may be mentioned: nobody.
    struct AllowedMentions: Hashable, Sendable, Codable {
        var parse: [String] = []
    }

    var username: String
    /// Text above the embeds; `nil` when there is nothing to tell besides them.
    public var content: String?
    var embeds: [DiscordEmbed]
    var allowedMentions = AllowedMentions()

    private enum CodingKeys: String, CodingKey {
        case username, content, embeds
        case allowedMentions = "allowed_mentions"
    }

    /// Reads a message from JSON, or makes one of embeds.
    ///
    /// - Throws: `DecodingError`, from JSON, when the text is not a message.
    public init(username: String = "Perps Warehouse", content: String? = nil, embeds: [DiscordEmbed]) {
        self.username = username
        self.content = content
        self.embeds = embeds
    }

    /// The body of the request: the same message gives the same bytes.
    public func json() throws -> String {
        try JSONText.compact(self)
    }

    /// Reads a message from JSON, or makes one of embeds.
    ///
    /// - Throws: `DecodingError`, from JSON, when the text is not a message.
    public init(json: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }
}

/// One card of a message.
public struct DiscordEmbed: Hashable, Sendable, Codable {
    /// A label and its text below it.
    public struct Field: Hashable, Sendable, Codable {
        var name: String
        var value: String
        var inline: Bool

        /// Takes texts of any length; `DiscordLimits.fit` cuts them.
        public init(_ name: String, _ value: String, inline: Bool = false) {
            self.name = name
            self.value = value
            self.inline = inline
        }
    }

    struct Footer: Hashable, Sendable, Codable {
        var text: String
    }

    var title: String
    var description: String
    /// 0xRRGGBB.
    var color: Int
    var fields: [Field]
    var footer: Footer
    /// ISO 8601.
    var timestamp: String

    /// Takes texts of any length, and an ISO 8601 time; `DiscordLimits.fit` cuts the texts.
    public init(
        title: String, description: String, color: Int, fields: [Field], footer: String, timestamp: String
    ) {
        self.title = title
        self.description = description
        self.color = color
        self.fields = fields
        self.footer = Footer(text: footer)
        self.timestamp = timestamp
    }
}
