import PerpCore
import Sealing

@testable import Trends

/// The first hour of the tests.
let firstHour = Hour("2026-01-01T00")!  // a literal

func hour(_ offset: Int) -> Hour { firstHour.advanced(by: offset) }

extension TrailingSeries {
    /// Levels at the hours 0 to `last`, without those that are missing.
    static func levels(
        to last: Int, missing: Set<Int> = [], hours: Int = 168, _ value: (Int) -> Double
    ) -> TrailingSeries {
        TrailingSeries(
            hours: hours,
            rows: (0...last).filter { !missing.contains($0) }.map {
                SeriesRow(hour: hour($0), value: .level(value($0)))
            })
    }

    /// The chain of a path whose step that ends at the hour `i` is `step(i)`, from hour 0 to `last`; over missing hours the
    /// steps are summed.
    static func chain(
        to last: Int, missing: Set<Int> = [], hours: Int = 168, _ step: (Int) -> Double
    ) -> TrailingSeries {
        var rows: [SeriesRow] = []
        var (change, gap) = (0.0, 0)
        for place in 0...last {
            if place > 0 { (change, gap) = (change + step(place), gap + 1) }
            guard !missing.contains(place) else { continue }
            let isStart = rows.isEmpty || gap > Step.longestGap
            rows.append(
                SeriesRow(hour: hour(place), value: isStart ? .start : .step(Step(gapHours: gap, change: change))))
            (change, gap) = (0, 0)
        }
        return TrailingSeries(hours: hours, rows: rows)
    }
}

extension SplitMix64 {
    mutating func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }

    mutating func chance(_ share: Double) -> Bool { number(0...1) < share }

    /// A step with Student's t of four degrees of freedom: many small ones, and now and then a large one.
    mutating func heavyTailed() -> Double {
        let squares = (0..<4).reduce(0) { sum, _ in
            let normal = normal()
            return sum + normal * normal
        }
        return normal() / (squares / 4).squareRoot()
    }

    /// A standard normal number, by the polar method (Marsaglia 1964).
    mutating func normal() -> Double {
        while true {
            let (x, y) = (number(-1...1), number(-1...1))
            let square = x * x + y * y
            if square > 0, square < 1 { return x * (-2 * ln(square) / square).squareRoot() }
        }
    }
}
