import PerpCore

/// The lines of a raw file of responses, and where the body of each stands.
public struct RawText {
    /// One line: a request and its response.
    struct Line {
        /// The number of the line in the file, from 1.
        var number: Int
        /// Where the line stands, without its line feed.
        var place: Range<Int>
        /// Where the body of the response stands; `nil` where the line has none that is JSON.
        var body: Range<Int>?
        /// Where our time of receipt stands: an exchange that states no time is given it.
        var receivedAt: Range<Int>?
    }

    /// The decompressed bytes of the file.
    let buffer: ByteBuffer
    let lines: [Line]

    /// Finds the lines of decompressed bytes.
    public init(_ buffer: ByteBuffer) {
        self.buffer = buffer
        lines = buffer.withBytes { bytes in
            var lines: [Line] = []
            var start = 0
            var number = 0
            while start < bytes.count {
                let end = bytes.first(0x0A, from: start) ?? bytes.count
                if end > start {
                    number += 1
                    lines.append(Self.line(bytes, number, start..<end))
                }
                start = end + 1
            }
            return lines
        }
    }

    private static func line(_ bytes: UnsafeBufferPointer<UInt8>, _ number: Int, _ place: Range<Int>) -> Line {
        var line = Line(number: number, place: place)
        // A message of a stream stands where the body of a response does.
        let (body, message, receivedAt) = (Array("body".utf8), Array("message".utf8), Array("received_at_ms".utf8))
        var cursor = JSONCursor(UnsafeBufferPointer(rebasing: bytes[..<place.upperBound]), at: place.lowerBound)
        cursor.members { cursor, name in
            let place = cursor.value()
            if bytes.equals(body, at: name) || bytes.equals(message, at: name) { line.body = place }
            if bytes.equals(receivedAt, at: name) { line.receivedAt = place }
        }
        return line
    }

    /// The line in which an offset stands.
    func line(at offset: Int) -> Line? { lines.first { $0.place.contains(offset) } }

    /// The way from the body of a line to the value at an offset: `result.list[17].fundingRate`; `nil` when the value stands
    /// outside the body, and is our time of receipt.
    func path(to offset: Int, in line: Line) -> String? {
        guard let body = line.body, body.contains(offset) else { return nil }
        return buffer.withBytes { bytes -> String in
            var path = ""
            var cursor = JSONCursor(bytes, at: body.lowerBound)
            Self.descend(&cursor, to: offset, &path)
            return path
        }
    }

    private static func descend(_ cursor: inout JSONCursor, to offset: Int, _ path: inout String) {
        let bytes = cursor.bytes
        var found: (start: Int, step: String)?
        func look(_ cursor: inout JSONCursor, _ step: () -> String) {
            let place = cursor.value()
            if place.contains(offset) { found = (place.lowerBound, step()) }
        }
        switch cursor.peek() {
        case UInt8(ascii: "{"):
            cursor.members { cursor, name in
                look(&cursor) { step(of: bytes.text(name), isFirst: path.isEmpty) }
            }
        case UInt8(ascii: "["):
            cursor.elements { cursor, index in look(&cursor) { "[\(index)]" } }
        default: return
        }
        guard let found else { return }
        path += found.step
        var inner = JSONCursor(bytes, at: found.start)
        descend(&inner, to: offset, &path)
    }

    private static func step(of name: String, isFirst: Bool) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        return isPlain && !name.isEmpty ? (isFirst ? name : ".\(name)") : "[\"\(name)\"]"
    }
}
