/// How reports and alerts are laid out in a terminal.
public enum TextLayout {
    /// A line of 80 `=`, around titles.
    public static let wide = String(repeating: "=", count: 80)
    /// A line of 80 `─`, between parts.
    public static let thin = String(repeating: "─", count: 80)

    /// A title between two wide lines.
    public static func banner(_ title: String) -> String { "\(wide)\n\(title)\n\(wide)\n" }

    /// A blank line, a heading, and one bullet per line.
    public static func section(_ title: String, _ lines: [String]) -> String {
        "\n\(title):\n" + lines.map { "   • \($0)\n" }.joined()
    }
}
