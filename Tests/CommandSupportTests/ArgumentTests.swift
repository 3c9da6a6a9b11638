import ArgumentParser
import CommandSupport
import PerpCore
import Testing

@Suite("What is typed on a command line")
struct ArgumentTests {
    private func message(_ body: () throws -> some Any) -> String? {
        do { _ = try body() } catch let error as ValidationError { return error.message } catch {}
        return nil
    }

    @Test(
        "an hour is read as people write it",
        arguments: [
            "2025-10-23T15", "2025-10-23 15", "2025-10-23T15:00", "2025-10-23 15:00", "2025-10-23T15:00Z",
            "2025-10-23T15:00:00Z", "2025-10-23T15:00:00.000Z", "2025-10-23T15Z", " 2025-10-23T15 ",
        ])
    func hour(text: String) throws { #expect(try Hour.argument(text).description == "2025-10-23T15") }

    @Test(
        "what is no hour, or could be two, is refused",
        arguments: ["2025-10-23T15:30", "2025-10-23T5", "2025-10-23T24", "2025-13-01T00", "15", "", "2025-10-23T15:00:01"])
    func notHour(text: String) {
        #expect(message { try Hour.argument(text) } == "'\(text)' is not an hour of UTC such as 2025-10-23T15")
    }

    @Test("a span of more than twenty years is a typing error")
    func span() throws {
        #expect(try SpanOptions.parse(["--from", "2010-01-01T00", "--to", "2029-12-31T23"]).hours != nil)
        #expect(throws: (any Error).self) { try SpanOptions.parse(["--from", "0001-01-01T00", "--to", "9999-12-31T23"]) }
    }

    @Test("a day is no hour, and the form is said")
    func day() {
        #expect(
            message { try Hour.argument("2025-10-23") } == "'2025-10-23' is a day; an hour is written 2025-10-23T15")
    }

    @Test(
        "dollars are read with their unit",
        arguments: [
            ("238B", 238e9), ("238bn", 238e9), ("2.38e11", 2.38e11), ("$238.5 B", 238.5e9), ("12m", 12e6), ("7.5K", 7500),
            ("1T", 1e12), ("238000000000", 238e9), ("0.5", 0.5),
        ])
    func dollars(text: String, value: Double) throws { #expect(try Dollars.argument(text) == value) }

    @Test("anything else is no number of dollars", arguments: ["", "B", "-3B", "0", "nan", "inf", "0x10", "3 x", "1e400"])
    func notDollars(text: String) {
        #expect(
            message { try Dollars.argument(text) }
                == "'\(text)' is not a number of dollars such as 238.5B or 2.385e11")
    }

    @Test("a list of exchanges comes in the fixed order, each once")
    func list() throws {
        #expect(try Exchange.parse(list: "gate.io, OKX,Binance,okx") == [.binance, .okx, .gate])
        #expect(try Exchange.parse(list: "") == [])
        #expect(message { try Exchange.parse(list: "okx,binnace") } == "'binnace' is no exchange; did you mean binance?")
    }
}
