extension ValueTrace {
    /// How the sources make the value, as a calculation in their bytes: `1.2 * 10196708.0`; `nil` where the value follows them in
    /// another way, and without sources.
    public var calculation: String? {
        guard let factor, !sources.isEmpty else { return nil }
        switch form {
        case .product: return ([above(factor)] + below).joined(separator: " / ")
        case .growth: return ([above(factor)] + below).joined(separator: " / ") + " - 1"
        case .share: return "\(above(factor)) / (\(whole) + \(above(factor)))"
        case .gain: return "\(above(factor)) / (\(whole) - \(above(factor)))"
        case .sum: return sum + (factor == 1 ? "" : " * \(factor)")
        case .other: return nil
        }
    }

    /// What is multiplied.
    private func above(_ factor: Double) -> String {
        // Rounding of the product is no factor, nor is that of a share, whose factor is 1.
        let rest = form == .share || form == .gain || abs(factor - 1) < 1e-12 ? [] : ["\(factor)"]
        let factors = powers { $0 > 0 } + rest
        return factors.isEmpty ? "1" : factors.joined(separator: " * ")
    }

    /// What divides.
    private var below: [String] { powers { $0 < 0 } }

    /// What divides, as one number.
    private var whole: String { below.isEmpty ? "1" : below.joined(separator: " * ") }

    private func powers(_ isWanted: (Int) -> Bool) -> [String] {
        sources.flatMap { source -> [String] in
            guard let power = source.power, isWanted(power) else { return [] }
            return Array(repeating: source.bytes, count: abs(power))
        }
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
