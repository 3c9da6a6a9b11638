/// Host and port of an address, as far as any client can use them: ASCII names, IPv4, IPv6 in brackets, ports 1 to 65535.
///
/// Addresses come from settings. A client library may end the program at one that is none, so they are looked at first.
public enum HostAndPort {
    public static func isUsable(_ text: some StringProtocol) -> Bool {
        let host: Substring
        let rest: Substring
        let text = Substring(text)
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return false }
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
            guard host.contains(":"),
                host.utf8.allSatisfy({ isHex($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { return false }
        } else {
            host = text.prefix { $0 != ":" }
            rest = text[host.endIndex...]
            guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(isNamePart), host.first != ".",
                host.first != "-"
            else { return false }
        }
        if rest.isEmpty { return true }
        guard rest.first == ":", let port = Int(rest.dropFirst()), rest.dropFirst().utf8.allSatisfy(isDigit) else {
            return false
        }
        return (1...65535).contains(port)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }
}
