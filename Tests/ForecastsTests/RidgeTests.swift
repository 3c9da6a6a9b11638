import PerpCore
import Testing

@testable import Forecasts

@Suite("Correction of a forecast")
struct RidgeTests {
    /// The worked rows: four features and a target, in basis points.
    static let rows: [(features: [Double], target: Double)] = (0..<120).map { i in
        let features = [
            0.5 * Double((3 * i) % 7 - 3), 0.3 * Double((5 * i) % 11 - 5), 0.4 * Double((7 * i) % 5 - 2),
            0.25 * Double((i * i) % 9 - 4),
        ]
        let target =
            0.3 * features[0] - 0.1 * features[1] + 0.05 * features[2] + 0.2 * features[3] + 0.1 * Double((5 * i) % 3 - 1)
        return (features, target)
    }

    /// The slow model: all rows at once, by elimination with pivots.
    static func solved(_ rows: [(features: [Double], target: Double)], features count: Int) -> [Double] {
        var matrix = (0..<count).map { i in
            (0..<count).map { j in rows.reduce(i == j ? 100 : 0) { $0 + $1.features[i] * $1.features[j] } }
                + [rows.reduce(0) { $0 + $1.features[i] * $1.target }]
        }
        for column in 0..<count {
            let pivot = (column..<count).max { abs(matrix[$0][column]) < abs(matrix[$1][column]) }!  // never empty
            matrix.swapAt(column, pivot)
            for row in 0..<count where row != column {
                let factor = matrix[row][column] / matrix[column][column]
                for place in column...count { matrix[row][place] -= factor * matrix[column][place] }
            }
        }
        return (0..<count).map { matrix[$0][count] / matrix[$0][$0] }
    }

    @Test("worked: coefficients, premium and rate")
    func worked() {
        var ridge = Ridge(features: 4)
        for row in Self.rows { ridge.add(row.features, target: row.target) }
        let expected = [0.1639295240034959, -0.04587000114424457, 0.015246207804242134, 0.10546864740052277]
        #expect(areClose(ridge.coefficients, expected))
        #expect(ridge.count == 120)
        var record = LeadRecord(features: 4, cut: 5)
        for row in Self.rows { learn(&record, row) }
        let features = [0.35, -0.175, -1.3833333333333333, -1.8]
        let premium = 6.2e-4 + record.correction(features)!  // there are more than 90 targets
        #expect(isClose(1e4 * premium, 6.054468430817991))
        #expect(isClose(FundingFormula.clamped().rate(ofPremium: premium, hours: 8), 0.00010544684308179907))
    }

    private func learn(_ record: inout LeadRecord, _ row: (features: [Double], target: Double)) {
        record.learn([], row: CorrectionRow(features: row.features, base: 0), value: 1e-4 * row.target, rate: 0)
    }

    @Test("sums updated by a row give what all rows at once give, after each row")
    func incremental() {
        var random = SplitMix64(seed: 2)
        for features in [3, 4] {
            var ridge = Ridge(features: features)
            var rows: [(features: [Double], target: Double)] = []
            for _ in 0..<150 {
                let row = (0..<features).map { _ in Double.random(in: -6...6, using: &random) }
                let target = Double.random(in: -5...5, using: &random)
                rows.append((row, target))
                ridge.add(row, target: target)
                let whole = Self.solved(rows, features: features)
                #expect(zip(ridge.coefficients, whole).allSatisfy { abs($0 - $1) < 1e-12 })
            }
        }
    }

    @Test("without rows there is no correction, and none before 90 targets")
    func few() {
        #expect(Ridge(features: 4).coefficients == [0, 0, 0, 0])
        var record = LeadRecord(features: 4, cut: 5)
        for row in Self.rows.prefix(89) { learn(&record, row) }
        #expect(record.correction([1, 1, 1, 1]) == nil)
        learn(&record, Self.rows[89])
        #expect(record.correction([1, 1, 1, 1]) != nil)
    }

    @Test("one squeeze is cut at five basis points")
    func cut() {
        var record = LeadRecord(features: 1, cut: 5)
        for _ in 0..<90 { learn(&record, ([1], 1000)) }
        // 90 x 5 / (90 + 100)
        #expect(isClose(record.correction([1]), 450.0 / 190 * 1e-4))
        for _ in 0..<90 { learn(&record, ([1], -1000)) }
        #expect(abs(record.correction([1])!) < 1e-16)  // there are more than 90 targets
    }

    @Test("order statistics of an interval")
    func orderStatistics() {
        #expect(Residuals.ends(ofSorted: (1...100).map(Double.init)) == (10, 91))
        #expect(Residuals.ends(ofSorted: (1...9).map(Double.init)) == (1, 9))
        #expect(Residuals.ends(ofSorted: [7]) == (7, 7))
        // n + 1 a multiple of ten: no rounding error may move a place.
        for tens in 2...50 {
            let ends = Residuals.ends(ofSorted: (1..<10 * tens).map(Double.init))
            #expect(ends == (Double(tens), Double(9 * tens)))
        }
    }

    @Test("worked: an interval, which can end at the interest")
    func interval() {
        var residuals = Residuals()
        for i in 0..<101 { residuals.add(0.01 * Double((37 * i) % 101 - 50) * 1e-4) }
        let ends = residuals.ends!  // there are more than 100
        #expect(isClose(1e4 * ends.low, -0.41))
        #expect(isClose(1e4 * ends.high, 0.41))
        let premium = 6.054468430817991e-4
        let formula = FundingFormula.clamped()
        #expect(isClose(formula.rate(ofPremium: premium + ends.low, hours: 8), 0.0001))
        #expect(isClose(formula.rate(ofPremium: premium + ends.high, hours: 8), 0.0001464468430817991))
    }

    @Test("an interval needs 100 residuals and looks at the last 500")
    func residuals() {
        var residuals = Residuals()
        for _ in 0..<99 { residuals.add(1) }
        #expect(residuals.ends == nil)
        residuals.add(1)
        #expect(residuals.ends! == (1, 1))  // there are 100
        for _ in 0..<500 { residuals.add(2) }
        #expect(residuals.values.count == 500)
        #expect(residuals.ends! == (2, 2))  // there are 500
    }

    @Test("the model is published after 200 forecasts that were better, and only while the last 200 are")
    func publication() {
        var record = LeadRecord(features: 1, cut: 5)
        let model = Candidate(method: .model, value: 0, rate: 1)
        let displayed = Candidate(method: .displayed, value: 0, rate: 2)
        func settle(_ rate: Double) {
            record.learn(
                [model, displayed], row: CorrectionRow(features: [0], base: 0), value: 0, rate: rate)
        }
        for _ in 0..<199 { settle(1) }
        #expect(record.published(of: [model, displayed])?.method == .displayed)
        settle(1)
        #expect(record.published(of: [model, displayed])?.method == .model)
        #expect(record.published(of: [displayed])?.method == .displayed)
        // 100 of each are equal, which is not better.
        for _ in 0..<99 { settle(2) }
        #expect(record.isModelBetter)
        settle(2)
        #expect(!record.isModelBetter)
        for _ in 0..<101 { settle(1) }
        #expect(record.isModelBetter)
    }
}
