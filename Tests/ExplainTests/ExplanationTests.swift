import Explaining
import PerpCore
import Testing

@Suite("Explanations as text and JSON")
struct ExplanationTests {
    private var explanation: Explanation {
        var explanation = Explanation("okx BTC mark_price 2025-10-23T15")
        explanation.add("view", [.init("view", "tickers"), .init("mark_price", 1.5), .init("index_price", nil as Double?)])
        explanation.add(
            "bytes", [.init("sent_at_ms", .integer(1_761_231_600_000)), .init("bytes", "1.\u{202E}5")],
            rows: [[.init("line", 2), .init("path", "a")], [.init("line", 12), .init("path", "bc")]])
        return explanation
    }

    @Test("a line per fact, a table for parts; what is missing is NULL, times have their date, no text steers a terminal")
    func text() {
        #expect(
            explanation.text == """
                okx BTC mark_price 2025-10-23T15

                view
                   view         tickers
                   mark_price   1.5
                   index_price  NULL

                bytes
                   sent_at_ms  1761231600000 (\(Timestamp(milliseconds: 1_761_231_600_000)))
                   bytes       1.?5
                   line  path
                   2     a
                   12    bc

                """)
    }

    @Test("JSON has the facts under their names, and null for what is missing")
    func json() throws {
        let json = try explanation.json()
        for part in [
            "\"question\" : \"okx BTC mark_price 2025-10-23T15\"", "\"step\" : \"view\"", "\"mark_price\" : 1.5",
            "\"index_price\" : null", "\"sent_at_ms\" : 1761231600000", "\"line\" : 12",
        ] { #expect(json.contains(part), "\(part) in \(json)") }
    }

    @Test("staged lines are found by record and members")
    func stagedLines() {
        let staged = """
            {"record":"source","exchange":"okx"}
            {"record":"ticker","symbol":"A","mark_price":1.5}
            {"record":"ticker","symbol":"AB","mark_price":2.5}

            """
        let lines = StagedText(ByteBuffer(staged.utf8)).lines(of: "ticker", where: [("symbol", "AB")])
        #expect(lines.map(\.number) == [3])
        #expect(lines.first?.bytes(of: "mark_price") == "2.5")
        #expect(lines.first?.text == #"{"record":"ticker","symbol":"AB","mark_price":2.5}"#)
    }
}
