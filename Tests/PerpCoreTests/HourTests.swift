import PerpCore
import Testing

@Suite("Hours and days")
struct HourTests {
    @Test(
        "text and epoch seconds name the same hour",
        arguments: [
            ("1970-01-01T00", 0), ("2025-10-23T15", 1_761_231_600), ("2024-02-29T23", 1_709_247_600),
            ("2000-02-29T12", 951_825_600), ("1969-12-31T23", -3600),
        ])
    func roundTrip(text: String, seconds: Int64) throws {
        let hour = try #require(Hour(text))
        #expect(hour.start == seconds)
        #expect(hour.description == text)
        #expect(Hour(containing: seconds + 3599) == hour)
    }

    @Test(
        "what is not an hour is refused",
        arguments: [
            "", "2025-10-23", "2025-10-23T24", "2025-10-23T5", "2025-02-29T00", "2025-13-01T00",
            "2025-1-01T00", "+025-10-23T15", "2025-10-23 15", "2025-10-23T15:00",
        ])
    func refused(text: String) { #expect(Hour(text) == nil) }

    @Test("the folder of an hour")
    func path() throws { #expect(try #require(Hour("2025-10-23T05")).path == "2025-10-23/05") }

    @Test(
        "ISO 8601 times are read to the millisecond",
        arguments: [
            ("2025-12-08T16:00:00.112Z", Int64(1_765_209_600_112)), ("2025-12-08T16:00:00Z", 1_765_209_600_000),
            ("2025-12-08T16:00:00.1129Z", 1_765_209_600_112), ("2025-12-08T16:00:00.5Z", 1_765_209_600_500),
        ])
    func iso8601(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test("the next full hour is never the instant itself")
    func nextFullHour() {
        #expect(Timestamp(milliseconds: 7_200_000).nextFullHour.milliseconds == 10_800_000)
        #expect(Timestamp(milliseconds: 7_199_999).nextFullHour.milliseconds == 7_200_000)
    }
}
