import PerpCore

/// A part of a raw file that is short enough to be transformed hundreds of times: what is left when parts that seem to be
/// about other contracts are cut out. That it means the same is not assumed: `ValueTrace` compares.
final class Excerpt {
    let buffer: ByteBuffer
    /// The numbers and times that may be changed, ascending, at their places in the excerpt; found when first asked for.
    private(set) lazy var numerals = Self.numerals(of: RawText(buffer))
    /// Runs of bytes that were copied: where each begins in the excerpt and in the file.
    private let runs: [(here: Int, there: Int)]

    /// - Parameter cuts: what is left out, ascending, without overlaps.
    init(of text: RawText, without cuts: [Range<Int>]) {
        let buffer = ByteBuffer(capacity: text.buffer.count)
        var runs: [(here: Int, there: Int)] = []
        text.buffer.withBytes { bytes in
            var start = 0
            for cut in cuts + [bytes.count..<bytes.count] {
                if cut.lowerBound > start {
                    runs.append((buffer.count, start))
                    buffer.append(UnsafeBufferPointer(rebasing: bytes[start..<cut.lowerBound]))
                }
                start = cut.upperBound
            }
        }
        self.buffer = buffer
        self.runs = runs
    }

    /// The offset in the file of an offset in the excerpt.
    func origin(of offset: Int) -> Int {
        guard let run = runs.last(where: { $0.here <= offset }) else { return offset }
        return run.there + offset - run.here
    }

    /// Where a value of the excerpt stands in the file.
    func origin(of numeral: Numeral) -> Numeral {
        var numeral = numeral
        let start = origin(of: numeral.place.lowerBound)
        numeral.digit += start - numeral.place.lowerBound
        numeral.place = start..<start + numeral.place.count
        return numeral
    }

    private static func numerals(of text: RawText) -> [Numeral] {
        text.buffer.withBytes { bytes in
            var numerals: [Numeral] = []
            for line in text.lines {
                if let place = line.receivedAt, let numeral = Numeral(bytes, at: place) { numerals.append(numeral) }
                guard let body = line.body else { continue }
                var cursor = JSONCursor(bytes, at: body.lowerBound)
                collect(&cursor, into: &numerals)
            }
            return numerals
        }
    }

    private static func collect(_ cursor: inout JSONCursor, into numerals: inout [Numeral]) {
        switch cursor.peek() {
        case UInt8(ascii: "{"): cursor.members { cursor, _ in collect(&cursor, into: &numerals) }
        case UInt8(ascii: "["): cursor.elements { cursor, _ in collect(&cursor, into: &numerals) }
        case UInt8(ascii: "\""):
            if let place = cursor.string(), let numeral = Numeral(cursor.bytes, at: place) { numerals.append(numeral) }
        default:
            if let numeral = Numeral(cursor.bytes, at: cursor.word()) { numerals.append(numeral) }
        }
    }
}
