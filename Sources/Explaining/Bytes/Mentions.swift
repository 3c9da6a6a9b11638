import PerpCore

/// Finds what of a raw file seems to be about one contract: lines and rows in which its symbol stands, or an id that stands
/// beside the symbol elsewhere in the file.
struct Mentions {
    private let text: RawText
    private let names: [[UInt8]]
    private var ids: Set<[UInt8]> = []

    /// - Parameter symbol: the exchange's own spelling.
    init(of symbol: String, in text: RawText) {
        self.text = text
        names = Self.names(symbol).map { Array($0.utf8) }
        ids = foundIDs()
    }

    /// The symbol, and it without the last of three words: an index is named `BTC-USDT` where its contract is
    /// `BTC-USDT-SWAP`.
    private static func names(_ symbol: String) -> [String] {
        let ends = symbol.indices.filter { "-_:/".contains(symbol[$0]) }
        return ends.count < 2 ? [symbol] : [symbol, String(symbol[..<ends[ends.count - 1]])]
    }

    /// What to leave out of the file for lines that mention the contract.
    func otherLines() -> [Range<Int>] {
        text.buffer.withBytes { bytes in
            text.lines.filter { !isMentioned(bytes, in: $0) }
                .map { $0.place.lowerBound..<min($0.place.upperBound + 1, bytes.count) }
        }
    }

    /// What to leave out of the file for rows that mention the contract, in lines that do.
    func otherRows() -> [Range<Int>] {
        text.buffer.withBytes { bytes in
            var cuts: [Range<Int>] = []
            for line in text.lines {
                guard isMentioned(bytes, in: line) else {
                    cuts.append(line.place.lowerBound..<min(line.place.upperBound + 1, bytes.count))
                    continue
                }
                guard let body = line.body else { continue }
                var cursor = JSONCursor(bytes, at: body.lowerBound)
                _ = visit(&cursor, isID: false, &cuts)
            }
            return cuts
        }
    }

    // MARK: - Lines

    private func isMentioned(_ bytes: UnsafeBufferPointer<UInt8>, in line: RawText.Line) -> Bool {
        let line = UnsafeBufferPointer(rebasing: bytes[line.place])
        return names.contains { Self.contains(line, $0) } || ids.contains { Self.contains(line, $0, asWord: true) }
    }

    private static func contains(
        _ bytes: UnsafeBufferPointer<UInt8>, _ wanted: [UInt8], asWord: Bool = false
    ) -> Bool {
        guard let first = wanted.first else { return false }
        var from = 0
        while let offset = bytes.first(first, from: from), offset + wanted.count <= bytes.count {
            let end = offset + wanted.count
            if bytes.equals(wanted, at: offset..<end),
                !asWord || !(offset > 0 && isLetter(bytes[offset - 1]) || end < bytes.count && isLetter(bytes[end]))
            {
                return true
            }
            from = offset + 1
        }
        return false
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || byte == UInt8(ascii: ".")
    }

    // MARK: - Rows

    /// Whether a value mentions the contract; `cuts` gets the rows inside it that do not, beside rows that do.
    private func visit(_ cursor: inout JSONCursor, isID: Bool, _ cuts: inout [Range<Int>]) -> Bool {
        let bytes = cursor.bytes
        switch cursor.peek() {
        case UInt8(ascii: "{"): return visitMembers(&cursor, &cuts)
        case UInt8(ascii: "["): return visitElements(&cursor, &cuts)
        case UInt8(ascii: "\""):
            guard let place = cursor.string() else { return false }
            return isNamed(bytes, place) || isID && ids.contains(Array(bytes[place]))
        default:
            let place = cursor.word()
            return isID && ids.contains(Array(bytes[place]))
        }
    }

    private func isNamed(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Range<Int>) -> Bool {
        names.contains { bytes.equals($0, at: place) }
    }

    /// A part of an array or an object, which can be left out.
    fileprivate struct Part {
        var place: Range<Int>
        var isMentioned: Bool
        var isRow: Bool
        var cuts: [Range<Int>]
    }

    private func visitElements(_ cursor: inout JSONCursor, _ cuts: inout [Range<Int>]) -> Bool {
        var parts: [Part] = []
        cursor.elements { cursor, _ in
            parts.append(part(&cursor, isID: false, from: nil))
        }
        if parts.contains(where: { $0.isRow && $0.isMentioned }) { parts.removeUnmentioned() }
        cuts += parts.cuts
        return parts.contains(where: \.isMentioned)
    }

