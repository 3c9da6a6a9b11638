import JSONReader
import PerpCore

/// The rows of a table of values with commas, read line by line without a copy of the text.
///
/// Strict: all rows have as many fields as the first line, and a quote stands only around a whole field. A first line that
/// does not begin with a digit is a header and says where the columns are.
struct CSVLines {
    /// The names of the columns that are wanted.
    private let columns: [StaticString]
    /// For each wanted column, its place in the lines; `nil` when the header does not name it.
    private var places: [Int?]
    private var width: Int?
    private var rest: Rest
    private var line = 0

    /// Bytes that have not been read.
    private struct Rest {
        let bytes: UnsafeBufferPointer<UInt8>
        var index: Int
    }

    /// - Parameters:
    ///   - text: valid as long as the rows are used.
    ///   - columns: those of a file without a header, in its order; a header may name more, and in another order.
    init(_ text: UnsafeBufferPointer<UInt8>, columns: [StaticString]) {
        self.columns = columns
        places = columns.indices.map { $0 }
        let mark = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        rest = Rest(bytes: text, index: mark)
        readHeader()
    }

    /// The next row; `nil` at the end. Blank lines are passed over.
    mutating func next() -> CSVRow? {
        while let bytes = nextLine() {
            guard !bytes.isEmpty else { continue }
            let fields = Self.fields(of: bytes)
            if width == nil { width = fields.count }
            return CSVRow(
                line: line, bytes: bytes, fields: fields, isWhole: fields.count == width, columns: columns,
                places: places)
        }
        return nil
    }

    private mutating func readHeader() {
        var ahead = self
        guard let first = ahead.nextLine(), let byte = first.first,
            !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        else { return }
        // Wanted columns may stand anywhere, and names may have bytes around them that no column has.
        let names = Self.fields(of: first).map(Self.name)
        let found = columns.map { column in names.firstIndex(of: "\(column)") }
        guard found.contains(where: { $0 != nil }) else { return }
        self = ahead
        places = found
        width = names.count
    }

    /// The first word of a header's field: some have a byte order mark before it, or a translation behind it.
    private static func name(_ field: UnsafeBufferPointer<UInt8>) -> String {
        func isOfName(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        let word = field.drop { !isOfName($0) }.prefix(while: isOfName)
        return String(decoding: word, as: UTF8.self).lowercased()
    }

    /// The next line without its end.
    private mutating func nextLine() -> UnsafeBufferPointer<UInt8>? {
        guard rest.index < rest.bytes.count else { return nil }
        let tail = rest.bytes[rest.index...]
        let end = tail.firstIndex(of: 0x0A) ?? rest.bytes.count
        var bytes = rest.bytes[rest.index..<end]
        if bytes.last == 0x0D { bytes = bytes.dropLast() }
        rest.index = end + 1
        line += 1
        return UnsafeBufferPointer(rebasing: bytes)
    }

    private static func fields(of line: UnsafeBufferPointer<UInt8>) -> [UnsafeBufferPointer<UInt8>] {
        var fields: [UnsafeBufferPointer<UInt8>] = []
        fields.reserveCapacity(12)
        var start = 0
        for index in 0...line.count where index == line.count || line[index] == UInt8(ascii: ",") {
            var field = line[start..<index]
            if field.count >= 2, field.first == UInt8(ascii: "\""), field.last == UInt8(ascii: "\"") {
                field = field.dropFirst().dropLast()
            }
            fields.append(UnsafeBufferPointer(rebasing: field))
            start = index + 1
        }
        return fields
    }
}

/// One row, whose fields are named by the index of their column among those that are wanted.
struct CSVRow {
    /// The number of the line in the file, from 1.
    let line: Int
    /// The whole line.
    let bytes: UnsafeBufferPointer<UInt8>
    fileprivate let fields: [UnsafeBufferPointer<UInt8>]
    /// Whether the row has as many fields as the first line.
    fileprivate let isWhole: Bool
    fileprivate let columns: [StaticString]
    fileprivate let places: [Int?]

