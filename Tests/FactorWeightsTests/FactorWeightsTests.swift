import PerpCore
import Sealing
import Testing

@testable import FactorWeights

private let start = Hour("2026-01-01T00")!  // a literal

/// Whether two numbers agree to 1e-12, or to as much next to 0.
func isClose(_ left: Double?, _ right: Double?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return abs(left - right) <= 1e-12 * max(abs(left), abs(right), 1e-3)
}

func areClose(_ left: [Double], _ right: [Double]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { isClose($0, $1) }
}

@Suite("Weights of the factors")
struct FactorWeightsTests {
    @Test("the standard weights are those of the model over their sum")
    func standard() {
        let expected = [
            0.3804347826086956, 0.21739130434782608, 0.16304347826086954, 0.16304347826086954, 0.07608695652173914,
        ]
        #expect(areClose(FactorWeights.standard.values, expected))
    }

    @Test("evidence moves weights by five points for each unit beyond the first, and the projection takes evenly")
    func moved() {
        let weights = FactorWeights.moved(by: [-1.4, 0.6, 3.2, 1.0, -0.2])
        // Soft steps -0.4, 0, 2.2, 0, 0 move by -0.02 and 0.11; the excess of 0.09 is 0.018 for each.
        let expected = [
            0.34243478260869564, 0.19939130434782612, 0.2550434782608696, 0.14504347826086958, 0.05808695652173916,
        ]
        #expect(areClose(weights.values, expected))
        #expect(isClose(weights.values.reduce(0, +), 1))
        #expect(isClose(Simplex.distance(weights.values, FactorWeights.standard.values), 0.184))
    }

    @Test("strong evidence ends at weights of 0, never below")
    func strong() {
        let weights = FactorWeights.moved(by: [0.5, -0.5, 13, -4, -5])
        #expect(
            areClose(
                weights.values, [0.2601449275362318, 0.09710144927536227, 0.6427536231884058, 0, 0]))
        #expect(weights.values[3] == 0 && weights.values[4] == 0)
    }

    @Test("the soft step", arguments: [(1.0, 0.0), (-1.0, 0.0), (1.5, 0.5), (-2.5, -1.5), (0, 0)])
    func soft(t: Double, expected: Double) { #expect(FactorWeights.softened(t) == expected) }

    @Test("noise moves nothing")
    func noise() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<100 {
            let t = (0..<5).map { _ in Double.random(in: -1...1, using: &random) }
            #expect(FactorWeights.moved(by: t) == .standard)
        }
    }

    @Test("a projection is on the simplex, changes nothing there, and does not look at the order")
    func projection() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<500 {
            let values = (0..<5).map { _ in Double.random(in: -2...2, using: &random) }
            let weights = Simplex.projection(of: values)
            #expect(weights.allSatisfy { $0 >= 0 })
            #expect(isClose(weights.reduce(0, +), 1))
            #expect(areClose(Simplex.projection(of: weights), weights))
            let order = (0..<5).shuffled(using: &random)
            #expect(areClose(Simplex.projection(of: order.map { values[$0] }), order.map { weights[$0] }))
            // No other weights are nearer: the slow way looks at many.
            let other = Simplex.projection(of: (0..<5).map { _ in Double.random(in: 0...1, using: &random) })
            #expect(squares(values, weights) <= squares(values, other) + 1e-12)
        }
    }

    private func squares(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
}

@Suite("The market after an hour")
struct MarketPathTests {
    private func path(_ hours: [Int]) -> MarketPath {
        MarketPath(hours.map { .init(hour: start.advanced(by: $0), value: 0.001 * Double($0 * $0)) })
    }

    private func expected(_ from: Int, _ to: Int) -> Double { 0.001 * Double(to * to - from * from) }

    @Test("it begins after the hour of the score and lasts a day")
    func whole() {
        #expect(isClose(path(Array(0...40)).dayAfter(start), expected(1, 25)))
        #expect(isClose(path([0] + Array(2...40)).dayAfter(start), expected(2, 26)))
        #expect(path([0] + Array(3...40)).dayAfter(start) == nil)
    }

    @Test("its end waits six hours for a stored hour, and a longer gap has no return")
    func gaps() {
        #expect(isClose(path(Array(0...24) + Array(30...40)).dayAfter(start), expected(1, 30)))
        #expect(path(Array(0...24) + Array(31...40)).dayAfter(start) == nil)
        #expect(path(Array(0...24)).dayAfter(start) == nil)
        #expect(isClose(path(Array(0...5) + Array(11...40)).dayAfter(start), expected(1, 25)))
        #expect(path(Array(0...5) + Array(12...40)).dayAfter(start) == nil)
    }

