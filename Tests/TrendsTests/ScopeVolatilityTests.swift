import PerpCore
import Testing

@testable import Sealing
@testable import Trends

@Suite("Volatility hour by hour")
struct ScopeVolatilityTests {
    /// Hours of a market whose volatility doubles and halves.
    static func hours(_ count: Int, seed: UInt64) -> [SeriesValue?] {
        var random = SplitMix64(seed: seed)
        var gap: Int?
        var away = 0
        return (0..<count).map { place in
            if random.chance(0.01) { away = Int(random.number(1...12)) }
            if away > 0 || random.chance(0.03) {
                away -= 1
                gap = gap.map { $0 + 1 }
                return nil
            }
            let size = place / 400 % 2 == 0 ? 0.004 : 0.010
            let bridged = gap
            gap = 1
            guard let bridged, bridged <= Step.longestGap else { return .start }
            return .step(Step(gapHours: bridged, change: size * Double(bridged).squareRoot() * random.heavyTailed()))
        }
    }

    /// The same by the page: each hour looks at all hours before it.
    struct Slow {
        var values: [SeriesValue?]
        var sigmas: [Double?] = []

        mutating func row(_ now: Int) -> (sigma: Double?, covered: Int, count: Int, rank: Double?) {
            var (squares, covered) = (0.0, 0)
            for place in max(0, now - 24)...now {
                guard case .step(let step)? = values[place], place - step.gapHours >= now - 24 else { continue }
                squares += step.change * step.change
                covered += step.gapHours
            }
            let sigma = covered >= 18 ? (squares / Double(covered) * 8760).squareRoot() : nil
            let history = sigmas[max(0, now - 2160)...].compactMap { $0 }
            sigmas.append(sigma)
            let rank = sigma.flatMap { sigma -> Double? in
                guard history.count >= 336 else { return nil }
                let (below, equal) = (history.count { $0 < sigma }, history.count { $0 == sigma })
                return (Double(below) + 0.5 * Double(equal)) / Double(history.count)
            }
            return (sigma, covered, history.count, rank)
        }

        /// The squared step in usual ones.
        func square(_ now: Int) -> Double? {
            guard case .step(let step)? = values[now] else { return nil }
            let sizes = (max(0, now - 720)..<now).compactMap { place -> Double? in
                guard case .step(let step)? = values[place], place - step.gapHours >= now - 720 else { return nil }
                return abs(step.change) / Double(step.gapHours).squareRoot()
            }
            guard sizes.count >= 168, let usual = Quantiles.median(sizes) else { return nil }
            let scale = max(usual / 0.67448975, 1e-6)
            return step.change * step.change / Double(step.gapHours) / (scale * scale)
        }
    }

    @Test("each hour is what all hours before it say", arguments: [1, 2] as [UInt64])
    func incremental(seed: UInt64) {
        let values = Self.hours(2700, seed: seed)
        var volatility = ScopeVolatility(scope: "BTC")
        var slow = Slow(values: values)
        var (memory, sums) = (RegimeMemory(), ChangeSums())
        for place in values.indices {
            let (row, events) = volatility.advance(to: hour(place), values[place])
            let expected = slow.row(place)
            #expect(row.sigma == expected.sigma)
            #expect(row.coveredHours == expected.covered)
            #expect(row.historyCount == expected.count)
            #expect(row.rank == expected.rank)
            let old = memory.advance(to: hour(place), expected.rank)
            #expect(row.regime == memory.regime)
            var kinds = old.map { [VolatilityEvent.Kind.regime(old: $0, new: memory.regime!)] } ?? []  // it changed
            if case .start? = values[place] { sums.reset(at: hour(place)) }
            if let square = slow.square(place), case .step(let step)? = values[place] {
                kinds += sums.add(square, from: hour(place - step.gapHours), to: hour(place)).map {
                    $0.isUp ? .up(onset: $0.onset) : .down(onset: $0.onset)
                }
            }
            #expect(events.map(\.kind) == kinds)
            #expect(isClose(row.sums.up.value, sums.up.value, tolerance: 1e-9))
            #expect(isClose(row.sums.down.value, sums.down.value, tolerance: 1e-9))
        }
    }

    @Test("rows of the trailing spans give the next hour, and the past cut off changes nothing")
    func restored() {
        let values = Self.hours(3200, seed: 4)
        var whole = ScopeVolatility(scope: "BTC")
        var rows: [VolatilityHour] = []
        for place in 0..<3000 {
            rows.append(whole.advance(to: hour(place), values[place]).row)
            #expect(RegimeMemory(rows.suffix(24)) == whole.memory)
        }
        let steps = (2999 - 720..<3000).compactMap { place in
            values[place].map { SeriesRow(hour: hour(place), value: $0) }
        }
        let sigmas = rows.suffix(2160).compactMap { row in
            row.sigma.map { TrailingSample.Entry(hour: row.hour, value: $0) }
        }
        var part = ScopeVolatility(
            scope: "BTC", steps: steps, sigmas: sigmas, memory: RegimeMemory(rows.suffix(24)), sums: rows[2999].sums)
        for place in 3000..<3200 {
            let (found, expected) = (
                part.advance(to: hour(place), values[place]), whole.advance(to: hour(place), values[place])
            )
            #expect(found.row == expected.row)
            #expect(found.events == expected.events)
        }
    }