    /// An object whose members are named by contracts is a list.
    private func visitMembers(_ cursor: inout JSONCursor, _ cuts: inout [Range<Int>]) -> Bool {
        var parts: [Part] = []
        var isList = false
        var isMentioned = false
        cursor.members { cursor, name in
            let isNamed = isNamed(cursor.bytes, name)
            var part = part(&cursor, isID: Self.isID(cursor.bytes, name), from: name.lowerBound - 1)
            if isNamed { part.isMentioned = true }
            isList = isList || isNamed && part.isRow
            isMentioned = isMentioned || part.isMentioned
            parts.append(part)
        }
        if isList { parts.removeUnmentioned() }
        cuts += parts.cuts
        return isMentioned
    }

    private func part(_ cursor: inout JSONCursor, isID: Bool, from start: Int?) -> Part {
        let next = cursor.peek()
        let begin = start ?? cursor.offset
        var cuts: [Range<Int>] = []
        let isMentioned = visit(&cursor, isID: isID, &cuts)
        return Part(
            place: begin..<cursor.offset, isMentioned: isMentioned,
            isRow: next == UInt8(ascii: "{") || next == UInt8(ascii: "["), cuts: cuts)
    }

    // MARK: - Ids

    /// Whether a member's name ends as that of an id does: `contractId`, `market_id`.
    private static func isID(_ bytes: UnsafeBufferPointer<UInt8>, _ name: Range<Int>) -> Bool {
        guard name.count >= 2 else { return false }
        return bytes[name.upperBound - 2] | 0x20 == UInt8(ascii: "i")
            && bytes[name.upperBound - 1] | 0x20 == UInt8(ascii: "d")
    }

    /// The ids of the objects in which the symbol stands, and of the other objects beside them.
    private struct IDs {
        var own: Set<[UInt8]> = []
        var others: Set<[UInt8]> = []
    }

    /// The ids that stand in one object with the symbol, and in no other object of the same answer.
    private func foundIDs() -> Set<[UInt8]> {
        text.buffer.withBytes { bytes in
            var found: Set<[UInt8]> = []
            for line in text.lines {
                guard let body = line.body,
                    Self.contains(UnsafeBufferPointer(rebasing: bytes[line.place]), names[0])
                else { continue }
                var ids = IDs()
                var cursor = JSONCursor(bytes, at: body.lowerBound)
                findIDs(&cursor, &ids)
                found.formUnion(ids.own.subtracting(ids.others))
            }
            return found
        }
    }

    private func findIDs(_ cursor: inout JSONCursor, _ found: inout IDs) {
        switch cursor.peek() {
        case UInt8(ascii: "["): cursor.elements { cursor, _ in findIDs(&cursor, &found) }
        case UInt8(ascii: "{"):
            var ids: [[UInt8]] = []
            var isSymbol = false
            cursor.members { cursor, name in
                let bytes = cursor.bytes
                var place: Range<Int>?
                switch cursor.peek() {
                case UInt8(ascii: "{"), UInt8(ascii: "["): findIDs(&cursor, &found)
                case UInt8(ascii: "\""): place = cursor.string()
                default: place = cursor.word()
                }
                guard let place, !place.isEmpty else { return }
                if bytes.equals(names[0], at: place) {
                    isSymbol = true
                } else if Self.isID(bytes, name) {
                    ids.append(Array(bytes[place]))
                }
            }
            if isSymbol { found.own.formUnion(ids) } else { found.others.formUnion(ids) }
        default: _ = cursor.value()
        }
    }
}

extension [Mentions.Part] {
    /// Leaves out the rows that do not mention the contract, with the commas beside them.
    fileprivate mutating func removeUnmentioned() {
        guard let last = lastIndex(where: { $0.isMentioned || !$0.isRow }) else { return }
        for index in indices where self[index].isRow && !self[index].isMentioned {
            let place = self[index].place
            self[index].cuts = [
                index < last
                    ? place.lowerBound..<self[index + 1].place.lowerBound
                    : self[index - 1].place.upperBound..<place.upperBound
            ]
        }
    }

    fileprivate var cuts: [Range<Int>] { flatMap(\.cuts) }
}
