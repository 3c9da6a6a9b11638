/// The host of a URL in lower case, without its port; an IPv6 address without brackets. `nil` when there is none.
public func host(of url: String) -> String? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    if host.first == "[" { return host.dropFirst().prefix { $0 != "]" }.lowercased() }
    let name = host.prefix { $0 != ":" }
    return name.isEmpty ? nil : name.lowercased()
}

/// Host and port of a URL in lower case, to which a ban and the limit of connections apply.
public func authority(of url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    return url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.lowercased()
}

/// Whether a host name or an address is this machine's loopback.
public func isLoopbackHost(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
}
