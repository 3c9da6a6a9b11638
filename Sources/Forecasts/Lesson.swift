/// What a resolved forecast taught: how far each method was off, and whether the correction helped.
public struct Lesson: Hashable, Sendable {
    /// How many numbers hold a lesson.
    public static let numbers = 7

    /// By method the outcome less what the method said, then the absolute errors of the rate with the correction and of what
    /// would have been published without it. Infinite where there was none: unlike NaN it equals itself.
    private var values = SIMD8<Double>(repeating: .infinity)

    /// - Parameters:
    ///   - value: the outcome on the scale of the correction; `rate` the rate that settled.
    ///   - hasRow: whether all that the correction looks at was known.
    init(_ candidates: [Candidate], value: Double, rate: Double, hasRow: Bool) {
        for candidate in candidates { values[Self.place(candidate.method)] = value - candidate.value }
        guard hasRow, let model = candidates.first(where: { $0.method == .model }),
            let rival = candidates.first(where: { $0.method != .model })
        else { return }
        values[5] = abs(model.rate - rate)
        values[6] = abs(rival.rate - rate)
    }

    /// The lesson that `numbers` gave; `nil` when there are not seven, or one is no number.
    public init?(numbers: ArraySlice<Double>) {
        guard numbers.count == Self.numbers, !numbers.contains(where: \.isNaN) else { return nil }
        for (place, number) in numbers.enumerated() { values[place] = number }
    }

    /// Adds the numbers of the lesson to others.
    public func write(to numbers: inout [Double]) {
        for place in 0..<Self.numbers { numbers.append(values[place]) }
    }

    /// The outcome less what a method said; `nil` when the method said nothing.
    func residual(of method: ForecastMethod) -> Double? { known(values[Self.place(method)]) }

    /// The absolute errors with the correction and without it; `nil` when one of them is unknown.
    var errors: (model: Double, rival: Double)? {
        guard let model = known(values[5]), let rival = known(values[6]) else { return nil }
        return (model, rival)
    }

    private func known(_ value: Double) -> Double? { value.isFinite ? value : nil }

    private static func place(_ method: ForecastMethod) -> Int {
        switch method {
        case .model: 0
        case .displayed: 1
        case .samples: 2
        case .habit: 3
        case .last: 4
        }
    }
}
