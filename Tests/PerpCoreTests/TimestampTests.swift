import PerpCore
import Testing

@Suite("Instants")
struct TimestampTests {
    @Test("what is no time of the calendar is not read as one: arithmetic with it would overflow")
    func stored() {
        for number in [Int64.min, -1, Timestamp.latest.milliseconds + 1, .max] {
            #expect(Timestamp(fieldValue: .integer(number)) == nil)
        }
        #expect(Timestamp(fieldValue: .integer(0))?.milliseconds == 0)
        #expect(Timestamp(fieldValue: .integer(Timestamp.latest.milliseconds)) == .latest)
        #expect(Timestamp(fieldValue: .missing) == nil && Timestamp(fieldValue: .number(1)) == nil)
    }

    @Test("nor is it set in a record", arguments: ["next_funding_at_ms", "observed_at_ms"])
    func fields(name: String) throws {
        let field = try #require(Ticker.fields.first { "\($0.name)" == name })
        var ticker = Ticker.unread
        for number in [Int64.min, -1, Timestamp.latest.milliseconds + 1] {
            #expect(!field.set(.integer(number), in: &ticker))
        }
        #expect(field.set(.integer(5), in: &ticker))
        #expect(withUnsafePointer(to: ticker) { field.value(in: $0) } == .integer(5))
    }
}
