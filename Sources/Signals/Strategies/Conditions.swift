/// The conditions of a detector, collected while it looks at an hour.
struct Conditions {
    private(set) var list: [Condition] = []

    /// Notes a condition; `nil` is one whose input is unknown.
    mutating func check(_ name: String, points: Int = 0, required: Bool = true, _ isMet: Bool?) {
        list.append(
            Condition(
                name: name, isMet: isMet ?? false, isKnown: isMet != nil, points: points,
                isRequired: required))
    }

    /// Whether every required condition is met.
    var areMet: Bool { list.allSatisfy { $0.isMet || !$0.isRequired } }
    var metCount: Int { list.count(where: \.isMet) }
    /// The points of the conditions that are met.
    var points: Int { list.reduce(0) { $0 + ($1.isMet ? $1.points : 0) } }
}
