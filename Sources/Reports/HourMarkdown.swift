import PerpCore

extension HourReport {
    /// The same report in Markdown, for a page or a chat.
    public var markdown: String {
        "# Market report \(heading)\n"
            + sections.map { section in
                "\n## \(section.title)\n\n" + section.lines.map { "- \(Self.escaped($0.printable))\n" }.joined()
            }.joined()
    }

    /// Exchanges' words must not become markup.
    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case "\\", "`", "*", "_", "[", "]", "|", "~": "\\\(character)"
            default: String(character)
            }
        }.joined()
    }
}