    @Test("an outcome is in units of the usual day, cut at 3; unknown volatility has none")
    func outcome() {
        // Volatility 0.365^0.5 a year is (0.365 / 365)^0.5 a day.
        let volatility = 0.365.squareRoot()
        #expect(isClose(MarketPath.outcome(dayAfter: 0.001.squareRoot(), volatility: volatility), 1))
        #expect(MarketPath.outcome(dayAfter: 1, volatility: volatility) == 3)
        #expect(MarketPath.outcome(dayAfter: -1, volatility: volatility) == -3)
        #expect(MarketPath.outcome(dayAfter: 0.1, volatility: 0) == nil)
        #expect(MarketPath.outcome(dayAfter: 0.1, volatility: nil) == nil)
        #expect(MarketPath.outcome(dayAfter: nil, volatility: 1) == nil)
    }
}

@Suite("Proposals of weights")
struct WeightProposalTests {
    /// Hours in which factor 2 is right in `right` of 10, and the others say nothing.
    private func hours(days: Int, right: Int, factor: Int = 2) -> [FactorHour] {
        (0..<24 * days).map { index in
            var scores = [0.0, 0, 0, 0, 0]
            let side = index.isMultiple(of: 2) ? 1.0 : -1
            scores[factor] = side
            let isRight = (7 * index + index / 10) % 10 < right
            return FactorHour(hour: start.advanced(by: index), scores: scores, outcome: isRight ? side : -side)
        }
    }

    private func propose(_ hours: [FactorHour], facts: String = "f") -> WeightProposal {
        WeightProposal(hours, factsHash: facts, codeVersion: "1")
    }

    @Test("blocks begin after 90 days and only whole ones count")
    func blocks() {
        #expect(propose([]).refusal == .blocks(0))
        #expect(propose(hours(days: 119, right: 7)).blocks == 0)
        #expect(propose(hours(days: 120, right: 7)).blocks == 1)
        let short = propose(hours(days: 269, right: 7))
        #expect(short.refusal == .blocks(5))
        #expect(short.refusal?.description == "needs 6 blocks of 30 days (270 days), has 5")
        #expect(short.status == .refused)
        let blocks = WalkForward(hours(days: 151, right: 7)).blocks
        #expect(blocks.map(\.start) == [start.advanced(by: 90 * 24), start.advanced(by: 120 * 24)])
        #expect(blocks.map(\.gains.count) == [720, 720])
    }

    @Test("nothing is learned from the 49 hours before a block")
    func apart() {
        var hours = hours(days: 120, right: 7)
        let blockStart = 90 * 24
        let before = WalkForward(hours).blocks[0]
        for place in (blockStart - 49)..<hours.count { hours[place].outcome = 3 }
        #expect(WalkForward(hours).blocks[0].t == before.t)
        hours[blockStart - 50].outcome = 3
        #expect(WalkForward(hours).blocks[0].t != before.t)
    }

    @Test("a factor that is right most of the time is proposed")
    func useful() {
        let proposal = propose(hours(days: 270, right: 7))
        #expect(proposal.refusal == nil)
        #expect(proposal.status == .proposed)
        #expect(proposal.blocks == 6)
        #expect(proposal.shareOfBlocks == 1)
        #expect(proposal.weights.values[2] > FactorWeights.standard.values[2])
        #expect(proposal.move > 0)
    }

    @Test("silence is refused: weights that never differ gain nothing")
    func silent() {
        let silent = (0..<24 * 280).map {
            FactorHour(hour: start.advanced(by: $0), scores: [0, 0, 0, 0, 0], outcome: 1)
        }
        let proposal = propose(silent)
        #expect(proposal.refusal == .gain(t: nil))
        #expect(proposal.weights == .standard)
        #expect(proposal.refusal?.description == "needs a t of 2.0 for the gain, has n/a")
    }

    @Test("weights that do not settle are refused")
    func unstable() {
        // Right a little more often than wrong, then suddenly three times of four.
        var random = SplitMix64(seed: 4)
        var growing = hours(days: 270, right: 10)
        for place in growing.indices where Double.random(in: 0..<1, using: &random) > (place < 24 * 210 ? 0.52 : 0.75) {
            growing[place].outcome *= -1
        }
        let proposal = propose(growing)
        guard case .stability(let distance) = proposal.refusal else {
            Issue.record("not refused for its weights: \(String(describing: proposal.refusal))")
            return
        }
        #expect(distance > 0.2)
    }