    fileprivate init(
        line: Int, bytes: UnsafeBufferPointer<UInt8>, fields: [UnsafeBufferPointer<UInt8>], isWhole: Bool,
        columns: [StaticString], places: [Int?]
    ) {
        self.line = line
        self.bytes = bytes
        self.fields = fields
        self.isWhole = isWhole
        self.columns = columns
        self.places = places
    }

    /// Throws when the row has another number of fields than the first line.
    func checkWidth() throws(FieldError) {
        guard isWhole else { throw .unknown(field: "row", value: text) }
    }

    /// The line as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    private func field(_ column: Int) -> UnsafeBufferPointer<UInt8>? {
        guard let place = places[column], place < fields.count, !fields[place].isEmpty else { return nil }
        return fields[place]
    }

    private func name(_ column: Int) -> String { "\(columns[column])" }

    /// A text that is not blank.
    func string(_ column: Int) throws(FieldError) -> String {
        guard let field = field(column) else { throw .missing(field: name(column)) }
        return String(decoding: field, as: UTF8.self)
    }

    /// A finite number; `nil` when the field is blank or the file has no such column.
    func optionalNumber(_ column: Int) throws(FieldError) -> Double? {
        guard let field = field(column) else { return nil }
        guard let number = Decimal.read(field), number.isFinite else {
            throw .notANumber(field: name(column), value: String(decoding: field, as: UTF8.self))
        }
        return number
    }

    /// A finite number.
    func number(_ column: Int) throws(FieldError) -> Double {
        guard let number = try optionalNumber(column) else { throw .missing(field: name(column)) }
        return number
    }

    /// A number that is not negative; `nil` as for `optionalNumber`.
    func optionalNonNegative(_ column: Int) throws(FieldError) -> Double? {
        guard let number = try optionalNumber(column) else { return nil }
        guard number >= 0 else { throw .negative(field: name(column), value: try string(column)) }
        return number
    }

    /// A number that is not negative.
    func nonNegative(_ column: Int) throws(FieldError) -> Double {
        guard let number = try optionalNonNegative(column) else { throw .missing(field: name(column)) }
        return number
    }

    /// A positive price.
    func price(_ column: Int) throws(FieldError) -> Double {
        let number = try number(column)
        guard number > 0 else { throw .notPositive(field: name(column), value: try string(column)) }
        return number
    }

    /// An instant as a number of seconds, milliseconds or microseconds after the epoch, by its size: files of one series
    /// have changed their unit. Seconds are below 10^11, which is the year 5138; milliseconds below 10^14.
    func time(_ column: Int) throws(FieldError) -> Timestamp {
        let number = try number(column)
        let milliseconds = number < 1e11 ? number * 1000 : number < 1e14 ? number : number / 1000
        guard milliseconds > 0, milliseconds <= Double(Timestamp.latest.milliseconds) else {
            throw .notATime(field: name(column), value: try string(column))
        }
        return Timestamp(milliseconds: Int64(milliseconds.rounded(.down)))
    }

    /// An instant as text in UTC: `2026-11-01 00:05:00`.
    func textTime(_ column: Int) throws(FieldError) -> Timestamp {
        let text = try string(column)
        guard text.utf8.count == 19, let time = Timestamp(iso8601: text.replacing(" ", with: "T") + "Z") else {
            throw .notATime(field: name(column), value: text)
        }
        return time
    }

    /// The instant of a grid that is near: files have stamps with odd seconds.
    ///
    /// - Parameter step: the distance of the grid in milliseconds; a stamp is at most a minute from its instant.
    func slot(_ column: Int, step: Int64) throws(FieldError) -> Timestamp {
        let time = try time(column).milliseconds
        let nearest = (time + step / 2) / step * step
        guard abs(nearest - time) <= 60_000 else {
            throw .notATime(field: name(column), value: try string(column))
        }
        return Timestamp(milliseconds: nearest)
    }
}
