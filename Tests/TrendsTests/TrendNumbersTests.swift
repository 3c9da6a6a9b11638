import PerpCore
import Testing

@testable import Trends

@Suite("Slope, efficiency and z")
struct TrendNumbersTests {
    struct Worked: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let series: TrailingSeries
        let window: TrendWindow
        let rows: Int
        let slope: Double
        let efficiency: Double
        let z: Double
    }

    static let workedRows = [
        Worked(
            testDescription: "a noisy line with two hours missing",
            series: .levels(to: 24, missing: [7, 15]) { 0.50 + 0.006 * Double($0) + 0.01 * Double(7 * $0 % 5 - 2) },
            window: .day, rows: 23, slope: 0.006, efficiency: 0.34117647058823503, z: 1.4711034472341251),
        Worked(
            testDescription: "a chain",
            series: .chain(to: 72) { 0.001 + 0.002 * Double(3 * $0 % 7 - 3) },
            window: .swing, rows: 73, slope: 0.001, efficiency: 0.30232558139534871, z: 2.2150511535635529),
        Worked(
            testDescription: "a constant", series: .levels(to: 24) { _ in 0.3 }, window: .day, rows: 25, slope: 0,
            efficiency: 0, z: 0),
        Worked(
            testDescription: "a straight line: the most that a day can show",
            series: .levels(to: 24) { 0.5 + 0.01 * Double($0) }, window: .day, rows: 25, slope: 0.01, efficiency: 1,
            z: 2.882306768491568),
        Worked(
            testDescription: "a line with one spike",
            series: .levels(to: 24) { $0 == 12 ? 5 : 0.01 * Double($0) }, window: .day, rows: 25, slope: 0.01,
            efficiency: 0.024048096192384773, z: 0.03477486720086171),
    ]

    @Test("the worked numbers", arguments: workedRows)
    func worked(_ row: Worked) throws {
        let numbers = try #require(TrendNumbers(row.series, row.window, at: hour(row.window.hours)))
        #expect(numbers.rows == row.rows)
        #expect(isClose(numbers.slopePerHour, row.slope))
        #expect(isClose(numbers.efficiency, row.efficiency))
        #expect(isClose(numbers.z, row.z))
    }

    @Test("four fifths of the hours are needed")
    func neededRows() {
        #expect(TrendWindow.allCases.map(\.neededRows) == [20, 59, 136])
    }

    @Test(
        "an evaluation needs enough rows, no gap longer than six hours, and the hour itself",
        arguments: [
            (Set(3...8), false), (Set(3...7), true), ([1, 3, 5, 7, 9], true), ([1, 3, 5, 7, 9, 11], false), ([24], false),
        ] as [(Set<Int>, Bool)])
    func boundaries(missing: Set<Int>, isEvaluated: Bool) {
        for series in [
            TrailingSeries.levels(to: 24, missing: missing) { 0.5 + 0.01 * Double($0) },
            TrailingSeries.chain(to: 24, missing: missing) { _ in 0.01 },
        ] {
            #expect((TrendNumbers(series, .day, at: hour(24)) != nil) == isEvaluated)
        }
    }

    @Test("a gap of seven hours is too long, also where there are rows enough")
    func longGap() {
        for (missing, isEvaluated) in [(Set(30...34), true), (Set(30...35), false)] {
            let series = TrailingSeries.levels(to: 72, missing: missing) { Double($0) }
            #expect((TrendNumbers(series, .swing, at: hour(72)) != nil) == isEvaluated)
        }
    }

    @Test("hours before the window count for nothing, and a chain starts from the window's first hour")
    func window() {
        var random = SplitMix64(seed: 3)
        let steps = (0...200).map { _ in random.heavyTailed() }
        let whole = TrailingSeries.chain(to: 200) { steps[$0] }
        let part = TrailingSeries.chain(to: 72) { steps[$0 + 128] }
        #expect(TrendNumbers(whole, .swing, at: hour(200)) == TrendNumbers(part, .swing, at: hour(72)))
    }

    @Test("a chain that begins anew within the window is not bridged")
    func brokenChain() {
        var series = TrailingSeries.chain(to: 12) { _ in 0.01 }
        series.append(SeriesRow(hour: hour(13), value: .start))
        for place in 14...24 {
            series.append(SeriesRow(hour: hour(place), value: .step(Step(gapHours: 1, change: 0.01))))
        }
        #expect(TrendNumbers(series, .day, at: hour(24)) == nil)
    }

    @Test("a value that is not finite is not stored")
    func notFinite() {
        let series = TrailingSeries.levels(to: 24) { $0 == 5 ? .nan : $0 == 9 ? .infinity : Double($0) }
        #expect(series.rows.count == 23)
        #expect(TrendNumbers(series, .day, at: hour(24))?.slopePerHour == 1)
    }

    // MARK: - Properties

    private static func randomSeries(_ seed: UInt64) -> (values: [Double], missing: Set<Int>) {
        var random = SplitMix64(seed: seed)
        var level = random.number(-1...1)
        let values = (0...72).map { _ in
            level += 0.01 * random.heavyTailed()
            return level
        }
        return (values, Set((1...71).filter { _ in random.chance(0.1) }))
    }

    private static func numbers(
        _ seed: UInt64, shift: Int = 0, _ change: (Double) -> Double = { $0 }
    ) throws -> TrendNumbers {
        let (values, missing) = randomSeries(seed)
        let rows = (0...72).filter { !missing.contains($0) }.map {
            SeriesRow(hour: hour($0 + shift), value: .level(change(values[$0])))
        }
        let series = TrailingSeries(hours: 168, rows: rows)
        return try #require(TrendNumbers(series, .swing, at: hour(72 + shift)))
    }

    @Test("slope and z are odd", arguments: UInt64(1)...20)
    func odd(seed: UInt64) throws {
        let (numbers, mirrored) = (try Self.numbers(seed), try Self.numbers(seed) { -$0 })
        #expect(mirrored.slopePerHour == -numbers.slopePerHour)
        #expect(mirrored.z == -numbers.z)
        #expect(mirrored.efficiency == numbers.efficiency)
    }

    @Test("z and efficiency know neither unit nor origin", arguments: UInt64(1)...20)
    func scale(seed: UInt64) throws {
        let (numbers, moved) = (try Self.numbers(seed), try Self.numbers(seed) { 40 * $0 + 7 })
        #expect(isClose(moved.z, numbers.z, tolerance: 1e-9))
        #expect(isClose(moved.efficiency, numbers.efficiency, tolerance: 1e-9))
        #expect(isClose(moved.slopePerHour, 40 * numbers.slopePerHour, tolerance: 1e-9))
    }

    @Test("shifting all hours changes nothing", arguments: UInt64(1)...5)
    func shift(seed: UInt64) throws {
        #expect(try Self.numbers(seed, shift: 1000) == Self.numbers(seed))
    }

    @Test("a missing hour on the same line keeps the slope")
    func missingHour() throws {
        for missing in [[], [5], [5, 6, 17]] as [Set<Int>] {
            let series = TrailingSeries.levels(to: 24, missing: missing) { 0.25 * Double($0) }
            #expect(try #require(TrendNumbers(series, .day, at: hour(24))).slopePerHour == 0.25)
        }
    }

    @Test("the slope is the sorted median of all pairs", arguments: UInt64(1)...10)
    func slow(seed: UInt64) throws {
        let (values, missing) = Self.randomSeries(seed)
        let hours = (0...72).filter { !missing.contains($0) }
        var slopes: [Double] = []
        for later in hours {
            for earlier in hours where earlier < later {
                slopes.append((values[later] - values[earlier]) / Double(later - earlier))
            }
        }
        slopes.sort()
        let middle = slopes.count / 2
        let median = slopes.count % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2
        #expect(try Self.numbers(seed).slopePerHour == median)
    }

    @Test("random walks are seldom called a trend", arguments: TrendWindow.allCases)
    func falseTrends(window: TrendWindow) throws {
        let series = 600
        var random = SplitMix64(seed: UInt64(window.hours))
        var trends = 0
        var trendsOfRanks = 0
        for place in 0..<series {
            var level = 0.0
            let values = (0...window.hours).map { _ in
                level += random.heavyTailed()
                return level
            }
            let points = SeriesPoints(hours: (0...window.hours).map(Double.init), values: values)
            if abs(try #require(TrendNumbers(points)).z) >= 1.96 { trends += 1 }
            if place < 100, abs(Self.mannKendall(values)) >= 1.96 { trendsOfRanks += 1 }
        }
        // Nominal 5 %; the usual test, on levels, calls 70 to 90 % of them a trend.
        #expect(trends <= series * 6 / 100, "\(trends) of \(series)")
        #expect(trendsOfRanks >= 55, "\(trendsOfRanks) of 100")
    }

    /// The test of Mann (1945) and Kendall (1975), in standard deviations.
    private static func mannKendall(_ values: [Double]) -> Double {
        var score = 0
        for later in values.indices {
            for earlier in 0..<later where values[later] != values[earlier] {
                score += values[later] > values[earlier] ? 1 : -1
            }
        }
        let count = Double(values.count)
        let variance = count * (count - 1) * (2 * count + 5) / 18
        return Double(score - score.signum()) / variance.squareRoot()
    }
}
