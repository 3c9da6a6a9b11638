/// Names that try to be something else than text.
enum HostileNames {
    static let all: [String] = [
        "<script>alert(1)</script>", "</script><script>alert(1)</script>", "</title></style></svg>",
        "\"><img src=x onerror=alert(1)>", "' onload='alert(1)", "<!--", "-->", "]]>", "<![CDATA[", "&lt;b&gt;", "&#60;b&#62;",
        "&", "javascript:alert(1)", "../../etc/passwd", "a b", "{{7*7}}", "${1}", "\\u003cscript\\u003e", "\\", "\"", "`",
        "\u{202E}gnp.exe", "\u{2067}\u{05E9}\u{05DC}\u{05D5}\u{05DD}", "\u{2069}\u{2069}BTC", "\u{0}\u{1}\u{1F}\u{7F}", "a\nb\r\tc",
        "\u{2028}\u{2029}", "\u{FFFE}\u{FFFF}\u{FEFF}", "e\(String(repeating: "\u{0301}", count: 300))",
        String(repeating: "W", count: 200), String(repeating: "\u{1F600}", count: 200), "\u{5E01}\u{5B89}",
    ]
}
