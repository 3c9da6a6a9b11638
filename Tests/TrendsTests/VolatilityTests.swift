import PerpCore
import Testing

@testable import Sealing
@testable import Trends

@Suite("Volatility of a day")
struct VolatilityEstimateTests {
    static func step(_ place: Int) -> Double { 0.004 * Double(5 * place % 9 - 4) / 4 }

    static func estimate(missing: Set<Int> = [], _ step: (Int) -> Double = step) -> VolatilityEstimate {
        VolatilityEstimate(.chain(to: 24, missing: missing, step), at: hour(24))
    }

    @Test("the worked numbers")
    func worked() {
        #expect(isClose(Self.estimate().sigma, 0.23242202993692312))
        #expect(Self.estimate().coveredHours == 24)
        #expect(isClose(Self.estimate(missing: [6, 7, 13]).sigma, 0.21614809737770074))
        #expect(Self.estimate(missing: [6, 7, 13]).coveredHours == 24)
        #expect(Self.estimate(missing: Set(5...11)).sigma == nil)
        #expect(Self.estimate(missing: Set(5...11)).coveredHours == 16)
    }

    @Test("18 covered hours are needed")
    func covered() {
        // Without the first six hours the chain begins at the sixth.
        #expect(Self.estimate(missing: Set(0...5)).coveredHours == 18)
        #expect(Self.estimate(missing: Set(0...5)).sigma != nil)
        #expect(Self.estimate(missing: Set(0...6)).sigma == nil)
    }

    @Test("a step from before the day is not of the day")
    func ends() {
        let series = TrailingSeries.chain(to: 30, missing: [4, 5, 6]) { _ in 0.01 }
        #expect(VolatilityEstimate(series, at: hour(30)).coveredHours == 23)
        #expect(VolatilityEstimate(series, at: hour(27)).coveredHours == 24)
    }

    @Test("sigma grows with the steps")
    func scale() {
        let twice = Self.estimate { 2 * Self.step($0) }
        #expect(isClose(twice.sigma, Self.estimate().sigma.map { 2 * $0 }))
    }

    @Test("equal steps with one inner hour missing have 26/24 of the variance", arguments: 1...23)
    func missingHour(place: Int) throws {
        let whole = try #require(Self.estimate { _ in 0.01 }.sigma)
        let part = try #require(Self.estimate(missing: [place]) { _ in 0.01 }.sigma)
        #expect(isClose(part * part, whole * whole * 26 / 24))
    }
}

@Suite("Volatility regimes")
struct VolatilityRegimeTests {
    static let sample = TrailingSample(
        (0..<400).map { TrailingSample.Entry(hour: hour($0), value: 0.30 + 0.001 * Double(7 * $0 % 400)) })

    @Test(
        "ranks",
        arguments: [
            (0.3799, 0.2, .normal), (0.38, 0.20125, .normal), (0.62, 0.80125, .elevated), (0.6205, 0.8025, .elevated),
            (0.6799, 0.95, .stressed), (0.68, 0.9525, .stressed), (0.1, 0, .calm), (1, 1, .stressed),
        ] as [(Double, Double, VolatilityRegime)])
    func ranks(sigma: Double, rank: Double, regime: VolatilityRegime) throws {
        let found = try #require(Self.sample.rank(of: sigma))
        #expect(found == rank)
        #expect(VolatilityRegime.wanted(found, in: nil) == regime)
    }

    @Test("a rank lies between 0 and 1 and never falls")
    func monotone() throws {
        var last = 0.0
        for place in 0...1000 {
            let rank = try #require(Self.sample.rank(of: 0.25 + 0.0005 * Double(place)))
            #expect(rank >= last && rank <= 1)
            last = rank
        }
    }

    @Test("a sample in order of size is the same as one that is sorted anew")
    func rolling() {
        var random = SplitMix64(seed: 8)
        var sample = TrailingSample()
        var values: [(place: Int, value: Double)] = []
        for place in 0..<300 {
            let value = (10 * random.number(0...1)).rounded() / 10
            sample.drop(before: hour(place - 50))
            values.removeAll { $0.place < place - 50 }
            sample.append(TrailingSample.Entry(hour: hour(place), value: value))
            values.append((place, value))
            let sorted = values.map(\.value).sorted()
            #expect(sample.count == sorted.count)
            #expect(sample.quantile(0.05) == Quantiles.quantile(0.05, ofSorted: sorted))
            #expect(sample.median == Quantiles.median(sorted))
            let (below, equal) = (sorted.count { $0 < 0.5 }, sorted.count { $0 == 0.5 })
            #expect(sample.rank(of: 0.5) == (Double(below) + 0.5 * Double(equal)) / Double(sorted.count))
        }
    }

    @Test("states with hysteresis; stress is told at once")
    func worked() {
        let ranks = [
            0.5, 0.81, 0.82, 0.79, 0.81, 0.83, 0.80, 0.76, 0.74, 0.74, 0.74, 0.96, 0.91, 0.89, 0.89, 0.89, 0.19, 0.19,
            0.19, 0.24, 0.25, 0.26, 0.26,
        ]
        var memory = RegimeMemory()
        var changes: [Int: VolatilityRegime] = [:]
        for (place, rank) in ranks.enumerated() where memory.advance(to: hour(place), rank) != nil {
            changes[place] = memory.regime
        }
        #expect(changes == [6: .elevated, 10: .normal, 11: .stressed, 15: .elevated, 18: .calm, 22: .normal])
        #expect(memory.since == hour(22))
    }

