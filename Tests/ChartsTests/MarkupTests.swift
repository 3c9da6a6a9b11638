import PerpCore
import Testing

@testable import Charts

@Suite("Markup")
struct MarkupTests {
    @Test("text is escaped, in elements and in attributes")
    func escaping() {
        #expect(Markup.text("a<b & 'c' \"d\">").source == "a&lt;b &amp; &#39;c&#39; &quot;d&quot;&gt;")
        #expect(Markup.element("p", ["id": "\"><b>"], text: "<b>").source == "<p id=\"&quot;&gt;&lt;b&gt;\">&lt;b&gt;</p>")
    }

    @Test("characters that steer become question marks, a newline stays")
    func steering() {
        #expect(Markup.text("a\u{202E}b\u{0}c\u{FFFE}\nd").source == "a?b?c?\nd")
        #expect(Markup.text("\u{05E9}\u{20AC}").source == "\u{05E9}\u{20AC}")
    }

    @Test("an element without children is closed as HTML needs it, and a missing attribute is left out")
    func closing() {
        #expect(Markup.element("td").source == "<td></td>")
        #expect(Markup.element("path", ["class": nil, "d": "M0 0"]).source == "<path d=\"M0 0\"/>")
    }

    @Test("a name is isolated")
    func names() { #expect(Markup.name("BTC").source == "<bdi>BTC</bdi>") }

    @Test("each hostile name is read back as its printable text", arguments: HostileNames.all)
    func hostile(name: String) throws {
        let element = try Element.read(Markup.element("p", ["title": name], .name(name)).source)
        #expect(element.children.map(\.name) == ["bdi"] && element.text == element["title"])
        #expect(element.text.unicodeScalars.count == name.unicodeScalars.count)
    }
}

@Suite("Anchors and links")
struct AnchorTests {
    @Test(
        "an anchor has letters, digits and dashes, and codes for the rest",
        arguments: [("BTC", "BTC"), ("stock:TSLA", "stock_3a_TSLA"), ("a_b", "a_5f_b"), ("", "_"), ("é", "_e9_")])
    func anchors(text: String, expected: String) { #expect(Anchor(text).description == expected) }

    @Test("two texts have two anchors, also long ones")
    func distinct() {
        let names = HostileNames.all + [String(repeating: "W", count: 201), "a-b", "a_b", "a.b", "a/b", "A-B"]
        let anchors = names.map { Anchor($0).description }
        #expect(Set(anchors).count == names.count)
        #expect(anchors.allSatisfy { $0.utf8.count <= 80 })
    }

    @Test("a link stays within the site")
    func links() {
        #expect(PageLink(page: Anchor("index")).address == "./index.html")
        #expect(PageLink(folders: [Anchor("coin")], up: 2, page: Anchor("BTC"), part: Anchor("x")).address == "../../coin/BTC.html#x")
        #expect(PageLink(page: nil, part: Anchor("oi")).address == "#oi")
        #expect(PageLink(page: nil).address == "#")
        for name in HostileNames.all {
            let address = PageLink(page: Anchor(name)).address
            #expect(address.hasPrefix("./") && address.dropFirst(2).allSatisfy { $0.isASCII && $0 != "/" && $0 != ":" && $0 != "%" })
        }
    }
}

@Suite("JSON within HTML")
struct JSONSourceTests {
    @Test(
        "numbers have nine significant digits, and what is not known is null",
        arguments: [
            (0.0001, "0.0001"), (123_456_789.6, "123456790"), (0.123_456_789_12, "0.123456789"), (5, "5"), (-0.5, "-0.5"),
            (58_261_234_567.8, "58261234568"), (0, "0"), (.nan, "null"), (.infinity, "null"),
        ] as [(Double, String)])
    func numbers(value: Double, expected: String) { #expect(JSONSource.number(value) == expected) }

    @Test("nil is null") func null() { #expect(JSONSource.number(nil) == "null") }

    @Test("strings have no markup, and no character that steers")
    func strings() {
        #expect(JSONSource.string("</script>&'\"\\") == "\"\\u003c/script\\u003e\\u0026\\u0027\\\"\\\\\"")
        #expect(JSONSource.string("\u{2028}\u{202E}\n\u{0}") == "\"\\u2028\\u202e\\n\\u0000\"")
        #expect(JSONSource.string("\u{E0001}") == "\"\\udb40\\udc01\"")
    }
}

@Suite("SHA-256")
struct SHA256Tests {
    /// Source: https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
    @Test(
        "hashes of the standard",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func standard(text: String, expected: String) {
        let digits = SHA256.hash(of: Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        #expect(digits.joined() == expected)
    }

    @Test("Base64 as a policy has it")
    func base64() { #expect(SHA256.base64(of: "abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=") }
}
