import PerpCore
import Testing

@testable import Forecasts

@Suite("Skill of forecasts")
struct FundingSkillTests {
    /// Forecasts of a rate of eight hours, all in basis points.
    static func forecast(
        _ hour: Int, _ rate: Double, displayed: Double?, realised: Double?, interval: Int = 8, last: Double? = 2,
        habit: Double? = 3, ends: (Double, Double)? = nil
    ) -> FundingForecast {
        let start = PremiumSamplesTests.start
        return FundingForecast(
            hour: start.advanced(by: hour), exchange: .binance, symbol: "BTCUSDT", target: .next,
            settlesAt: start.advanced(by: hour + 1).startTime, leadHours: 1, method: .model, intervalHours: interval,
            formula: .clamped(), rate: 1e-4 * rate, low: ends.map { 1e-4 * $0.0 }, high: ends.map { 1e-4 * $0.1 },
            model: nil, displayed: displayed.map { 1e-4 * $0 }, displayedLow: nil, displayedHigh: nil,
            lastSettled: last.map { 1e-4 * $0 }, habit: habit.map { 1e-4 * $0 },
            defaultRate: 1e-4 * Double(interval) / 8, trained: 0, residuals: 0, flags: [],
            realised: realised.map { 1e-4 * $0 })
    }

    private func isNear(_ left: Double?, _ right: Double) -> Bool { left.map { abs($0 - right) < 1e-10 } ?? false }

    @Test("worked by hand: errors, skills, sides")
    func worked() throws {
        // Errors 0, 1, 1; displayed 1, 2, 0; last settled 0, 2, 3; habit 1, 3, 4; interest 1, 1, 2.
        let skill = try #require(
            FundingSkill([
                Self.forecast(0, 2, displayed: 3, realised: 2), Self.forecast(8, 1, displayed: -2, realised: 0),
                Self.forecast(16, 0, displayed: -1, realised: -1), Self.forecast(24, 9, displayed: 9, realised: nil),
            ]))
        #expect(skill.count == 3)
        #expect(isNear(skill.error, 2.0 / 3))
        #expect(skill.comparisons.map(\.baseline) == [.displayed, .lastSettled, .habit, .interest])
        #expect(zip(skill.comparisons, [1, 5.0 / 3, 8.0 / 3, 4.0 / 3]).allSatisfy { isNear($0.error, $1) })
        #expect(isNear(skill.comparisons[0].skill, 1.0 / 3))
        #expect(isNear(skill.comparisons[3].skill, 0.5))
        #expect(skill.bestBaseline?.baseline == .displayed)
        // The sides of the interest: settled above, below, below; forecast above, on it, below.
        #expect(isNear(skill.side, 2.0 / 3))
        #expect(isNear(skill.sideOfDisplayed, 1))
    }

    @Test("always plus is no forecast: what settles at the interest has no side")
    func side() throws {
        let flat = try #require(
            FundingSkill([
                Self.forecast(0, 1.2, displayed: 1, realised: 1), Self.forecast(8, 1.2, displayed: 1, realised: 1.09),
            ]))
        #expect(flat.side == nil)
    }

    @Test("rates of an hour are measured per eight hours")
    func hourly() throws {
        let skill = try #require(FundingSkill([Self.forecast(0, 0.5, displayed: 0.25, realised: 0.25, interval: 1)]))
        #expect(isNear(skill.error, 2))
        #expect(skill.comparisons[0].skill == nil)
        #expect(skill.verdict == "no better than the venue's own estimate")
    }

    @Test("an exchange without an estimate is not compared with")
    func unknown() throws {
        #expect(FundingSkill([Self.forecast(0, 1, displayed: 1, realised: nil)]) == nil)
        let skill = try #require(
            FundingSkill([Self.forecast(0, 1, displayed: nil, realised: 2, last: nil, habit: nil)]))
        #expect(skill.comparisons.map(\.baseline) == [.interest])
        #expect(skill.beatsDisplayed == nil)
        #expect(skill.verdict == nil)
        #expect(skill.t == nil)
        #expect(skill.interval == nil)
    }

    @Test("better than the exchange's own estimate needs a t of 2")
    func better() throws {
        // The gain alternates between 3 and 1 and is far beyond chance; or it is between 3 and -3.
        let clear = (0..<100).map {
            Self.forecast(8 * $0, 1, displayed: 1 + ($0.isMultiple(of: 2) ? 3 : 1), realised: 1)
        }
        #expect(try #require(FundingSkill(clear)).verdict == "better than the venue's own estimate")
        let unclear = (0..<100).map {
            $0.isMultiple(of: 2)
                ? Self.forecast(8 * $0, 1, displayed: 4.1, realised: 1) : Self.forecast(8 * $0, 4, displayed: 1, realised: 1)
        }
        let skill = try #require(FundingSkill(unclear.inBlocks))
        #expect((skill.comparisons[0].skill ?? 0) > 0)
        #expect((skill.t ?? 9) < 2)
        #expect(skill.beatsDisplayed == false)
    }

    @Test("coverage, width and pinball loss")
    func interval() throws {
        let skill = try #require(
            FundingSkill([
                Self.forecast(0, 1, displayed: 1, realised: 2, ends: (0, 4)),
                Self.forecast(8, 1, displayed: 1, realised: 5, ends: (0, 4)),
                Self.forecast(16, 1, displayed: 1, realised: 1, ends: (1, 1)),
                Self.forecast(24, 1, displayed: 1, realised: 1),
            ]))
        let interval = try #require(skill.interval)
        #expect(interval.count == 3)
        #expect(isNear(interval.coverage, 2.0 / 3))
        #expect(isNear(interval.width, 8.0 / 3))
        // (0.1 x 2 + 0.1 x 2) / 2, (0.1 x 5 + 0.9 x 1) / 2 and 0.
        #expect(isNear(interval.pinball, (0.2 + 0.7) / 3))
    }
}

extension [FundingForecast] {
    /// In blocks of ten alike, so that neighbours depend on each other.
    fileprivate var inBlocks: [FundingForecast] {
        let even = indices.filter { $0.isMultiple(of: 2) }.map { self[$0] }
        let odd = indices.filter { !$0.isMultiple(of: 2) }.map { self[$0] }
        var blocks: [FundingForecast] = []
        for block in 0..<5 {
            blocks += even[10 * block..<10 * block + 10]
            blocks += odd[10 * block..<10 * block + 10]
        }
        return blocks
    }
}
