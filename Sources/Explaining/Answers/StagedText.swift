import PerpCore

/// The lines of a staged file, to find the one of a record.
public struct StagedText {
    /// One line.
    public struct Line: Hashable, Sendable {
        /// The number of the line in the file, from 1.
        public var number: Int
        /// Its bytes.
        public var text: String
        fileprivate var members: [String: String]

        /// The bytes of a member, without quotes; `nil` when the line has none of that name.
        public func bytes(of member: String) -> String? { members[member] }
    }

    private let buffer: ByteBuffer

    /// Takes the decompressed bytes of a staged file.
    public init(_ buffer: ByteBuffer) { self.buffer = buffer }

    /// The lines of a record whose members have these bytes.
    public func lines(of record: String, where wanted: [(name: String, bytes: String)]) -> [Line] {
        buffer.withBytes { bytes in
            let start = Array("{\"record\":\"\(record)\"".utf8)
            var lines: [Line] = []
            var offset = 0
            var number = 0
            while offset < bytes.count {
                let end = bytes.first(0x0A, from: offset) ?? bytes.count
                number += 1
                if end - offset > start.count, bytes.equals(start, at: offset..<offset + start.count) {
                    let line = Self.line(bytes, number, offset..<end)
                    if wanted.allSatisfy({ line.members[$0.name] == $0.bytes }) { lines.append(line) }
                }
                offset = end + 1
            }
            return lines
        }
    }

    private static func line(_ bytes: UnsafeBufferPointer<UInt8>, _ number: Int, _ place: Range<Int>) -> Line {
        Line(number: number, text: bytes.text(place), members: bytes.members(at: place))
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The members of the object at a place, by name: the bytes of each value, of a text without its quotes.
    func members(at place: Range<Int>, except left: Set<String> = []) -> [String: String] {
        var members: [String: String] = [:]
        var cursor = JSONCursor(UnsafeBufferPointer(rebasing: self[..<place.upperBound]), at: place.lowerBound)
        cursor.members { cursor, name in
            let isText = cursor.peek() == UInt8(ascii: "\"")
            let place = cursor.value()
            let name = text(name)
            guard !left.contains(name) else { return }
            members[name] = text(isText ? place.lowerBound + 1..<place.upperBound - 1 : place)
        }
        return members
    }
}

extension RawText {
    /// What a line says of its request and response, by name, without the body.
    public func members(ofLine number: Int) -> [String: String] {
        guard let line = lines.first(where: { $0.number == number }) else { return [:] }
        return buffer.withBytes {
            $0.members(at: line.place, except: ["body", "body_text", "body_base64", "message", "headers"])
        }
    }
}
