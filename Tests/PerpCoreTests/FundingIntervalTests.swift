import PerpCore
import Testing

@Suite("Intervals of funding")
struct FundingIntervalTests {
    private static let start = Hour("2025-10-23T00")!  // a valid hour

    private static func time(_ hours: Int) -> Timestamp { start.advanced(by: hours).startTime }

    /// Intervals of settlements at these hours after the start, as `from-until:hours`, `…` for what still holds.
    private static func found(
        _ settlements: [Int], stated: [Int: Double] = [:], instruments: [(Int, Int?, Double)] = []
    ) -> [String] {
        let settled = settlements.map { FundingInterval.Settled(at: time($0), statedHours: stated[$0]) }
        let listed = instruments.map {
            FundingInterval.Stated(from: time($0.0), until: $0.1.map(time), hours: $0.2)
        }
        func number(_ instant: Timestamp) -> Int64 { (instant.milliseconds - start.startMilliseconds) / Hour.milliseconds }
        return FundingInterval.intervals(settlements: settled, instruments: listed).map {
            let until = $0.until.map { "\(number($0))" } ?? "…"
            return "\(number($0.from))-\(until):\(Int($0.hours))\($0.evidence == .instrument ? " listed" : "")"
        }
    }

    @Test("nothing is known of a contract without settlements, and of one with a single distance")
    func unknown() {
        #expect(Self.found([]) == [])
        #expect(Self.found([0]) == [])
        // A distance that was seen once may be a hole.
        #expect(Self.found([0, 8]) == [])
        #expect(Self.found([0, 8, 16]) == ["0-…:8"])
    }

    @Test("from 8 h to 1 h: the old one ends where the first period of the new one begins")
    func change() {
        #expect(Self.found([0, 8, 16, 24, 25, 26, 27]) == ["0-24:8", "24-…:1"])
        // Seen once, it is no change yet.
        #expect(Self.found([0, 8, 16, 24, 25]) == ["0-…:8"])
        #expect(Self.found([0, 8, 16, 24, 25, 26, 34, 42]) == ["0-24:8", "24-26:1", "26-…:8"])
    }

    @Test("a hole is no interval, also where it is as long as one")
    func hole() {
        // 16 h is no period, 24 h is one: two settlements of every 8 h are missing.
        #expect(Self.found([0, 8, 16, 32, 40]) == ["0-…:8"])
        #expect(Self.found([0, 8, 16, 40, 48]) == ["0-…:8"])
        // What is seen before and after a hole is not in a row.
        #expect(Self.found([0, 8, 16, 17, 22, 23]) == ["0-…:8"])
    }

    @Test("a change within a hole leaves the time between unknown")
    func changeInHole() {
        #expect(Self.found([0, 8, 16, 30, 31, 32]) == ["0-16:8", "30-…:1"])
    }

    @Test("what a settlement states counts, not its distance")
    func stated() {
        #expect(Self.found([0, 24, 48], stated: [0: 8, 24: 8, 48: 8]) == ["-8-…:8"])
    }

    @Test("the list of instruments counts before the settlements, and where it is newer than they are")
    func instruments() {
        #expect(Self.found([], instruments: [(0, nil, 4)]) == ["0-…:4 listed"])
        #expect(Self.found([], instruments: [(0, 5, 4), (5, nil, 1)]) == ["0-5:4 listed", "5-…:1 listed"])
        #expect(Self.found([10, 14, 18], instruments: [(0, nil, 8)]) == ["0-10:8 listed", "10-…:4"])
        // Announced at 20, before two settlements show it.
        #expect(Self.found([0, 8, 16], instruments: [(2, 20, 8), (20, nil, 1)]) == ["0-20:8", "20-…:1 listed"])
        #expect(Self.found([0, 8, 16, 21], instruments: [(2, 20, 8), (20, nil, 1)]) == ["0-20:8", "20-…:1 listed"])
        #expect(Self.found([0, 8, 16, 21, 22, 23], instruments: [(2, 20, 8), (20, nil, 1)]) == ["0-20:8", "20-…:1"])
        // Stated in the hour of the last settlement, it counts from there on, until settlements show it.
        #expect(Self.found([0, 8, 16], instruments: [(2, 16, 8), (16, nil, 1)]) == ["0-16:8", "16-…:1 listed"])
        #expect(Self.found([0, 8, 16, 17], instruments: [(2, 16, 8), (16, nil, 1)]) == ["0-16:8", "16-…:1 listed"])
        #expect(Self.found([0, 8, 16, 17, 18], instruments: [(2, 16, 8), (16, nil, 1)]) == ["0-16:8", "16-…:1"])
        // Equal statements that touch are one interval.
        #expect(Self.found([8, 16, 24], instruments: [(0, 30, 8), (30, nil, 8)]) == ["0-…:8"])
    }
}