    @Test("the name depends on what was found, not on when")
    func name() {
        let one = propose(hours(days: 130, right: 7))
        #expect(one.id == propose(hours(days: 130, right: 7)).id)
        #expect(one.id.hasPrefix("v2.w"))
        #expect(one.id.utf8.count == 12)
        #expect(one.id != propose(hours(days: 130, right: 7), facts: "g").id)
        #expect(one.id != propose(hours(days: 130, right: 6)).id)
    }

    @Test("other names of the factors give the same weights under other names")
    func permutation() {
        for factor in 0..<5 {
            let t = WalkForward.evidence(hours(days: 20, right: 7, factor: factor)[...])
            #expect(t[factor] > 1)
            #expect((0..<5).allSatisfy { $0 == factor || t[$0] == 0 })
        }
    }

    @Test("in worlds where nothing predicts, next to nothing is proposed")
    func falseAlarms() {
        let proposed = (0..<20).count { seed in
            propose(SimulatedWorld(seed: UInt64(seed)).hours(days: 365)).refusal == nil
        }
        #expect(proposed <= 1)
    }
}

/// Scores that wander and a market whose hourly returns are noise, plus what one factor says about them.
struct SimulatedWorld {
    var random: SplitMix64
    /// The mean hourly return, in hourly deviations, at a score of 1.
    var edge = [0.0, 0, 0, 0, 0]

    init(seed: UInt64, edge: [Double] = [0, 0, 0, 0, 0]) {
        random = SplitMix64(seed: seed)
        self.edge = edge
    }

    /// A sum of twelve draws: nearly normal, with deviation 1.
    private mutating func normal() -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + Double(random.next() >> 11) * 0x1p-53 }
    }

    mutating func rows(days: Int) -> [FactorHour] {
        let count = 24 * days + 26
        var scores: [[Double]] = []
        var returns: [Double] = []
        var state = [0.0, 0, 0, 0, 0]
        for _ in 0..<count {
            // What the hour before said moves this hour.
            let drift = zip(state, edge).reduce(0) { $0 + max(-1, min(1, $1.0 / 2)) * $1.1 }
            returns.append(drift + normal())
            for place in state.indices { state[place] = 0.97 * state[place] + 0.243 * normal() }
            scores.append(state.map { max(-1, min(1, $0 / 2)) })
        }
        var sums = [0.0]
        for value in returns { sums.append(sums[sums.count - 1] + value) }
        return (0..<24 * days).map { hour in
            let day = sums[hour + 26] - sums[hour + 2]
            let outcome = max(-3, min(3, day / 24.0.squareRoot()))
            return FactorHour(hour: start.advanced(by: hour), scores: scores[hour], outcome: outcome)
        }
    }

    func hours(days: Int) -> [FactorHour] {
        var world = self
        return world.rows(days: days)
    }
}

@Suite("Robust standard errors")
struct NeweyWestTests {
    @Test("worked: the mean of hourly values that depend on their neighbours")
    func worked() {
        let values = (0..<240).map { (i: Int) -> Double in
            let fast = 10 * Double((7 * i) % 11 - 5)
            let slow = 3 * Double((i / 24) % 3 - 1)
            return fast + slow + 0.5
        }
        #expect(isClose(NeweyWest.t(values, lag: 24), 0.16101644493494316))
        #expect(isClose(NeweyWest.variance(values, lag: 24), 125.99820370369926))
    }

    @Test("by hand: 1, 2, 4 with one neighbour")
    func hand() {
        // About the mean 7/3: -4/3, -1/3, 5/3. Variance 42/27, covariance (4/9 - 5/9)/3 = -1/27, which counts 2 x 1/2.
        #expect(isClose(NeweyWest.variance([1, 2, 4], lag: 1), 41.0 / 27))
        #expect(isClose(NeweyWest.t([1, 2, 4], lag: 1), 7.0 / 3 / (41.0 / 81).squareRoot()))
        // No more neighbours than there are.
        #expect(NeweyWest.variance([1, 2, 4], lag: 9) == NeweyWest.variance([1, 2, 4], lag: 2))
    }

    @Test("equal values, one value and none have no t")
    func none() {
        #expect(NeweyWest.t([0.1, 0.1, 0.1], lag: 1) == nil)
        #expect(NeweyWest.t([Double](repeating: 0.1, count: 1000), lag: 24) == nil)
        #expect(NeweyWest.t([5], lag: 24) == nil)
        #expect(NeweyWest.t([], lag: 24) == nil)
    }
}
