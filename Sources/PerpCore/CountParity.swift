/// How many counts of contracts are even and odd: a sum of two equal sides cannot be odd.
///
/// Only different counts of an instrument are counted, since a market that stands still says the same thing every hour;
/// zero says nothing, and multiples of ten are told apart, since an order step of 10 or 100 makes all counts even.
public struct CountParity: Hashable, Sendable {
    /// What the counts say about the sides that a figure has.
    public enum SidesVerdict: String, Hashable, Sendable {
        /// As the adapter reads it: odd counts of one side, or only even counts of a sum.
        case agrees
        /// Kept as one side, and always even: perhaps a sum of two.
        case suspect
        /// Halved, and odd as sent at least once: it cannot be a sum of two equal sides.
        case wrong
        /// All counts are multiples of ten, so that they say nothing.
        case blind
        /// Fewer than `enough` counts that say something.
        case tooFew
    }

    /// Counts needed for a verdict that rests on all of them being even. By chance, one-sided counts would all be even
    /// once in 2^200.
    public static let enough = 200

    /// Whole counts, each once per instrument.
    public private(set) var counts = 0
    /// Those of them that are multiples of ten.
    public private(set) var multiplesOfTen = 0
    /// Those of them that are odd.
    public private(set) var odd = 0

    /// Creates a tally of no counts.
    public init() {}

    /// Adds the counts of one instrument, as sent; their order and repetitions make no difference. An instrument with a
    /// fraction among them is left out: its contracts can be divided.
    public mutating func add(_ sent: some Sequence<Double>) {
        let different = Set(sent)
        guard different.allSatisfy(Self.isWhole) else { return }
        for count in Set(different.map { $0.rounded() }) where count > 0 {
            counts += 1
            if count.truncatingRemainder(dividingBy: 10) == 0 { multiplesOfTen += 1 }
            if count.truncatingRemainder(dividingBy: 2) == 1 { odd += 1 }
        }
    }

    /// What the counts say about a figure that an adapter reads as `sides`.
    public func verdict(on sides: ContractCount.SentSides) -> SidesVerdict {
        if odd > 0 { return sides == .both ? .wrong : .agrees }
        guard counts >= Self.enough else { return .tooFew }
        if multiplesOfTen == counts { return .blind }
        guard counts - multiplesOfTen >= Self.enough else { return .tooFew }
        return sides == .both ? .agrees : .suspect
    }

    /// Whether a count is whole but for what dividing coins by a contract's size leaves over.
    private static func isWhole(_ count: Double) -> Bool {
        count >= 0 && count < 1e11 && abs(count - count.rounded()) < 1e-3
    }
}
