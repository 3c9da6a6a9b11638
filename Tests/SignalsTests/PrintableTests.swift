@testable import Signals
import Testing

@Suite("Names of venues in texts")
struct PrintableTests {
    @Test(
        "what steers a terminal, breaks a line or turns the direction of writing is replaced",
        arguments: [
            ("BTC", "BTC"), ("币安人生", "币安人生"), ("a b/c'\"<d>", "a b/c'\"<d>"), ("\u{1B}[2J", "?[2J"), ("a\r\nb", "a??b"),
            ("a\u{2028}b", "a?b"), ("\u{202E}cba", "?cba"),
        ])
    func replaced(name: String, shown: String) {
        #expect(name.printable == shown)
    }
}
