import PerpCore
import Testing

@testable import Trends

@Suite("States of a trend")
struct TrendStateTests {
    static func numbers(_ z: Double, slope: Double? = nil) -> TrendNumbers {
        TrendNumbers(rows: 25, slopePerHour: slope ?? z, efficiency: 0.5, z: z)
    }

    @Test("three hours in a row make a state, with hysteresis")
    func worked() {
        let zs: [Double?] = [1.64, 1.65, 1.9, 1.7, 1.2, 0.79, 0.8, 0.7, 0.6, 0.5, -1.65, -2.5, nil, -1.7, -0.9]
        var memory = TrendMemory()
        let states = zs.enumerated().map { memory.advance(to: hour($0), $1.map { Self.numbers($0) }) }
        #expect(
            states == [
                .flat, .flat, .flat, .up, .up, .up, .up, .up, .up, .flat, .flat, .flat, .flat, .down, .down,
            ])
        #expect(memory.since == hour(13))
    }

    @Test("what was not evaluated for more than six hours is forgotten")
    func forgotten() {
        var memory = TrendMemory()
        for place in 0...2 { _ = memory.advance(to: hour(place), Self.numbers(2.5)) }
        for place in 3...8 { #expect(memory.advance(to: hour(place), nil) == .up) }
        #expect(memory.advance(to: hour(9), Self.numbers(2.5)) == .flat)
        #expect(memory.since == hour(9))
        #expect(memory.run == Run(.up, count: 1))
    }

    @Test("unknown is shown before the first evaluation and after six hours without one, missing hours among them")
    func unknown() {
        var memory = TrendMemory()
        #expect(memory.advance(to: hour(0), nil) == .unknown)
        #expect(memory.advance(to: hour(1), Self.numbers(0)) == .flat)
        #expect(memory.advance(to: hour(7), nil) == .flat)
        #expect(memory.advance(to: hour(8), nil) == .unknown)
        #expect(memory.since == nil)
    }

    @Test("a slope against z asks for nothing")
    func slope() {
        var memory = TrendMemory()
        for place in 0...5 { #expect(memory.advance(to: hour(place), Self.numbers(2, slope: -1)) == .flat) }
        for place in 6...9 { #expect(memory.advance(to: hour(place), Self.numbers(-2, slope: 0)) == .flat) }
    }

    @Test("a trend turns without a flat hour between when the other is asked for three times")
    func turns() {
        var memory = TrendMemory()
        for place in 0...2 { _ = memory.advance(to: hour(place), Self.numbers(2)) }
        #expect([3, 4, 5].map { memory.advance(to: hour($0), Self.numbers(-2)) } == [.up, .up, .down])
    }

    @Test("a run of one kind is not continued by another")
    func mixedRun() {
        var memory = TrendMemory()
        for place in 0...2 { _ = memory.advance(to: hour(place), Self.numbers(2)) }
        let zs = [0.5, 0.5, -2.0, 0.5, 0.5, 0.5]
        #expect(zs.enumerated().map { memory.advance(to: hour($0 + 3), Self.numbers($1)) } == [.up, .up, .up, .up, .up, .flat])
    }

    @Test("the state goes on from what was stored")
    func stored() {
        var memory = TrendMemory()
        for place in 0...1 { _ = memory.advance(to: hour(place), Self.numbers(2)) }
        var restored = TrendMemory(state: memory.state, since: memory.since, run: memory.run, touched: memory.touched)
        #expect(restored.advance(to: hour(2), Self.numbers(2)) == .up)
    }
}

@Suite("Trends hour by hour")
struct SeriesTrendTests {
    /// An hour of a made-up market: its value, or nothing.
    static func hours(_ count: Int, seed: UInt64) -> [SeriesValue?] {
        var random = SplitMix64(seed: seed)
        var values: [SeriesValue?] = []
        var gap: Int?
        var away = 0
        for place in 0..<count {
            if random.chance(0.005) { away = Int(random.number(1...12)) }
            if away > 0 || random.chance(0.05) {
                away -= 1
                gap = gap.map { $0 + 1 }
                values.append(nil)
                continue
            }
            let drift = place % 400 < 200 ? 0.004 : -0.004
            let step = gap.flatMap { $0 <= Step.longestGap ? Step(gapHours: $0, change: drift + 0.004 * random.heavyTailed()) : nil }
            values.append(step.map { .step($0) } ?? .start)
            gap = 1
        }
        return values
    }

    /// The same by the page: nothing is kept, each hour looks at all before it.
    static func slow(_ values: [SeriesValue?], _ window: TrendWindow) -> [(TrendNumbers?, TrendState)] {
        var (state, run, asked) = (TrendState.flat, 0, TrendState.flat)
        var touched: Int?
        return values.indices.map { now in
            let numbers = slowNumbers(values, window, now)
            if let last = touched, now - last > 6 { (state, run, touched) = (.flat, 0, nil) }
            guard let numbers else { return (nil, touched == nil ? .unknown : state) }
            touched = now
            let wants: TrendState =
                numbers.z >= 1.65 && numbers.slopePerHour > 0
                ? .up
                : numbers.z <= -1.65 && numbers.slopePerHour < 0
                    ? .down : state == .up && numbers.z < 0.8 || state == .down && numbers.z > -0.8 ? .flat : state
            run = wants == state ? 0 : run > 0 && wants == asked ? run + 1 : 1
            asked = wants
            if run == 3 { (state, run) = (wants, 0) }
            return (numbers, state)
        }
    }

    private static func slowNumbers(_ values: [SeriesValue?], _ window: TrendWindow, _ now: Int) -> TrendNumbers? {
        let places = (max(0, now - window.hours)...now).filter { values[$0] != nil }
        guard places.last == now, places.count >= window.neededRows,
            zip(places, places.dropFirst()).allSatisfy({ $1 - $0 <= 6 })
        else { return nil }
        var levels = [0.0]
        for place in places.dropFirst() {
            guard case .step(let step) = values[place] else { return nil }
            levels.append(levels[levels.count - 1] + step.change)
        }
        return TrendNumbers(SeriesPoints(hours: places.map { Double($0 - places[0]) }, values: levels))
    }

    @Test("each hour is what all hours before it say, whatever came when", arguments: [1, 2, 3] as [UInt64])
    func incremental(seed: UInt64) {
        let values = Self.hours(700, seed: seed)
        var trend = SeriesTrend(.price, scope: "BTC")
        let rows = values.indices.map { trend.advance(to: hour($0), values[$0]) }
        var states: Set<TrendState> = []
        for (place, window) in TrendWindow.allCases.enumerated() {
            let slow = Self.slow(values, window)
            states.formUnion(slow.map(\.1))
            #expect(rows.map { $0[place].numbers } == slow.map(\.0))
            #expect(rows.map { $0[place].state } == slow.map(\.1))
        }
        #expect(states == Set(TrendState.allCases))
    }

    @Test("stored rows of a week and the memories give the next hour, and the past cut off changes nothing")
    func restored() {
        let values = Self.hours(500, seed: 9)
        var whole = SeriesTrend(.price, scope: "BTC")
        for place in 0..<400 { _ = whole.advance(to: hour(place), values[place]) }
        let rows = (0..<400).compactMap { place in values[place].map { SeriesRow(hour: hour(place), value: $0) } }
        let memories = Dictionary(uniqueKeysWithValues: zip(TrendWindow.allCases, whole.memories))
        var part = SeriesTrend(
            .price, scope: "BTC", rows: rows.filter { $0.hour >= hour(399 - 168) }, memories: memories)
        for place in 400..<500 {
            #expect(part.advance(to: hour(place), values[place]) == whole.advance(to: hour(place), values[place]))
        }
    }

    @Test("the rows of a day tell what is remembered", arguments: [1, 4, 5] as [UInt64])
    func remembered(seed: UInt64) {
        let values = Self.hours(900, seed: seed)
        var trend = SeriesTrend(.price, scope: "BTC")
        var rows: [[TrendHour]] = []
        for place in values.indices {
            rows.append(trend.advance(to: hour(place), values[place]))
            for window in TrendWindow.allCases.indices {
                let restored = TrendMemory(rows.suffix(24).map { $0[window] })
                #expect(restored == trend.memories[window])
            }
        }
    }

    @Test("an hour that is not stored says how many rows there are")
    func storedRows() {
        var trend = SeriesTrend(.score, scope: "MARKET")
        var rows: [TrendHour] = []
        for place in 0..<5 { rows = trend.advance(to: hour(place), place == 2 ? nil : .level(0.1)) }
        #expect(rows.map(\.storedRows) == [4, 4, 4])
        #expect(rows.allSatisfy { $0.numbers == nil && $0.state == .unknown && $0.since == nil && $0.version == "trend-1" })
    }

    @Test("a score that falls steadily is down over a day long before it is over a week")
    func windows() {
        var trend = SeriesTrend(.score, scope: "MARKET")
        var rows: [TrendHour] = []
        for place in 0...40 { rows = trend.advance(to: hour(place), .level(0.5 - 0.01 * Double(place))) }
        #expect(rows.map(\.state) == [.down, .unknown, .unknown])
        #expect(rows[0].since == hour(21))
    }
}