    @Test("a rank needs 336 hours of sigma, and is provisional until 720")
    func history() {
        var volatility = ScopeVolatility(scope: "BTC")
        let rows = (0...760).map { place in
            volatility.advance(
                to: hour(place), place == 0 ? .start : .step(Step(gapHours: 1, change: 0.001 * Double(1 + place / 40 % 7)))
            ).row
        }
        // The first sigma is that of hour 18; hour 354 has 336 before it.
        #expect(rows[17].sigma == nil && rows[18].sigma != nil)
        #expect(rows[353].rank == nil && rows[353].historyCount == 335 && rows[353].regime == nil)
        #expect(rows[354].rank != nil && rows[354].flags == [.provisional])
        #expect(rows[737].flags == [.provisional] && rows[738].flags == [])
        #expect(rows[738].version == "vol-1")
    }

    @Test("a pegged coin is normal")
    func flatHistory() {
        var volatility = ScopeVolatility(scope: "DAI")
        var last: VolatilityHour?
        for place in 0...800 {
            let change = 0.0001 * (1 + 0.01 * Double(place % 5)) * (place % 2 == 0 ? 1 : -1)
            last = volatility.advance(to: hour(place), .step(Step(gapHours: 1, change: change))).row
        }
        #expect(last?.regime == .normal)
        #expect(last?.flags == [.flatHistory])
    }

    @Test("a price that never moves has sigma 0 and a flat history, and its sums are finite")
    func still() {
        var volatility = ScopeVolatility(scope: "DAI")
        var last: VolatilityHour?
        for place in 0...800 { last = volatility.advance(to: hour(place), .step(Step(gapHours: 1, change: 0))).row }
        #expect(last?.sigma == 0)
        #expect(last?.rank == 0.5)
        #expect(last?.flags == [.flatHistory])
        #expect(last?.sums.down.value.isFinite == true)
    }

    @Test("the rank looks back, not forward: the first stressed hour is one")
    func trailing() {
        var volatility = ScopeVolatility(scope: "BTC")
        var random = SplitMix64(seed: 2)
        var regimes: [VolatilityRegime?] = []
        for place in 0...1400 {
            let size = place > 1000 ? 0.03 : 0.004
            let value = SeriesValue.step(Step(gapHours: 1, change: size * random.number(-1...1)))
            regimes.append(volatility.advance(to: hour(place), value).row.regime)
        }
        // Among all hours, those of the louder 400 are ordinary.
        #expect(regimes[1005] == .stressed)
    }

    @Test("a doubling of volatility is found within days, and dated")
    func change() {
        var volatility = ScopeVolatility(scope: "BTC")
        var random = SplitMix64(seed: 6)
        var found: [(Int, VolatilityEvent.Kind)] = []
        for place in 0...1200 {
            let size = place > 1000 ? 0.012 : 0.004
            let value = SeriesValue.step(Step(gapHours: 1, change: size * random.heavyTailed()))
            for event in volatility.advance(to: hour(place), value).events where event.kind.name == "VOL_UP" {
                found.append((place, event.kind))
            }
        }
        let first = found.first { $0.0 > 1000 }
        #expect(first.map { $0.0 < 1060 } == true)
        if case .up(let onset)? = first?.1 { #expect(abs(hour(1001).distance(to: onset)) <= 24) }
    }

    @Test("two pasts that begin 30 days apart agree to the last bit from 187 days after the later one on")
    func warmUp() {
        let count = 720 + 187 * 24 + 400
        let values = Self.hours(count, seed: 15)
        var (early, late) = (ScopeVolatility(scope: "BTC"), ScopeVolatility(scope: "BTC"))
        var trends = (SeriesTrend(.price, scope: "BTC"), SeriesTrend(.price, scope: "BTC"))
        for place in values.indices {
            let first = early.advance(to: hour(place), values[place])
            let firstTrends = trends.0.advance(to: hour(place), values[place])
            guard place >= 720 else { continue }
            let second = late.advance(to: hour(place), values[place])
            let secondTrends = trends.1.advance(to: hour(place), values[place])
            guard place >= 720 + 187 * 24 else { continue }
            #expect(first.row == second.row)
            #expect(first.events == second.events)
            #expect(firstTrends == secondTrends)
        }
    }
}
