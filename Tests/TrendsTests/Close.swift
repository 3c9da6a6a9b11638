/// Whether two numbers agree to 1e-12 of the larger one.
func isClose(_ left: Double?, _ right: Double?, tolerance: Double = 1e-12) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return abs(left - right) <= tolerance * max(abs(left), abs(right))
}
