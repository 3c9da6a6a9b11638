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
}
