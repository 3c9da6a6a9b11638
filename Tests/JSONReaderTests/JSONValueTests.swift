import JSONReader
import PerpCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("JSON values")
struct JSONValueTests {
    private func parse<Result>(_ text: String, _ use: (JSONValue) throws -> Result) throws -> Result {
        let parser = JSONParser()
        let buffer = ByteBuffer(Array(text.utf8))
        return try withExtendedLifetime((parser, buffer)) { try use(try parser.parse(buffer)) }
    }

    @Test("members are found in any order, and again")
    func members() throws {
        try parse(#"{"a":1,"b":{"x":[1,2,{"y":3}]},"c":"s","d":null}"#) { root in
            var object = try #require(root.object)
            #expect(object.value("c")?.string == "s")
            #expect(object.value("a")?.number == 1)
            #expect(object.value("a")?.number == 1)
            #expect(object.value("d")?.isNull == true)
            #expect(object.value("none") == nil)
            var inner = object.value("b")?.object
            let array = inner?.value("x")?.array
            var third = array?[2]?.object
            #expect(third?.value("y")?.integer == 3)
            #expect(array != nil)
            #expect(array?[3] == nil)
        }
    }

    @Test("names that begin or end alike, are short, or are longer than a word, are told apart")
    func similarNames() throws {
        let names: [StaticString] = [
            "", "a", "ab", "abc", "abcd", "abce", "abcde", "bbcde", "abcdefghijklmnop", "abcdefghijklmnoq", "xbcdefghijklmnop", "é", "ab\u{0}",
        ]
        let members = names.enumerated().map { number, name in "\"\(name)\":\(number)".replacing("\u{0}", with: "\\u0000") }
        for shift in names.indices {
            let text = "{" + (members[shift...] + members[..<shift]).joined(separator: ",") + "}"
            try parse(text) { root in
                var object = try #require(root.object)
                for (number, name) in names.enumerated() { #expect(object.value(name)?.integer == Int64(number), "\(name)") }
                for name: StaticString in ["b", "abcf", "abcdf", "abcdefghijklmno", "abcdefghijklmnopq"] { #expect(object.value(name) == nil) }
                #expect(object.value("abc")?.integer == 3)
            }
        }
    }

    @Test("the member behind a member is told")
    func memberBehind() throws {
        try parse(#"{"a":{"x":[1,2]},"b":1.5,"c":"s"}"#) { root in
            var object = try #require(root.object)
            let first = try #require(object.value("a")?.memberBehind)
            #expect(first.name == "b" && first.value.number == 1.5)
            #expect(first.value.memberBehind?.name == "c" && first.value.memberBehind?.value.memberBehind == nil)
        }
    }

    @Test("empty containers end at once")
    func empty() throws {
        try parse(#"{"o":{},"a":[],"z":1}"#) { root in
            var object = try #require(root.object)
            var empty = object.value("o")?.object
            #expect(empty != nil)
            #expect(empty?.value("x") == nil)
            #expect(object.value("a")?.array.map(Array.init)?.isEmpty == true)
            #expect(object.value("z")?.number == 1)
            #expect(root.object.map { Array($0).map(\.name) } == ["o", "a", "z"])
        }
    }

    @Test(
        "a number too large for a double is what is refused, not its document",
        arguments: [
            "1e400", "-1e999", String(repeating: "9", count: 400), "123456789012345678901234567890",
        ])
    func hugeNumbers(text: String) throws {
        try parse(#"{"good":1.5,"bad":\#(text),"text":"1e400 \" 1e400","flag":true}"#) { root in
            var object = try #require(root.object)
            #expect(object.value("good")?.number == 1.5)
            let bad = object.value("bad")
            #expect(bad != nil)
            #expect(bad?.number == Decimal.read(text))
            #expect(object.value("text")?.string == #"1e400 " 1e400"#)
            #expect(object.value("flag")?.bool == true)
        }
    }

    @Test("what is not JSON is refused", arguments: ["", "{", "[1,]", "{\"a\":}", "<html>", "[1] 2", "\u{FEFF}[]", "nul", "[\"\u{1}\"]"])
    func refused(text: String) { #expect(throws: JSONError.self) { try parse(text) { _ in } } }

    @Test("depth counts containers", arguments: [("1", 0), ("{}", 1), ("[[],[[]]]", 3), (#"{"a":[1,{"b":2}],"c":1}"#, 3), ("[[1],2,[3]]", 2)])
    func depth(text: String, depth: Int) throws { #expect(try parse(text, \.depth) == depth) }

    @Test("integers beyond 2^53 stay exact", arguments: ["9007199254740993", #""9007199254740993""#])
    func integers(text: String) throws { #expect(try parse(text, \.integer) == 9_007_199_254_740_993) }

    @Test("any document reads as another parser reads it")
    func againstFoundation() throws {
        var random = SplitMix64(seed: 42)
        for _ in 0..<300 {
            let text = randomJSON(&random, depth: 4)
            let ours = try parse(text) { try describe($0) }
            let theirs = describe(try JSONDecoder().decode(Any_.self, from: Data(text.utf8)))
            #expect(ours == theirs, "\(text)")
        }
    }
}

/// A document as another parser sees it.
private indirect enum Any_: Decodable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([Any_])
    case object([String: Any_])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let array = try? value.decode([Any_].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: Any_].self))
        }
    }
}

private func describe(_ value: Any_) -> String {
    switch value {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): "\(number)"
    case .string(let string): "'\(string)'"
    case .array(let array): "[" + array.map(describe).joined(separator: ",") + "]"
    case .object(let object): "{" + object.sorted { $0.key < $1.key }.map { "\($0.key):\(describe($0.value))" }.joined(separator: ",") + "}"
    }
}

private func describe(_ value: JSONValue) throws -> String {
    if value.isNull { return "null" }
    if let bool = value.bool { return "\(bool)" }
    if let string = value.string { return "'\(string)'" }
    if let array = value.array { return "[" + (try array.map(describe)).joined(separator: ",") + "]" }
    if let object = value.object {
        return "{" + (try object.sorted { $0.name < $1.name }.map { "\($0.name):\(try describe($0.value))" }).joined(separator: ",") + "}"
    }
    return "\(try #require(value.number))"
}

private func randomJSON(_ random: inout SplitMix64, depth: Int) -> String {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: return "null"
    case 1: return Bool.random(using: &random) ? "true" : "false"
    case 2: return "\(Int32.random(in: .min ... .max, using: &random))"
    case 3: return "\(Double.random(in: -1e9...1e9, using: &random))"
    case 4: return [#""""#, #""a b""#, #""\"\\\n\u00e9""#, #""é漢""#].randomElement(using: &random) ?? "0"
    case 5, 6:
        return "[" + (0..<Int.random(in: 0..<5, using: &random)).map { _ in randomJSON(&random, depth: depth - 1) }.joined(separator: " , ") + "]"
    default:
        let members = (0..<Int.random(in: 0..<5, using: &random)).map { "\"k\($0)\" : \(randomJSON(&random, depth: depth - 1))" }
        return "{" + members.joined(separator: ",") + "}"
    }
}
