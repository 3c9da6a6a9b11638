import PerpCore

/// What a claim makes at any hour: what an alert must beat.
public struct BaseRate: Hashable, Sendable {
    /// Hours of the past that count.
    public static let memory = 4320
    /// The entry hours below which nothing is known.
    public static let needed = 240

    /// The share of successes, 0 to 1; one half when it is assumed.
    public let share: Double
    /// The mean value in basis points; 0 when it is assumed, and for claims without money.
    public let meanBasisPoints: Double
    /// Whether fewer than 240 entry hours are known.
    public let isAssumed: Bool

    static let assumed = BaseRate(share: 0.5, meanBasisPoints: 0, isAssumed: true)
}

/// What a claim made from each entry hour of a contract, or of a pair.
struct ClaimTable {
    struct Entry {
        let hour: Hour
        let knownAt: Hour
        /// Basis points; 0 for claims without money.
        let value: Double
        let isSuccess: Bool
    }

    /// In the order of the hours.
    let entries: [Entry]

    /// The base rate of an event: entry hours of the last 180 days whose windows had closed when it was decided.
    func base(at decided: Hour) -> BaseRate {
        let first = entries.partitioningIndex { $0.hour.distance(to: decided) <= BaseRate.memory }
        var count = 0
        var successes = 0
        var total = 0.0
        for entry in entries[first...] {
            guard entry.hour < decided else { break }
            guard entry.knownAt <= decided else { continue }
            count += 1
            successes += entry.isSuccess ? 1 : 0
            total += entry.value
        }
        guard count >= BaseRate.needed else { return .assumed }
        return BaseRate(
            share: Double(successes) / Double(count), meanBasisPoints: total / Double(count), isAssumed: false)
    }
}
