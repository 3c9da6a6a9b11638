import Testing

@testable import Notifiers

@Suite("Discord's limits")
struct DiscordLimitsTests {
    @Test(
        "a text is cut between characters, with one ellipsis",
        arguments: [
            ("", 3, ""), ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a👍🏽b", 6, "a👍🏽b"), ("a👍🏽bc", 5, "a…"), ("👍", 1, "…"),
            ("e\u{301}e\u{301}", 3, "e\u{301}…"),
        ])
    func cut(text: String, limit: Int, expected: String) {
        #expect(DiscordLimits.cut(text, to: limit) == expected)
        #expect(DiscordLimits.cut(text, to: limit).utf16.count <= limit)
    }

    @Test("a title of 300 characters becomes 255 and an ellipsis")
    func longTitle() {
        let title = DiscordLimits.fit(embed(title: String(repeating: "t", count: 300))).title
        #expect(title == String(repeating: "t", count: 255) + "…")
    }

    @Test("each text keeps its limit, nothing is empty, and no field is one too many")
    func everyLimit() {
        var long = embed(title: text(999), description: text(5000), footer: text(3000))
        long.fields = (0..<30).map { _ in DiscordEmbed.Field(" ", text(2000)) }
        let fitted = DiscordLimits.fit(long)
        #expect(fitted.title.utf16.count == 256)
        #expect(fitted.footer.text.utf16.count == 2048)
        #expect(fitted.fields.isEmpty)  // 256 + 4096 + 2048 leave no room for any
        // 6000 - 256 - 2048
        #expect(fitted.description.utf16.count == 3696)
        #expect(DiscordLimits.length(of: fitted) == 6000)
        var small = embed()
        small.fields = (0..<30).map { DiscordEmbed.Field("", "\($0 == 0 ? "" : "x")") }
        #expect(DiscordLimits.fit(small).fields.count == 25)
        #expect(DiscordLimits.fit(small).fields[0] == DiscordEmbed.Field("-", "-"))
    }

    @Test("fields go from the end before the description does")
    func fieldsFirst() {
        var long = embed(description: text(4096))
        long.fields = (0..<3).map { DiscordEmbed.Field("f\($0)", text(1000)) }
        let fitted = DiscordLimits.fit(long)
        #expect(fitted.fields.map(\.name) == ["f0"])
        #expect(fitted.description.utf16.count == 4096)
    }

    @Test("eleven alerts make two messages: ten and one")
    func eleven() {
        let packed = DiscordLimits.pack((0..<11).map { DiscordMessage(embeds: [embed(title: "\($0)")]) })
        #expect(packed.map(\.message.embeds.count) == [10, 1])
        #expect(packed.map(\.places) == [Array(0..<10), [10]])
    }

    @Test("three embeds of 2500 make two messages: 5000 and 2500")
    func bySize() {
        let one = embed(title: text(100), description: text(2399), footer: "x")
        let packed = DiscordLimits.pack(Array(repeating: DiscordMessage(embeds: [one]), count: 3))
        let sizes = packed.map { $0.message.embeds.reduce(0) { $0 + DiscordLimits.length(of: $1) } }
        #expect(sizes == [5000, 2500])
    }

    @Test("lines above the embeds are joined while they fit")
    func contents() {
        let messages = [text(1500), nil, text(499), "x"].map { DiscordMessage(content: $0, embeds: [embed()]) }
        let packed = DiscordLimits.pack(messages)
        #expect(packed.map(\.message.embeds.count) == [3, 1])
        #expect(packed.map { $0.message.content?.utf16.count } == [2000, 1])
    }

    @Test("nobody is mentioned, and no content means no key")
    func payload() throws {
        let json = try DiscordMessage(embeds: [embed(title: "T/S")]).json()
        #expect(json.contains(#""allowed_mentions":{"parse":[]}"#))
        #expect(!json.contains("content"))
        #expect(json.contains("T/S"))
        #expect(try DiscordMessage(json: json).json() == json)
    }

    private func text(_ count: Int) -> String { String(repeating: "a", count: count) }

    private func embed(title: String = "t", description: String = "d", footer: String = "f") -> DiscordEmbed {
        DiscordEmbed(title: title, description: description, color: 0, fields: [], footer: footer, timestamp: "")
    }
}
