/// A sum that stays unknown until something known is added.
package struct Total {
    /// The sum, in the unit of the terms; `nil` while nothing known is added.
    package private(set) var value: Double?

    /// A sum of nothing.
    package init() {}

    /// Adds a term; an unknown one changes nothing.
    package mutating func add(_ term: Double?) {
        guard let term else { return }
        value = (value ?? 0) + term
    }

    /// The sum of the known terms in their order; `nil` when none is known.
    package static func of(_ terms: some Sequence<Double?>) -> Double? {
        var total = Total()
        for term in terms { total.add(term) }
        return total.value
    }
}

/// A mean of values with weights, summed in the order in which they are added.
package struct WeightedMean {
    /// The sum of the weights.
    package private(set) var weight = 0.0
    private var sum = 0.0

    /// A mean of nothing.
    package init() {}

    /// Adds a value with a weight that is not negative.
    package mutating func add(_ value: Double, weight: Double) {
        sum += weight * value
        self.weight += weight
    }

    /// The mean, in the unit of the values; `nil` when the weights sum to zero.
    package var value: Double? { weight > 0 ? sum / weight : nil }
}

/// `part / whole`; `nil` when either is unknown or the whole is zero.
package func ratio(_ part: Double?, _ whole: Double?) -> Double? {
    guard let part, let whole, whole != 0 else { return nil }
    return part / whole
}

/// The mean, in the unit of the values; `nil` without values.
package func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// `left - right`; `nil` when either is unknown.
package func difference(_ left: Double?, _ right: Double?) -> Double? {
    guard let left, let right else { return nil }
    return left - right
}
