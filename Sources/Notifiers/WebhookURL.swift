import PerpCore

/// The address of a Discord webhook. It is a secret: whoever has it can write into the channel.
///
/// Only its host is ever shown.
public struct WebhookURL: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// With everything that is secret; for the request only.
    let secret: String
    /// Host and port as written.
    public let host: String

    /// - Throws: `WebhookURLError` when the text is not an `https` URL (`http` on this machine) with a host.
    public init(_ text: String) throws(WebhookURLError) {
        let text = text.filter { !$0.isWhitespace }
        let scheme = text.prefix { $0 != ":" }.lowercased()
        let rest = text.dropFirst(scheme.count)
        guard rest.hasPrefix("://") else { throw WebhookURLError() }
        let authority = rest.dropFirst(3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@").last.map { $0.lowercased() } ?? ""
        let isLocal = ["127.0.0.1", "localhost"].contains(String(host.prefix { $0 != ":" }))
        guard HostAndPort.isUsable(host), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            scheme == "https" || scheme == "http" && isLocal
        else { throw WebhookURLError() }
        self.host = host
        secret = text
    }

    /// The address that responses with the message made, so that its id can be kept.
    var waiting: String {
        secret + (secret.contains("?") ? "&" : "?") + "wait=true"
    }

    /// `text` without the address or the parts of it that are secret.
    func redact(_ text: String) -> String {
        var text = text
        let path = secret.split(separator: "/", maxSplits: 3).last.map(String.init) ?? ""
        for part in [secret, path] + path.split(whereSeparator: { "/?&=".contains($0) }).map(String.init)
        where part.count >= 8 {
            text = text.replacing(part, with: "…")
        }
        return text
    }

    /// The host alone.
    public var description: String { host }
    /// The host alone.
    public var debugDescription: String { host }
    /// The host alone.
    public var customMirror: Mirror { Mirror(self, children: ["host": host]) }
}

/// A webhook's address that cannot be used. It is not shown.
public struct WebhookURLError: Error, Hashable, Sendable, CustomStringConvertible {
    init() {}
    /// Names the setting, not its value.
    public var description: String { "DISCORD_WEBHOOK_URL is not of the form https://host/path" }
}
