import PerpCore
import Testing

@testable import Forecasts

@Suite("Formula of funding")
struct FundingFormulaTests {
    @Test(
        "the rate of a premium",
        arguments: [
            (-0.0006, -0.0001), (-0.0004, 0.0001), (0, 0.0001), (0.0006, 0.0001), (0.00061, 0.00011),
            (0.0009943926, 0.0004943926),
        ])
    func rate(premium: Double, rate8h: Double) {
        let formula = FundingFormula.clamped()
        for hours in [8, 4, 1] {
            #expect(isClose(formula.rate(ofPremium: premium, hours: hours), rate8h * Double(hours) / 8))
        }
        #expect(isClose(FundingFormula.plain.rate(ofPremium: premium, hours: 4), premium / 2))
    }

    @Test(
        "the premium of a rate",
        arguments: [
            (0.0000617991, 1, 0, 0.0009943928), (0.0001, 8, 0, 0), (0.0001, 8, 0.0009, 0.0006),
            (0.0001, 8, -0.0009, -0.0004), (0.00005, 8, 0, -0.00045), (0.00005, 4, 0, 0),
        ])
    func premium(rate: Double, hours: Int, guess: Double, expected: Double) {
        #expect(isClose(FundingFormula.clamped().premium(ofRate: rate, hours: hours, guess: guess), expected))
        #expect(isClose(FundingFormula.plain.premium(ofRate: rate, hours: hours, guess: guess), 8 * rate / Double(hours)))
    }

    @Test("another interest moves the band")
    func interest() {
        let formula = FundingFormula.clamped(interest8h: 0.0003)
        #expect(formula.rate8h(ofPremium: 0.00079) == 0.0003)
        #expect(isClose(formula.rate8h(ofPremium: 0.0008), 0.0003))
        #expect(isClose(formula.rate8h(ofPremium: 0.0009), 0.0004))
        #expect(isClose(formula.premium(ofRate: 0.0004, hours: 8, guess: 0), 0.0009))
    }

    @Test("a rate never falls when the premium rises, and its premium is the premium off the flat part, else in the band")
    func properties() {
        var random = SplitMix64(seed: 3)
        for formula in [FundingFormula.clamped(), .plain, .clamped(interest8h: 0)] {
            let premiums = (0..<500).map { _ in Double.random(in: -0.002...0.002, using: &random) }.sorted()
            let rates = premiums.map { formula.rate(ofPremium: $0, hours: 4) }
            #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 <= $1 })
            for (premium, rate) in zip(premiums, rates) {
                let back = formula.premium(ofRate: rate, hours: 4, guess: 0)
                if formula.family == .plain || abs(premium - formula.interest8h) > FundingFormula.band + 6e-9 {
                    #expect(abs(back - premium) < 1e-15)
                } else {
                    #expect(abs(back - formula.interest8h) <= FundingFormula.band + 6e-9)
                }
            }
        }
    }

    /// `count` different rates, all far from each other.
    private func different(_ count: Int) -> [Double] { (0..<count).map { 0.00001 * Double($0 + 30) } }

    @Test("fewer than 90 settlements tell nothing")
    func few() {
        let rates = Array(repeating: 0.0003, count: 89)
        #expect(FundingFormula.read(settledRates8h: rates, exchange: .okx) == .clamped())
        #expect(FundingFormula.read(settledRates8h: rates, exchange: .dydx) == .plain)
        #expect(FundingFormula.read(settledRates8h: rates + [0.0003], exchange: .okx) == .clamped(interest8h: 0.0003))
        #expect(FundingFormula.read(settledRates8h: rates + [0.0003], exchange: .dydx) == .clamped(interest8h: 0.0003))
    }

    @Test("three equal rates are the interest, two are chance")
    func repeats() {
        let three = different(87) + [0.0001, 0.0001, 0.0001]
        let two = different(88) + [0.0001, 0.0001]
        #expect(FundingFormula.read(settledRates8h: three, exchange: .okx) == .clamped())
        #expect(FundingFormula.read(settledRates8h: two, exchange: .okx) == .plain)
    }

    @Test("the smaller rate is the interest on a tie, and rates are alike to a billionth")
    func ties() {
        let tied = different(84) + [0.0002, 0.0001, 0.0002, 0.0001, 0.0002, 0.0001]
        #expect(FundingFormula.read(settledRates8h: tied, exchange: .okx).interest8h == 0.0001)
        let near = different(87) + [0.0001, 0.0001 + 4e-10, 0.0001 - 4e-10]
        #expect(FundingFormula.read(settledRates8h: near, exchange: .okx).interest8h == 0.0001)
    }

    @Test("only the last 90 count")
    func last() {
        let rates = Array(repeating: 0.0001, count: 50) + different(90)
        #expect(FundingFormula.read(settledRates8h: rates, exchange: .okx) == .plain)
    }
}
