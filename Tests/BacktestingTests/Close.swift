/// Whether two numbers agree in the twelve digits that worked examples are printed with.
func isClose(_ left: Double?, _ right: Double?, tolerance: Double = 1e-11) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return abs(left - right) <= tolerance * max(abs(left), abs(right))
}

/// Whether both ends agree.
func isClose(_ left: ClosedRange<Double>?, _ low: Double, _ high: Double) -> Bool {
    isClose(left?.lowerBound, low) && isClose(left?.upperBound, high)
}