    @Test(
        "limits and the hysteresis of each regime",
        arguments: [
            (0.95, nil, .stressed), (0.9499, nil, .elevated), (0.90, .stressed, .stressed), (0.8999, .stressed, .elevated),
            (0.75, .stressed, .elevated), (0.7499, .stressed, .normal), (0.80, .normal, .elevated),
            (0.7999, .normal, .normal), (0.75, .elevated, .elevated), (0.7499, .elevated, .normal),
            (0.20, nil, .normal), (0.1999, .normal, .calm), (0.2499, .calm, .calm), (0.25, .calm, .normal),
        ] as [(Double, VolatilityRegime?, VolatilityRegime)])
    func limits(rank: Double, regime: VolatilityRegime?, wanted: VolatilityRegime) {
        #expect(VolatilityRegime.wanted(rank, in: regime) == wanted)
    }

    @Test("after more than six hours the first rank sets the regime without its hysteresis, and without an event")
    func forgotten() {
        var memory = RegimeMemory()
        _ = memory.advance(to: hour(0), 0.96)
        #expect(memory.advance(to: hour(6), 0.91) == nil)
        #expect(memory.regime == .stressed)
        #expect(memory.advance(to: hour(12), nil) == nil)
        #expect(memory.regime == .stressed)
        #expect(memory.advance(to: hour(13), 0.91) == nil)
        #expect(memory.regime == .elevated)
        #expect(memory.since == hour(13))
        _ = memory.advance(to: hour(20), nil)
        #expect(memory.regime == nil)
    }

    @Test("a flat history asks for normal")
    func flat() {
        var memory = RegimeMemory()
        _ = memory.advance(to: hour(0), 0.99, isFlatHistory: true)
        #expect(memory.regime == .normal)
        for place in 1...5 { #expect(memory.advance(to: hour(place), 0.99, isFlatHistory: true) == nil) }
    }
}

@Suite("Sums that find a change of volatility")
struct ChangeSumsTests {
    @Test("the worked squares: an alarm at hour 10 dates the change to hour 4")
    func worked() {
        let squares: [Double] = [0.5, 0.5, 0.5, 0.5, 4, 9, 1, 16, 9, 9, 9]
        let ups: [Double] = [
            0, 0, 0, 0, 0.80685281944005471, 3.4887056388801092, 3.1705584583201638, 5.8524112777602184,
            8.534264097200273, 11.216116916640328, 0,
        ]
        var sums = ChangeSums()
        for (place, square) in squares.enumerated() {
            let alarms = sums.add(square, from: hour(place - 1), to: hour(place))
            #expect(isClose(sums.up.value, ups[place]))
            #expect(alarms == (place == 10 ? [ChangeSums.Alarm(isUp: true, onset: hour(4))] : []))
        }
        #expect(sums.up == ChangeSums.Sum(value: 0, zeroAt: hour(10)))
    }

    @Test("no single hour makes an alarm")
    func single() {
        var sums = ChangeSums()
        #expect(sums.add(1e9, from: hour(0), to: hour(1)).isEmpty)
        #expect(isClose(sums.up.value, 0.5 * (6.75 - ln(4))))
    }

    @Test("a price that stands still is a fall of volatility after 18 hours")
    func still() {
        var sums = ChangeSums()
        var alarms: [Int: [ChangeSums.Alarm]] = [:]
        for place in 1...20 {
            let found = sums.add(0, from: hour(place - 1), to: hour(place))
            if !found.isEmpty { alarms[place] = found }
        }
        // 0.5 ln 4 = 0.693 an hour: 12 is reached with the eighteenth.
        #expect(alarms == [18: [ChangeSums.Alarm(isUp: false, onset: hour(1))]])
    }

    @Test("a gap sets both to 0")
    func gap() {
        var sums = ChangeSums()
        _ = sums.add(0, from: hour(0), to: hour(1))
        _ = sums.add(9, from: hour(1), to: hour(2))
        sums.reset(at: hour(12))
        #expect(sums == ChangeSums(up: .init(zeroAt: hour(12)), down: .init(zeroAt: hour(12))))
    }

    /// The median of the absolute value of Student's t with four degrees of freedom, as a normal deviation.
    static let usualStep = 0.740697 / 0.67448975

    @Test("without a change there is an alarm in about 7 000 hours")
    func runLength() {
        var random = SplitMix64(seed: 12)
        var sums = ChangeSums()
        let hours = 200_000
        var alarms = 0
        for place in 1...hours {
            let size = random.heavyTailed() / Self.usualStep
            alarms += sums.add(size * size, from: hour(place - 1), to: hour(place)).count
        }
        #expect((10...60).contains(alarms), "\(alarms) in \(hours) hours")
    }

    @Test("a doubling is found after about a day, a tripling after half of one", arguments: [(2.0, 35), (3.0, 18)])
    func delay(factor: Double, longest: Int) {
        var random = SplitMix64(seed: 13)
        let trials = 60
        var hours = 0
        for _ in 0..<trials {
            var sums = ChangeSums()
            var isFound = false
            while !isFound {
                hours += 1
                let size = factor * random.heavyTailed() / Self.usualStep
                isFound = !sums.add(size * size, from: hour(hours - 1), to: hour(hours)).isEmpty
            }
        }
        #expect(hours <= longest * trials, "\(hours) hours in \(trials) trials")
    }
}
