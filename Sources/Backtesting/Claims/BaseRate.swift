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
        /// Basis points; for claims without money the absolute return, a fraction.
        let value: Double
        /// Whether there was money left; not used for claims without.
        let isSuccess: Bool
    }

    /// In the order of the hours.
    private let entries: [Entry]
    /// Successes and values of the entries before each place and of all.
    private let successes: [Int]
    private let totals: [Double]
    /// Whether later entries are known later: not where a pair may be closed early.
    private let isKnownInOrder: Bool

    /// Takes entries in the order of the hours.
    init(_ entries: [Entry]) {
        self.entries = entries
        var successes = [0]
        var totals = [0.0]
        for entry in entries {
            successes.append(successes[successes.count - 1] + (entry.isSuccess ? 1 : 0))
            totals.append(totals[totals.count - 1] + entry.value)
        }
        self.successes = successes
        self.totals = totals
        isKnownInOrder = zip(entries, entries.dropFirst()).allSatisfy { $0.knownAt <= $1.knownAt }
    }

    /// The base rate of a claim with money: entry hours of the last 180 days whose windows had closed when it was decided.
    func base(at decided: Hour) -> BaseRate {
        guard isKnownInOrder else {
            let closed = closed(at: decided)
            return Self.base(
                count: closed.count, successes: closed.count { $0.isSuccess }, total: sum(closed.map(\.value)))
        }
        let places = places(at: decided)
        return Self.base(
            count: places.count, successes: successes[places.upperBound] - successes[places.lowerBound],
            total: totals[places.upperBound] - totals[places.lowerBound])
    }

    /// The base rate of a claim without money: the share of the same hours in which the absolute return was within the move
    /// that was usual when it was decided, or beyond it.
    func base(at decided: Hour, usual: Double?, isWithin: Bool) -> BaseRate {
        guard let usual else { return .assumed }
        let closed = closed(at: decided)
        return Self.base(count: closed.count, successes: closed.count { ($0.value <= usual) == isWithin }, total: 0)
    }

    private func closed(at decided: Hour) -> ArraySlice<Entry> {
        guard !isKnownInOrder else { return entries[places(at: decided)] }
        return entries[first(at: decided)...].prefix { $0.hour < decided }.filter { $0.knownAt <= decided }[...]
    }

    private func first(at decided: Hour) -> Int {
        entries.partitioningIndex { $0.hour.distance(to: decided) <= BaseRate.memory }
    }

    private func places(at decided: Hour) -> Range<Int> {
        let first = first(at: decided)
        return first..<max(first, entries.partitioningIndex { $0.knownAt > decided })
    }

    private static func base(count: Int, successes: Int, total: Double) -> BaseRate {
        guard count >= BaseRate.needed else { return .assumed }
        return BaseRate(
            share: Double(successes) / Double(count), meanBasisPoints: total / Double(count), isAssumed: false)
    }
}
