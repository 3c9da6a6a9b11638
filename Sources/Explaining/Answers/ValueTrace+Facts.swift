extension ValueTrace {
    /// How the sources make the value, as a calculation in their bytes: `1.2 * 10196708.0`; `nil` where the value follows them in
    /// another way, and without sources.
    public var calculation: String? {
        guard let factor, !sources.isEmpty else { return nil }
        switch form {
        case .product: return product(factor)
        case .growth: return product(factor) + " - 1"
        case .sum: return sum + (factor == 1 ? "" : " * \(factor)")
        case .other: return nil
        }
    }

    private func product(_ factor: Double) -> String {
        func powers(_ isWanted: (Int) -> Bool) -> [String] {
            sources.flatMap { source -> [String] in
                guard let power = source.power, isWanted(power) else { return [] }
                return Array(repeating: source.bytes, count: abs(power))
            }
        }
        // Rounding of the product is no factor.
        let rest = abs(factor - 1) < 1e-12 ? [] : ["\(factor)"]
        let above = powers { $0 > 0 } + rest
        let below = powers { $0 < 0 }
        return ([above.isEmpty ? "1" : above.joined(separator: " * ")] + below).joined(separator: " / ")
    }

    private var sum: String {
        let terms = sources.enumerated().map { index, source in
            let sign = source.power == -1 ? "- " : index == 0 ? "" : "+ "
            return sign + source.bytes
        }
        let text = terms.joined(separator: " ")
        return factor == 1 ? text : "(\(text))"
    }
}
