import PerpCore
import Transport

/// An address that replaces those of the exchanges: a simulator, recordings, a proxy.
///
/// A template such as `http://127.0.0.1:8900/{hour}/{exchange}` replaces scheme and host of every
/// exchange; path and query stay as they are.
public struct BaseURL: Hashable, Sendable, CustomStringConvertible {
    /// What a template looks like, for messages.
    public static let form = "http://host:port/{hour}/{exchange}"

    /// The template, without a slash at its end.
    public let template: String
    /// Scheme, host and port.
    private let origin: Substring

    /// Reads a template; `nil` when it is not an `http` or `https` URL with a usable host, or has a user, a query or control
    /// characters: a password would be stored in every raw line.
    public init?(_ template: String) {
        let template = template.hasSuffix("/") ? String(template.dropLast()) : template
        guard let scheme = ["http://", "https://"].first(where: template.lowercased().hasPrefix),
            template.utf8.allSatisfy({
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
            })
        else { return nil }
        let host = template.dropFirst(scheme.count).prefix { $0 != "/" }
        guard HostAndPort.isUsable(host) else { return nil }
        self.template = template
        origin = template.prefix(scheme.count + host.count)
    }

    /// Whether the server is told the hour, so that responses may be of another hour than the current one.
    public var namesHour: Bool { template.contains("{hour}") }

    /// Whether calls stay on this machine, where rate limits do not apply.
    public var isLoopback: Bool { host(of: String(origin)).map(isLoopbackHost) ?? false }

    /// The URL to call instead of an exchange's.
    public func rewrite(_ url: String, exchange: Exchange, hour: Hour) -> String {
        let base = template.replacing("{hour}", with: hour.description).replacing("{exchange}", with: exchange.id)
        return base + pathAndQuery(of: url)
    }

    /// The template.
    public var description: String { template }
}

/// The part of a URL behind its host.
func pathAndQuery(of url: String) -> Substring {
    guard let scheme = url.firstRange(of: "://") else { return url[...] }
    return url[scheme.upperBound...].drop { $0 != "/" && $0 != "?" }
}
