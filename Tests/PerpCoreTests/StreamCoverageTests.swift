import PerpCore
import Testing

@Suite("Coverage of a stream")
struct StreamCoverageTests {
    private static let hour = Hour("2026-11-18T11")!  // a valid hour

    private static func time(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: hour.startMilliseconds + Int64(seconds * 1000))
    }

    private static func record(_ events: [(String, Double, StreamEvent.Kind)], names: Set<String> = []) -> StreamRecord {
        var coverage = StreamCoverage(hour: hour)
        for (connection, at, kind) in events {
            coverage.add(StreamEvent(connection: connection, at: time(at), kind: kind, reason: kind == .lost ? "silent" : nil))
        }
        return coverage.record(.fill, names: names, messages: 0, duplicates: 0)
    }

    private static func seconds(_ record: StreamRecord) -> [[Double]] {
        record.gaps.map { gap in
            [gap.from, gap.to].map { Double($0.milliseconds - hour.startMilliseconds) / 1000 }
        }
    }

    @Test("a connection that was up all the hour covers all of it")
    func whole() {
        let record = Self.record([("all#1", -5, .alive), ("all#1", 1800, .alive), ("all#1", 3600, .alive)])
        #expect(record.coveredMilliseconds == 3_600_000 && record.gaps.isEmpty && record.coveredFraction == 1)
    }

    @Test("what is before the subscription, and behind the last sign of life, is not covered")
    func gaps() {
        let record = Self.record([
            ("all#1", 9, .open), ("all#1", 10, .subscribed), ("all#1", 60, .alive), ("all#1", 100, .lost),
            ("all#2", 120, .subscribed), ("all#2", 3500, .alive),
        ])
        #expect(Self.seconds(record) == [[0, 10], [100, 120], [3500, 3600]])
        #expect(record.gaps.map(\.reason) == ["not recorded", "silent", "no sign of life"])
        #expect(record.coveredMilliseconds == 3_470_000)
    }

    @Test("a planned change of connection with overlap leaves no gap")
    func overlap() {
        let record = Self.record([
            ("all#1", 0, .alive), ("all#2", 50, .subscribed), ("all#1", 55, .closed), ("all#2", 3600, .alive),
        ])
        #expect(record.gaps.isEmpty)
    }

    @Test("symbols that are shared between connections are covered while all of them are up")
    func several() {
        let record = Self.record([
            ("a#1", 0, .alive), ("b#1", 0, .alive), ("a#1", 100, .lost), ("a#2", 130, .subscribed),
            ("b#1", 120, .lost), ("b#2", 150, .subscribed), ("a#2", 3600, .alive), ("b#2", 3600, .alive),
        ])
        #expect(Self.seconds(record) == [[100, 150]])
    }

    @Test("a connection that was never up, and an hour without any, is a gap")
    func never() {
        #expect(Self.record([]).coveredMilliseconds == 0)
        let record = Self.record([("a#1", 0, .alive), ("a#1", 3600, .alive)], names: ["a", "b"])
        #expect(Self.seconds(record) == [[0, 3600]] && record.coveredMilliseconds == 0)
    }

    @Test("agrees with counting each second, whatever the events", arguments: 0..<60)
    func againstSeconds(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        var events: [(String, Double, StreamEvent.Kind)] = []
        var up: Set<String> = []
        var isUp: [String: [Bool]] = [:]
        for connection in ["a#1", "a#2", "b#1"] {
            var line = Array(repeating: false, count: 3600)
            for second in 0..<3600 {
                let wasUp = up.contains(connection)
                if second % 60 == 0, wasUp { events.append((connection, Double(second), .alive)) }
                guard Int.random(in: 0..<400, using: &generator) == 0 else {
                    line[second] = wasUp
                    continue
                }
                if wasUp { up.remove(connection) } else { up.insert(connection) }
                events.append((connection, Double(second), wasUp ? .lost : .subscribed))
                line[second] = !wasUp
            }
            if up.contains(connection) { events.append((connection, 3600, .alive)) }
            isUp[connection] = line
        }
        events.sort { $0.1 < $1.1 }
        let covered = (0..<3600).filter { (isUp["a#1"]![$0] || isUp["a#2"]![$0]) && isUp["b#1"]![$0] }.count
        #expect(Self.record(events, names: ["a", "b"]).coveredMilliseconds == Int64(covered) * 1000)
    }
}
