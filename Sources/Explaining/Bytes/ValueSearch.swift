import PerpCore

/// Changes digits of an excerpt and looks what becomes of one value.
final class ValueSearch {
    /// A number whose change moves the value.
    struct Move {
        var numeral: Numeral
        /// The bytes of the number.
        var text: String
        /// The number, and what it was changed to.
        var stated: Double
        var changed: Double
        /// What the value became.
        var result: Double
    }

    /// How numbers are tried.
    enum Look: CaseIterable {
        /// Many at once: quick, but changes may cancel out, or spoil one answer so that another one stands in with an equal
        /// value.
        case halves
        /// The same with other changes.
        case otherHalves
        /// One after the other, where there are few.
        case each
    }

    /// More runs than this are not worth the wait.
    private static let longest = 4000
    private static let fewNumerals = 1000

    let excerpt: Excerpt
    private let value: Double
    private let transform: (UnsafeBufferPointer<UInt8>) -> FieldValue
    /// How often the excerpt was transformed.
    var runs = 0

    init(_ excerpt: Excerpt, value: Double, transform: @escaping (UnsafeBufferPointer<UInt8>) -> FieldValue) {
        self.excerpt = excerpt
        self.value = value
        self.transform = transform
    }

    /// Whether the excerpt alone gives the value.
    func isFaithful() -> Bool { outcome(of: []) == value }

    /// What the value becomes when one number is changed; `nil` when it vanishes.
    func outcome(of numeral: Numeral) -> Double? { outcome(of: [numeral][...]) }

    /// The numbers that the value is made from, in the order of the text.
    ///
    /// Those whose change makes it vanish are left out: they name the row, or say that an answer is good. So are those of which
    /// only matters whether they are what they are: another change of them gives the same.
    ///
    func moves(_ look: Look) -> [Move] {
        var found: [Move] = []
        switch look {
        case .halves: find(excerpt.numerals[...], isKnown: false, &found)
        case .otherHalves: find(excerpt.numerals.map(\.other)[...], isKnown: false, &found)
        case .each where excerpt.numerals.count <= Self.fewNumerals: found = excerpt.numerals.compactMap(move)
        case .each: break
        }
        return found
    }

    /// Halves a set of numbers until each that matters is alone.
    ///
    /// - Parameter isKnown: whether it is known that the set matters.
    private func find(_ numerals: ArraySlice<Numeral>, isKnown: Bool, _ found: inout [Move]) {
        guard let first = numerals.first, runs < Self.longest else { return }
        if numerals.count == 1 {
            if let move = move(of: first) { found.append(move) }
            return
        }
        if !isKnown, outcome(of: numerals) == value { return }
        let middle = numerals.startIndex + numerals.count / 2
        let left = numerals[..<middle]
        let isLeft = outcome(of: left) != value
        if isLeft { find(left, isKnown: true, &found) }
        find(numerals[middle...], isKnown: !isLeft, &found)
    }

    private func move(of numeral: Numeral) -> Move? {
        guard let result = outcome(of: numeral), result != value else { return nil }
        guard outcome(of: numeral.other) != result else { return nil }
        let text = excerpt.buffer.withBytes { $0.text(numeral.place) }
        var bytes = Array(text.utf8)
        bytes[numeral.digit - numeral.place.lowerBound] = numeral.replacements.0
        guard let stated = Numeral.value(of: text),
            let changed = Numeral.value(of: String(decoding: bytes, as: UTF8.self))
        else { return nil }
        return Move(numeral: numeral, text: text, stated: stated, changed: changed, result: result)
    }

    private func outcome(of numerals: ArraySlice<Numeral>) -> Double? {
        runs += 1
        let start = excerpt.buffer.start
        let kept = numerals.map { start[$0.digit] }
        for numeral in numerals { start[numeral.digit] = numeral.replacements.0 }
        defer { for (numeral, digit) in zip(numerals, kept) { start[numeral.digit] = digit } }
        return excerpt.buffer.withBytes { transform($0).asNumber }
    }
}
