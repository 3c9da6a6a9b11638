/// What the past of one contract and lead teaches: a correction, intervals of each method, and whether the correction helps.
public struct LeadRecord: Hashable, Sendable {
    /// How many targets the correction needs before it is used.
    static let leastTargets = 90
    /// How many forecasts decide whether the correction is published.
    static let trial = 200

    /// Absolute errors of one forecast with the correction, and of what would have been published without it.
    private struct Errors: Hashable, Sendable {
        var model: Double
        var rival: Double
    }

    private(set) var ridge: Ridge
    /// In the order of the methods.
    private var residuals = ForecastMethod.allCases.map { _ in Residuals() }
    /// The last `trial`, the oldest first.
    private var errors: [Errors] = []
    /// A row of one squeeze must not own the correction: its target is cut at so many basis points, up and down.
    let cut: Double

    init(features: Int, cut: Double) {
        ridge = Ridge(features: features)
        self.cut = cut
    }

    /// What to add to the base; `nil` while there are too few targets.
    /// - Parameter features: basis points.
    func correction(_ features: [Double]) -> Double? {
        guard ridge.count >= Self.leastTargets else { return nil }
        return zip(ridge.coefficients, features).reduce(0) { $0 + $1.0 * $1.1 } / 1e4
    }

    /// Whether the correction was better on average over the last 200 forecasts.
    var isModelBetter: Bool {
        guard errors.count >= Self.trial else { return false }
        return errors.reduce(0) { $0 + $1.model } < errors.reduce(0) { $0 + $1.rival }
    }

    /// What is published of `candidates`, which are in the order of the methods.
    func published(of candidates: [Candidate]) -> Candidate? {
        candidates.first { $0.method != .model || isModelBetter }
    }

    func residuals(of method: ForecastMethod) -> Residuals { residuals[Self.place(method)] }

    /// Takes the outcome of candidates, `value` on the scale of the correction and `rate` as it settled.
    /// - Parameter row: the features in basis points and the base that the correction is added to.
    mutating func learn(_ candidates: [Candidate], row: CorrectionRow?, value: Double, rate: Double) {
        for candidate in candidates { residuals[Self.place(candidate.method)].add(value - candidate.value) }
        guard let row else { return }
        let target = 1e4 * (value - row.base)
        ridge.add(row.features, target: max(-cut, min(cut, target)))
        guard let model = candidates.first(where: { $0.method == .model }),
            let rival = candidates.first(where: { $0.method != .model })
        else { return }
        if errors.count == Self.trial { errors.removeFirst() }
        errors.append(Errors(model: abs(model.rate - rate), rival: abs(rival.rate - rate)))
    }

    // MARK: - Storage

    /// All that is known, as numbers, which `init(numbers:)` reads back; some hundred to some thousand.
    public var numbers: [Double] {
        var numbers = [Double(ridge.features), cut] + ridge.numbers
        for list in residuals { numbers += [Double(list.values.count)] + list.values }
        for error in errors { numbers += [error.model, error.rival] }
        return numbers
    }

    /// The record that `numbers` gave; `nil` when these are not the numbers of one.
    public init?(numbers: [Double]) {
        guard numbers.count > 2, let features = Int(exactly: numbers[0]), (1...8).contains(features) else { return nil }
        self.init(features: features, cut: numbers[1])
        var rest = numbers.dropFirst(2)
        let count = Ridge.numbers(features: features)
        guard let ridge = Ridge(features: features, numbers: rest.prefix(count)) else { return nil }
        self.ridge = ridge
        rest = rest.dropFirst(count)
        for place in residuals.indices {
            guard let length = rest.popFirst().flatMap({ Int(exactly: $0) }), (0...rest.count).contains(length)
            else { return nil }
            for value in rest.prefix(length) { residuals[place].add(value) }
            rest = rest.dropFirst(length)
        }
        guard rest.count.isMultiple(of: 2), rest.count <= 2 * Self.trial else { return nil }
        while let model = rest.popFirst(), let rival = rest.popFirst() {
            errors.append(Errors(model: model, rival: rival))
        }
    }

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
