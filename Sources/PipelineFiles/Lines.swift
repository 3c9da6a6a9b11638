#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension UnsafeBufferPointer<UInt8> {
    /// The lines of NDJSON, without their line feeds; empty lines are left out.
    var lines: some Sequence<UnsafeBufferPointer<UInt8>> {
        sequence(state: startIndex) { index -> UnsafeBufferPointer<UInt8>? in
            while index < count {
                let end = endOfLine(from: index)
                defer { index = end + 1 }
                if end > index { return UnsafeBufferPointer(rebasing: self[index..<end]) }
            }
            return nil
        }
    }

    /// The index of the next line feed, or the end.
    func endOfLine(from index: Int) -> Int {
        guard let start = baseAddress, let found = memchr(start + index, 0x0A, count - index) else { return count }
        return UnsafeRawPointer(start).distance(to: UnsafeRawPointer(found))
    }
}

/// Why a line is not a line of a raw or staged file.
enum LineError: Error, CustomStringConvertible {
    case notAnObject
    case missing(String)
    case unknown(field: String, value: String)
    /// A record of another exchange or hour than the file's first line.
    case otherHour

    var description: String {
        switch self {
        case .notAnObject: "is not a JSON object"
        case .missing(let field): "field '\(field)' is missing or of another type"
        case .otherHour: "is of another exchange or hour than the file"
        case .unknown(let field, let value): "field '\(field)' is not a known value: '\(value)'"
        }
    }
}
