import PerpCore

/// The proxies to use, as the usual environment variables state them.
public struct ProxySettings: Hashable, Sendable {

    /// The proxy for `https` and `wss` targets; `nil` to call directly.
    public let https: ProxyServer?
    /// The proxy for `http` and `ws` targets; `nil` to call directly.
    public let http: ProxyServer?
    /// Hosts and domains to call directly; `*` stands for all.
    public let exceptions: [String]

    /// Reads proxy settings.
    ///
    /// - Parameters: the texts of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
    /// - Throws: `ProxyError` when a proxy is not `http://host:port` or `host:port`.
    public init(https: String? = nil, http: String? = nil, exceptions: String? = nil) throws(ProxyError) {
        self.https = try Self.server(https)
        self.http = try Self.server(http)
        self.exceptions = (exceptions ?? "").split(separator: ",").map { $0.trimmed.lowercased() }
    }

    /// Reads the proxy settings of a program: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, and the same in lower case,
    /// which is as common.
    ///
    /// - Parameter value: the text of a setting by its name; `nil` when it is not set.
    /// - Throws: `ProxyError` when a proxy is not `http://host:port` or `host:port`.
    public init(settings value: (String) -> String?) throws(ProxyError) {
        func text(_ name: String) -> String? { value(name) ?? value(name.lowercased()) }
        try self.init(https: text("HTTPS_PROXY"), http: text("HTTP_PROXY"), exceptions: text("NO_PROXY"))
    }

    /// No proxy.
    public static let direct = ProxySettings()

    private init() {
        https = nil
        http = nil
        exceptions = []
    }

    /// The proxy for a URL; `nil` to call directly, as always for loopback addresses.
    public func server(for url: String) -> ProxyServer? {
        guard let host = host(of: url), !isLoopbackHost(host), !exceptions.contains(where: { matches(host, $0) })
        else { return nil }
        return ["https://", "wss://"].contains(where: url.lowercased().hasPrefix) ? https : http
    }

    /// Whether a host is in an exception: `example.com` and `.example.com` both stand for the domain and all below it.
    private func matches(_ host: String, _ exception: String) -> Bool {
        let domain = exception.prefix { $0 != ":" }.drop { $0 == "." }
        return exception == "*" || (!domain.isEmpty && (host == domain || host.hasSuffix("." + domain)))
    }

    private static func server(_ text: String?) throws(ProxyError) -> ProxyServer? {
        guard let text = text?.trimmed, !text.isEmpty else { return nil }
        let url = text.contains("://") ? text : "http://" + text
        guard url.lowercased().hasPrefix("http://"), let host = host(of: url) else { throw ProxyError() }
        let address = authority(of: url).split(separator: "@").last ?? ""
        // Behind the host: nothing, or a colon and the port. An IPv6 address stands in brackets.
        let end = address.first == "[" ? address.drop { $0 != "]" }.dropFirst() : address.drop { $0 != ":" }
        guard end.isEmpty || end.first == ":", let port = end.isEmpty ? 80 : Int(end.dropFirst()),
            (1...65535).contains(port)
        else { throw ProxyError() }
        return ProxyServer(host: host, port: port, credentials: credentials(of: url))
    }

    private static func credentials(of url: String) -> String? {
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" }
        guard let end = authority.lastIndex(of: "@") else { return nil }
        return percentDecoded(authority[..<end])
    }
}

/// A proxy's address.
public struct ProxyServer: Hashable, Sendable {
    /// The host name or address.
    public let host: String
    /// The port, 80 when the setting has none.
    public let port: Int
    /// `user:password`, percent-decoded; `nil` when the URL has none.
    public let credentials: String?
}

/// A proxy setting that cannot be used. The value is not shown: it may hold a password.
public struct ProxyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One lower-case line for messages.
    public var description: String { "the proxy setting is not of the form http://host:port" }
}

private func percentDecoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), rest.count >= 2,
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
