#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// How a value follows the numbers that move it: found from what each change did to it, and checked by making the value from
/// them.
struct ValueShape {
    var form = ValueTrace.Form.other
    /// For each number, as in `ValueTrace.Source`.
    var powers: [Int?]
    /// The places of the numbers that are parts of the value. Left out are those that only choose which others are.
    var kept: [Int]
    /// By what the product or the sum is multiplied.
    var factor: Double?

    init(of value: Double, _ moves: [ValueSearch.Move]) {
        kept = Array(moves.indices)
        powers = moves.map { _ in nil }
        guard !moves.isEmpty else { return }
        if let product = Self.product(value, .product, moves) {
            (form, powers, factor) = (.product, product.powers, product.factor)
        } else if let product = Self.product(value, .growth, moves) {
            (form, powers, factor) = (.growth, product.powers, product.factor)
        } else if let sum = Self.sum(value, moves) {
            (form, powers, factor) = (.sum, sum.signs, sum.factor)
        } else {
            takePart(of: value, moves)
        }
    }

    /// Looks for a form that some of the numbers make whole: the others choose, such as the time of the row that counts.
    private mutating func takePart(of value: Double, _ moves: [ValueSearch.Move]) {
        for tried in [ValueTrace.Form.share, .gain, .product] {
            let fitting = moves.indices.filter { Self.power(value, tried, moves[$0]) != nil }
            guard !fitting.isEmpty, let product = Self.product(value, tried, fitting.map { moves[$0] }),
                ValueTrace.isPlain(product.factor)
            else { continue }
            (form, factor, kept) = (tried, product.factor, fitting)
            for (index, power) in zip(fitting, product.powers) { powers[index] = power }
            return
        }
    }

    /// What is compared with a product, for a value that is made from one in such a form.
    private static func product(behind value: Double, _ form: ValueTrace.Form) -> Double {
        switch form {
        case .growth: value + 1
        case .share: value / (1 - value)
        case .gain: value / (1 + value)
        case .product, .sum, .other: value
        }
    }

    private static func product(
        _ value: Double, _ form: ValueTrace.Form, _ moves: [ValueSearch.Move]
    ) -> (powers: [Int], factor: Double)? {
        // A zero tells nothing about its factor: what it becomes does.
        if value == 0, form == .product, moves.count == 1, moves[0].stated == 0 {
            return ([1], moves[0].result / moves[0].changed)
        }
        var powers: [Int] = []
        var product = 1.0
        for move in moves {
            guard let power = power(value, form, move) else { return nil }
            powers.append(power)
            let base = abs(power) == 2 ? move.stated * move.stated : move.stated
            product *= power > 0 ? base : 1 / base
        }
        guard product != 0, product.isFinite else { return nil }
        let factor = Self.product(behind: value, form) / product
        // In the other forms the rest has to be nothing: any number is near a product.
        return form == .product || abs(factor - 1) < 1e-9 ? (powers, factor) : nil
    }

    /// The power in which the product behind a value followed a number.
    private static func power(_ value: Double, _ form: ValueTrace.Form, _ move: ValueSearch.Move) -> Int? {
        power(from: product(behind: value, form), to: product(behind: move.result, form), move)
    }

    /// The power, up to a square, in which a value followed a number.
    private static func power(from value: Double, to result: Double, _ move: ValueSearch.Move) -> Int? {
        let moved = result / value
        let change = move.changed / move.stated
        guard moved > 0, change > 0, moved.isFinite, change.isFinite, change != 1 else { return nil }
        let power = log(moved) / log(change)
        let whole = power.rounded()
        return abs(power - whole) < 1e-3 && (1...2).contains(abs(whole)) ? Int(whole) : nil
    }

    private static func sum(_ value: Double, _ moves: [ValueSearch.Move]) -> (signs: [Int], factor: Double)? {
        let slopes = moves.map { ($0.result - value) / ($0.changed - $0.stated) }
        guard let first = slopes.first, first != 0,
            slopes.allSatisfy({ abs(abs($0) - abs(first)) <= 1e-3 * abs(first) })
        else { return nil }
        let signs = slopes.map { $0 * first > 0 ? 1 : -1 }
        let total = zip(signs, moves).reduce(0) { $0 + Double($1.0) * $1.1.stated }
        guard total != 0 else { return nil }
        let factor = value / total
        return abs(factor - first) <= 1e-3 * abs(first) ? (signs, factor) : nil
    }
}
