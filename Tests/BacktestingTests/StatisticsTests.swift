import PerpCore
import Sealing
import Testing

@testable import Backtesting

@Suite("Statistics of the backtest")
struct StatisticsTests {
    static let nets = [-12.5, 88, 40, -61, 15.5, 102, -33, 7, -5, 64]
    static let times = [0, 30, 40, 100, 130, 131, 200, 212, 300, 305]
    static let hourly: [Double] = (0..<240).map { (hour: Int) -> Double in
        let step: Int = (7 * hour) % 11 - 5
        let day: Int = (hour / 24) % 3 - 1
        return 10.0 * Double(step) + 3.0 * Double(day) + 0.5
    }
    static let days: [Double] = (0..<120).map { (day: Int) -> Double in
        let step: Int = (5 * day) % 13 - 6
        return 0.004 * Double(step) / 6.0 + 0.0012
    }

    /// A variant that is better in the first half of the days and worse in the second, the more so the higher its number.
    static func variant(_ number: Int) -> [Double] {
        (0..<80).map { (day: Int) -> Double in
            let step: Int = (number + 3) * 7 * day % 17 - 8
            let drift = 0.05 * Double(number)
            return Double(step) / 8.0 + (day < 40 ? drift : -drift)
        }
    }

    @Test("mean, median, hits and profit factor of trades")
    func trades() {
        let statistics = TradeStatistics(Self.nets)
        #expect(statistics.mean == 20.5)
        #expect(statistics.median == 11.25)
        #expect(statistics.wins == 6)
        #expect(isClose(statistics.profitFactor, 2.83856502242))
        #expect(isClose(Proportion.wilson(6, of: 10), 0.312673769734, 0.831819670294))
    }

    @Test("without losses there is no profit factor, without trades nothing")
    func noLosses() {
        #expect(TradeStatistics([1, 2]).profitFactor == nil)
        #expect(TradeStatistics([]).mean == nil)
        #expect(Proportion.wilson(0, of: 0) == nil)
        #expect(Proportion.wilson(0, of: 5)?.lowerBound == 0)
        #expect(Proportion.wilson(5, of: 5)?.upperBound == 1)
    }

    @Test("the t of events counts what their windows share")
    func eventT() {
        #expect(isClose(OverlapRobust.eventT(Self.nets, at: Self.times, horizon: 24), 1.48646046131))
        #expect(isClose(OverlapRobust.effectiveCount(at: Self.times, horizon: 24), 7.16666666667))
    }

    @Test("events that share no window have the plain t")
    func plainT() {
        let far = Self.times.indices.map { $0 * 48 }
        #expect(isClose(OverlapRobust.eventT(Self.nets, at: far, horizon: 24), 1.29856117867))
        #expect(OverlapRobust.effectiveCount(at: far, horizon: 24) == 10)
    }

    @Test("events without spread have no t")
    func noSpread() {
        #expect(OverlapRobust.eventT([2, 2, 2], at: [0, 50, 100], horizon: 24) == nil)
        #expect(OverlapRobust.eventT([2], at: [0], horizon: 24) == nil)
        #expect(OverlapRobust.effectiveCount(at: [], horizon: 24) == 0)
    }

    @Test("Sharpe and its robust t over all hours")
    func sharpe() {
        #expect(isClose(sum(Self.hourly) / 240, 0.116666666667))
        #expect(isClose(SharpeRatio.annualised(hourly: Self.hourly), 0.342987105032))
        let t = NeweyWest.t(Self.hourly, lag: 24)
        #expect(isClose(t, 0.161016444935))
        #expect(isClose((t ?? 0) * (8760.0 / 240).squareRoot(), 0.972784553327))
        #expect(isClose(SharpeRatio.perStep(Self.hourly) * 252.0.squareRoot(), 0.0581736093085))
    }

    @Test("a Sharpe over the hours in position alone is 3.2 times too high")
    func exposedHours() {
        let exposed = Self.hourly + [Double](repeating: 0, count: 2160)
        let ratio = SharpeRatio.perStep(Self.hourly) / SharpeRatio.perStep(exposed)
        #expect(abs(ratio - 10.0.squareRoot()) < 0.01)
    }

    @Test("the drawdown begins at the capital")
    func drawdown() {
        #expect(sum(Self.hourly) == 28)
        #expect(isClose(Drawdown.largest(Self.hourly, capital: 100_000), 0.00125432893402))
        #expect(Drawdown.largest([-1000, 500], capital: 100_000) == 0.01)
        #expect(Drawdown.largest([], capital: 100_000) == 0)
    }

