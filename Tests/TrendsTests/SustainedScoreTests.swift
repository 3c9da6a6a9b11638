import PerpCore
import Testing

@testable import Trends

@Suite("A sustained score")
struct SustainedScoreTests {
    static func last(_ scores: [Double?]) -> SustainedHour {
        var score = SustainedScore(.v2)
        var row = score.advance(to: hour(0), scores[0])
        for place in scores.indices.dropFirst() { row = score.advance(to: hour(place), scores[place]) }
        return row
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let scores: [Double?]
        let side: ScoreSide?
        let status: SustainedHour.Status
    }

    static let rows = [
        Row(testDescription: "six of six", scores: [0.6, 0.6, 0.6, 0.6, 0.6, 0.6], side: .long, status: .judged),
        Row(testDescription: "five of five", scores: [0.6, 0.6, nil, 0.6, 0.6, 0.6], side: .long, status: .judged),
        Row(testDescription: "five of six", scores: [0.6, 0.4, 0.6, 0.6, 0.6, 0.6], side: .long, status: .judged),
        Row(
            testDescription: "the last is not above", scores: [0.6, 0.6, 0.6, 0.6, 0.6, 0.5], side: nil, status: .judged),
        Row(
            testDescription: "a step of three hours", scores: [0.6, 0.6, nil, nil, 0.6, 0.6], side: nil,
            status: .insufficientHistory),
        Row(
            testDescription: "one on the other side", scores: [0.6, 0.6, 0.6, -0.6, 0.6, 0.6], side: .long,
            status: .judged),
        Row(
            testDescription: "four of four", scores: [0.6, nil, 0.6, nil, 0.6, 0.6], side: nil,
            status: .insufficientHistory),
        Row(testDescription: "down", scores: [0.1, -0.6, -0.6, -0.6, -0.6, -0.6], side: .short, status: .judged),
        Row(testDescription: "four of five", scores: [0.6, 0.4, nil, 0.6, 0.6, 0.6], side: nil, status: .judged),
        Row(testDescription: "the last is missing", scores: [0.6, 0.6, 0.6, nil, 0.6, nil], side: nil, status: .insufficientHistory),
    ]

    /// The last of six hours, in no state before it.
    static func judged(_ scores: [Double?]) -> SustainedHour {
        let recent = scores.indices.dropLast().compactMap { place in
            scores[place].map { HourlyScore(hour: hour(place), composite: $0) }
        }
        var score = SustainedScore(.v2, recent: recent)
        return score.advance(to: hour(scores.count - 1), scores[scores.count - 1])
    }

    @Test("entering", arguments: rows)
    func enters(_ row: Row) {
        let found = Self.judged(row.scores)
        #expect(found.side == row.side)
        #expect(found.status == row.status)
        #expect(found.storedRows == row.scores.compactMap { $0 }.count)
        #expect(found.since == row.side.map { _ in hour(5) })
        #expect(found.hours == row.side.map { _ in 1 })
    }

    static let entry: [Double?] = [0.6, 0.6, 0.6, 0.6, 0.6, 0.6]

    @Test("0.36 five times stays, since the hour of entry")
    func stays() {
        let row = Self.last(Self.entry + Array(repeating: 0.36, count: 5))
        #expect(row.side == .long)
        #expect(row.since == hour(4))
        #expect(row.hours == 7)
    }

    @Test("0.35 twice in six leaves")
    func leaves() {
        #expect(Self.last(Self.entry + [0.35]).side == .long)
        #expect(Self.last(Self.entry + [0.35, 0.35]).side == nil)
        #expect(Self.last(Self.entry + [0.35, 0.4, 0.4, 0.35]).side == nil)
    }

    @Test("an hour on the other side leaves at once")
    func otherSide() {
        #expect(Self.last(Self.entry + [-0.1]).side == nil)
        #expect(Self.last(Self.entry + [-0.1, 0.6]).since == hour(7))
        #expect(Self.last(Self.entry + [0]).side == nil)
    }

    @Test("missing hours keep the state until a step longer than two hours ends it")
    func gap() {
        #expect(Self.last(Self.entry + [nil]).side == .long)
        #expect(Self.last(Self.entry + [nil, 0.6]).since == hour(4))
        #expect(Self.last(Self.entry + [nil, nil]).side == .long)
        let ended = Self.last(Self.entry + [nil, nil, 0.6])
        #expect(ended.side == nil)
        #expect(ended.status == .gap)
        #expect(Self.last(Self.entry + [nil, nil, nil]).status == .gap)
        #expect(Self.last(Self.entry + [nil, nil, 0.6, 0.6]).status == .insufficientHistory)
    }

    @Test("too few rows keep the state")
    func insufficient() {
        // Every second hour: three rows in six, no step longer than two hours.
        let row = Self.last(Self.entry + [nil, 0.6, nil, 0.1, nil, 0.1])
        #expect(row.status == .insufficientHistory)
        #expect(row.side == .long)
        #expect(row.hours == 8)
    }

    @Test("a state that ends may turn in the same hour")
    func turns() {
        var score = SustainedScore(
            .v2, recent: (0...4).map { HourlyScore(hour: hour($0), composite: -0.6) }, side: .long,
            since: hour(-9))
        #expect(score.advance(to: hour(5), -0.6).side == .short)
        #expect(score.since == hour(5))
    }

    @Test("it goes on from what was stored")
    func restored() {
        var random = SplitMix64(seed: 5)
        let scores = (0..<300).map { _ in random.chance(0.1) ? nil : random.number(0.3...0.9) }
        var whole = SustainedScore(.v2)
        for place in 0..<150 { _ = whole.advance(to: hour(place), scores[place]) }
        let recent = (144..<150).compactMap { place in
            scores[place].map { HourlyScore(hour: hour(place), composite: $0) }
        }
        var part = SustainedScore(.v2, recent: recent, side: whole.side, since: whole.since)
        for place in 150..<300 {
            #expect(part.advance(to: hour(place), scores[place]) == whole.advance(to: hour(place), scores[place]))
        }
    }
}
