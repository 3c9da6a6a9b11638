extension StringProtocol {
    /// The text without white space at its start and end.
    public var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The first line that is not blank, trimmed and cut to 200 characters, for messages.
    public var firstLine: String {
        let line = split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
        return String((line ?? "").trimmed.prefix(200))
    }
}
