extension StringProtocol {
    /// Without white space at both ends.
    public var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The first line that is not blank, trimmed and cut at 200 characters: what a message shows of a longer text.
    public var firstLine: String {
        let line = split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
        return String((line ?? "").trimmed.prefix(200))
    }
}