    @Test("draws are those of the generator and of the text")
    func draws() {
        var generator = SplitMix64(seed: 0)
        #expect((0..<3).map { _ in generator.next() } == [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
        var draws = SeededDraws(seed: 1)
        for expected in [0.566561575172, 0.745781757263, 0.971002753587] { #expect(isClose(draws.unit(), expected)) }
        #expect(SeededDraws.seed(of: "trades|3|LONG|24|v2") == 0x463D_5DB1_9DCC_E2E5)
    }

    @Test("resamples and the interval of the mean")
    func bootstrap() {
        var draws = SeededDraws("trades|3|LONG|24|v2")
        #expect(StationaryBootstrap.places(10, block: 2, &draws) == [0, 6, 7, 8, 2, 3, 7, 8, 9, 1])
        #expect(StationaryBootstrap.blockLength(10) == 2)
        let interval = StationaryBootstrap.interval(ofMean: Self.nets, seed: "trades|3|LONG|24|v2")
        #expect(isClose(interval, -3.1525, 43.05875))
        #expect(interval == StationaryBootstrap.interval(ofMean: Self.nets, seed: "trades|3|LONG|24|v2"))
        #expect(interval != StationaryBootstrap.interval(ofMean: Self.nets, seed: "trades|3|SHORT|24|v2"))
    }

    @Test("a constant gives a point, nothing gives nothing")
    func constant() {
        let interval = StationaryBootstrap.interval(ofMean: [Double](repeating: 0.1, count: 30), seed: "a")
        #expect(interval?.lowerBound == interval?.upperBound)
        #expect(StationaryBootstrap.interval(ofMean: [], seed: "a") == nil)
    }

    @Test("the block is the cube root, rounded", arguments: [(1, 1), (3, 1), (4, 2), (15, 2), (16, 3), (27, 3), (1000, 10)])
    func block(count: Int, length: Int) { #expect(StationaryBootstrap.blockLength(count) == length) }

    @Test("events moved around the circle of hours")
    func shift() {
        let values = (0..<200).map { (hour: Int) -> Double in Double.sine(0.7 * Double(hour)) * 30.0 + 2.0 }
        let events = [10, 37, 64, 90, 118, 145]
        let result = ShiftedBaseline.result(values, events: events, seed: "shift|demo")
        #expect(isClose(result?.observed, 21.3358540109))
        #expect(isClose(result?.probability, 0.173826173826))
        #expect(ShiftedBaseline.result(Array(values.prefix(95)), events: events, seed: "shift|demo") == nil)
        #expect(ShiftedBaseline.result(Array(values.prefix(96)), events: [10], seed: "shift|demo") != nil)
        #expect(ShiftedBaseline.result(values, events: [], seed: "shift|demo") == nil)
    }

    @Test("shares of false discoveries, in the order given")
    func falseDiscovery() {
        let shares = FalseDiscovery.shares([0.01, 0.20, 0.03, 0.04, 0.50])
        let expected = [0.05, 0.25, 0.0666666666667, 0.0666666666667, 0.5]
        for (share, value) in zip(shares, expected) { #expect(isClose(share, value)) }
        #expect(FalseDiscovery.shares([]).isEmpty)
    }

    @Test("shares are at least the probabilities and rise with them")
    func falseDiscoveryProperties() {
        var draws = SeededDraws(seed: 5)
        for _ in 0..<50 {
            let probabilities = (0..<(1 + draws.below(20))).map { _ in draws.unit() }
            let shares = FalseDiscovery.shares(probabilities)
            #expect(zip(shares, probabilities).allSatisfy { $0 >= $1 && $0 <= 1 })
            let sorted = zip(probabilities, shares).sorted { $0.0 < $1.0 }.map(\.1)
            #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }

    @Test("the normal distribution and its quantiles")
    func normal() {
        #expect(isClose(NormalDistribution.quantile(0.975), 1.95996398454))
        #expect(isClose(NormalDistribution.quantile(1 - 1 / 14.0), 1.46523379269))
        #expect(isClose(NormalDistribution.quantile(1 - 1 / (14 * 2.718281828459045)), 1.93856600887))
        #expect(NormalDistribution.below(0) == 0.5)
    }

    @Test("probabilistic and deflated Sharpe ratio")
    func deflated() {
        #expect(isClose(SharpeRatio.perStep(Self.days), 0.470879371964))
        let shape = SharpeRatio.shape(Self.days)
        #expect(isClose(shape?.skew, -0.00412432623779, tolerance: 1e-9))
        #expect(isClose(shape?.kurtosis, 1.78344856805))
        #expect(isClose(SharpeRatio.probability(Self.days), 0.999999746946))
        #expect(isClose(SharpeRatio.expectedBest(of: 14, variance: 0.01), 0.173844856257))
        #expect(isClose(SharpeRatio.deflated(Self.days, trials: 14, variance: 0.01), 0.999235622054))
        #expect(SharpeRatio.probability([0, 0, 0]) == nil)
        #expect(SharpeRatio.expectedBest(of: 1, variance: 1) == 0)
    }

    @Test("a deflated ratio is not above the plain one with two trials or more")
    func deflatedProperty() throws {
        var draws = SeededDraws(seed: 8)
        for trials in 2..<30 {
            let days = (0..<80).map { _ in draws.unit() - 0.4 }
            let plain = try #require(SharpeRatio.probability(days))
            let deflated = try #require(SharpeRatio.deflated(days, trials: trials, variance: draws.unit()))
            #expect(deflated <= plain)
        }
    }

    @Test("of the best of fourteen worthless rules half pass a plain test and none the deflated one")
    func bestOfFourteen() throws {
        var draws = SeededDraws(seed: 14)
        var plain = 0
        var deflated = 0
        for _ in 0..<60 {
            let rules = (0..<14).map { _ in (0..<365).map { _ in draws.normal() } }
            let ratios = rules.map(SharpeRatio.perStep)
            let best = try #require(rules.indices.max { ratios[$0] < ratios[$1] })
            let mean = sum(ratios) / 14
            let variance = sum(ratios.map { ($0 - mean) * ($0 - mean) }) / 13
            if try #require(SharpeRatio.probability(rules[best])) > 0.95 { plain += 1 }
            if try #require(SharpeRatio.deflated(rules[best], trials: 14, variance: variance)) > 0.95 { deflated += 1 }
        }
        #expect((20...42).contains(plain), "51 % of 60 are expected")
        #expect(deflated <= 1)
    }

    @Test("overfitting by halves of the days")
    func overfitting() throws {
        let columns = (0..<4).map(Self.variant)
        let result = try #require(BacktestOverfitting.result(columns))
        #expect(isClose(result.probability, 0.942857142857))
        #expect(result.logOdds.count == 70)
        #expect(isClose(result.logOdds[0], -1.38629436112))
        #expect(BacktestOverfitting.halves().first == [0, 1, 2, 3])
        #expect(BacktestOverfitting.result(columns.map { Array($0.prefix(79)) }) == nil)
        #expect(BacktestOverfitting.result([columns[0]]) == nil)
    }

    @Test("worthless variants are below the middle in half of the halves")
    func worthlessVariants() throws {
        var draws = SeededDraws(seed: 3)
        let probabilities = try (0..<20).map { _ in
            let columns = (0..<6).map { _ in (0..<80).map { _ in draws.normal() } }
            return try #require(BacktestOverfitting.result(columns)).probability
        }
        #expect(probabilities.allSatisfy { (0...1).contains($0) })
        #expect((0.3...0.7).contains(sum(probabilities) / 20))
    }

    @Test("overlapping windows of noise: the plain t rejects far too often, that of events seldom")
    func overlap() {
        var draws = SeededDraws(seed: 24)
        var plain = 0
        var robust = 0
        let times = (0..<120).map { $0 * 6 }
        for _ in 0..<100 {
            let hours = (0..<(120 * 6 + 24)).map { _ in draws.normal() }
            let values = times.map { sum(hours[$0..<($0 + 24)]) }
            let apart = OverlapRobust.eventT(values, at: times.map { $0 * 100 }, horizon: 24) ?? 0
            if abs(apart) > 1.96 { plain += 1 }
            if abs(OverlapRobust.eventT(values, at: times, horizon: 24) ?? 0) > 1.96 { robust += 1 }
        }
        #expect(plain >= 20, "30 % are expected")
        #expect(robust <= 17, "9 % are expected")
    }
}

@Suite("Verdicts")
struct VerdictTests {
    static func evidence(_ change: (inout Verdict.Evidence) -> Void = { _ in }) -> Verdict {
        var evidence = Verdict.Evidence(
            count: 20, effectiveCount: 10, q: 0.10, interval: 0.1...2, shift: 0.05, deflated: 0.95, isTraded: true)
        change(&evidence)
        return Verdict(evidence)
    }

    @Test("the limits count as reached")
    func supported() { #expect(Self.evidence() == .supported) }

    @Test("too few events, or too few that are new")
    func tooFew() {
        #expect(Self.evidence { $0.count = 19 } == .tooFew)
        #expect(Self.evidence { $0.effectiveCount = 9.99 } == .tooFew)
    }

    @Test("one missing piece of evidence is enough to be unclear")
    func unclear() {
        #expect(Self.evidence { $0.q = 0.11 } == .unclear)
        #expect(Self.evidence { $0.q = nil } == .unclear)
        #expect(Self.evidence { $0.interval = 0...2 } == .unclear)
        #expect(Self.evidence { $0.interval = -1...2 } == .unclear)
        #expect(Self.evidence { $0.shift = 0.051 } == .unclear)
        #expect(Self.evidence { $0.shift = nil } == .unclear)
        #expect(Self.evidence { $0.deflated = 0.94 } == .unclear)
        #expect(Self.evidence { $0.deflated = nil } == .unclear)
    }

    @Test("a claim without money needs no deflated ratio")
    func withoutMoney() {
        #expect(
            Self.evidence {
                $0.deflated = nil
                $0.isTraded = false
            } == .supported)
    }

    @Test("an interval below zero is harmful")
    func harmful() { #expect(Self.evidence { $0.interval = -2 ... -0.1 } == .harmful) }
}
