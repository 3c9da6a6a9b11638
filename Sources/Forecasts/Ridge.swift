/// Coefficients by least squares without an intercept, shrunk towards zero, kept as sums: a new row costs the same whatever
/// the number of rows before it.
///
/// Features and targets are in basis points. Without rows all coefficients are 0.
public struct Ridge: Hashable, Sendable {
    /// How strongly coefficients are drawn to zero, in square basis points; 30 to 300 change the error by less than 1 %.
    public static let penalty = 100.0

    /// How many features a row has.
    public let features: Int
    /// How many rows were added.
    public private(set) var count = 0
    /// The sums of the products of features: the lower triangle, row by row.
    private var products: [Double]
    /// The sums of the products of each feature with the target.
    private var moments: [Double]

    /// No rows yet.
    public init(features: Int) {
        self.features = features
        products = Array(repeating: 0, count: features * (features + 1) / 2)
        moments = Array(repeating: 0, count: features)
    }

    /// Adds a row.
    public mutating func add(_ row: [Double], target: Double) {
        precondition(row.count == features, "a row has a value for each feature")
        count += 1
        for i in 0..<features {
            moments[i] += row[i] * target
            for j in 0...i { products[Self.place(i, j)] += row[i] * row[j] }
        }
    }

    /// The coefficients, by Cholesky's decomposition; the penalty makes the matrix positive definite.
    public var coefficients: [Double] {
        let factor = factor()
        var solution = moments
        for i in 0..<features {
            for j in 0..<i { solution[i] -= factor[Self.place(i, j)] * solution[j] }
            solution[i] /= factor[Self.place(i, i)]
        }
        for i in (0..<features).reversed() {
            for j in (i + 1)..<max(features, i + 1) { solution[i] -= factor[Self.place(j, i)] * solution[j] }
            solution[i] /= factor[Self.place(i, i)]
        }
        return solution
    }

    private func factor() -> [Double] {
        var factor = products
        for i in 0..<features {
            for j in 0...i {
                var rest = products[Self.place(i, j)] + (i == j ? Self.penalty : 0)
                for k in 0..<j { rest -= factor[Self.place(i, k)] * factor[Self.place(j, k)] }
                factor[Self.place(i, j)] = i == j ? rest.squareRoot() : rest / factor[Self.place(j, j)]
            }
        }
        return factor
    }

    /// The sums as numbers, which `init(features:numbers:)` reads back.
    var numbers: [Double] { [Double(count)] + products + moments }

    /// The sums that `numbers` gave; `nil` when there are not as many as `features` need.
    init?(features: Int, numbers: ArraySlice<Double>) {
        self.init(features: features)
        guard numbers.count == Self.numbers(features: features), numbers.allSatisfy(\.isFinite),
            let count = numbers.first.flatMap({ Int(exactly: $0) })
        else { return nil }
        self.count = count
        products = Array(numbers.dropFirst().prefix(products.count))
        moments = Array(numbers.suffix(features))
    }

    /// How many numbers hold the sums.
    static func numbers(features: Int) -> Int { 1 + features * (features + 1) / 2 + features }

    private static func place(_ row: Int, _ column: Int) -> Int { row * (row + 1) / 2 + column }
}
