/// A check of `host:port` texts from settings: ASCII names, IPv4, IPv6 in brackets, ports 1 to 65535.
///
/// A client library may trap on an invalid address, so addresses are checked first.
public enum HostAndPort {
    /// Whether the text is a host, with or without a port, that an HTTP client accepts.
    public static func isUsable(_ text: some StringProtocol) -> Bool {
        let host: Substring
        let rest: Substring
        let text = Substring(text)
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return false }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
            guard host.contains(":"),
                host.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") })
            else { return false }
        } else {
            host = text.prefix { $0 != ":" }
            rest = text[host.endIndex...]
            guard !host.isEmpty, host.utf8.count <= 253, host.allSatisfy(isNamePart), host.first != ".",
                host.first != "-"
            else { return false }
        }
        if rest.isEmpty { return true }
        guard rest.first == ":", let port = Int(rest.dropFirst()),
            rest.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
        else {
            return false
        }
        return (1...65535).contains(port)
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-._".contains(character))
    }
}
