/// How far every numeric limit gives way: not at all to enter, a tenth of itself to stay.
///
/// Comparisons with an unknown value are unknown.
public struct Slack: Hashable, Sendable {
    /// The fraction of a limit's size.
    public let fraction: Double

    /// Takes a fraction of a limit's size.
    public init(_ fraction: Double) { self.fraction = fraction }

    /// None, for an episode to begin.
    public static let enter = Slack(0)
    /// A tenth of each limit, for an episode that runs.
    public static let stay = Slack(0.1)

    /// A slack for a limit that gives way more, or less, than others.
    func times(_ factor: Double) -> Slack { Slack(fraction * factor) }

    func above(_ value: Double?, _ limit: Double) -> Bool? { value.map { $0 > lowered(limit) } }
    func atLeast(_ value: Double?, _ limit: Double) -> Bool? { value.map { $0 >= lowered(limit) } }
    func below(_ value: Double?, _ limit: Double) -> Bool? { value.map { $0 < raised(limit) } }
    func atMost(_ value: Double?, _ limit: Double) -> Bool? { value.map { $0 <= raised(limit) } }

    /// Limits included.
    func within(_ value: Double?, _ limits: ClosedRange<Double>) -> Bool? {
        value.map { $0 >= lowered(limits.lowerBound) && $0 <= raised(limits.upperBound) }
    }

    /// Limits excluded.
    func between(_ value: Double?, _ low: Double, _ high: Double) -> Bool? {
        value.map { $0 > lowered(low) && $0 < raised(high) }
    }

    private func lowered(_ limit: Double) -> Double { limit - fraction * abs(limit) }
    private func raised(_ limit: Double) -> Double { limit + fraction * abs(limit) }
}

/// Both; one that is not met decides, whatever is unknown of the other.
func both(_ left: Bool?, _ right: Bool?) -> Bool? {
    if left == false || right == false { return false }
    guard let left, let right else { return nil }
    return left && right
}

/// Either one; unknown if neither is known.
func either(_ left: Bool?, _ right: Bool?) -> Bool? {
    guard left != nil || right != nil else { return nil }
    return left == true || right == true
}
