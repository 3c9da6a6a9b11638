import CDeflate
import PerpCore

/// Why bytes are no zip archive that can be read.
public enum ZipError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no end of a central directory.
    case notZip
    /// A part lies outside the bytes, or states what cannot be.
    case damaged(String)
    /// The entry is packed or locked in a way that is not read.
    case unsupported(String)
    /// The entry holds, or says that it holds, more than `limit` bytes.
    case tooLarge(limit: Int)
    /// The content is not that of which the archive has the checksum.
    case wrongChecksum(name: String)

    /// One lower-case line for messages.
    public var description: String {
        switch self {
        case .notZip: "not a zip archive, or cut short"
        case .damaged(let what): "the zip archive is damaged: \(what)"
        case .unsupported(let what): "the zip archive uses what is not read: \(what)"
        case .tooLarge(let limit): "the zip archive holds more than \(limit) bytes"
        case .wrongChecksum(let name): "the zip archive is damaged: '\(name)' has another checksum"
        }
    }
}

/// The list of a zip archive's entries, as its central directory has it. Every offset is checked before it is used.
///
/// Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
public struct ZipDirectory: Sendable {
    /// One file of an archive.
    public struct Entry: Hashable, Sendable {
        /// The path, as stored.
        public let name: String
        /// The size in bytes before packing, as stated.
        public let size: Int
        let packedSize: Int
        let method: Int
        let checksum: UInt32
        let headerOffset: Int

        /// Whether it stands for a folder, which has no content.
        public var isFolder: Bool { name.hasSuffix("/") }
    }

    /// The entries in the directory's order.
    public let entries: [Entry]

    /// The most entries that are read: public archives have one.
    private static let mostEntries = 10_000
    private static let endSize = 22
    private static let longestComment = 65_535

    /// Reads the directory of an archive.
    /// - Throws: `ZipError`.
    public init(_ bytes: UnsafeBufferPointer<UInt8>) throws(ZipError) {
        let reader = ByteReader(bytes)
        guard let end = Self.end(of: reader) else { throw .notZip }
        var count = try reader.number(at: end + 10, bytes: 2)
        var size = try reader.number(at: end + 12, bytes: 4)
        var offset = try reader.number(at: end + 16, bytes: 4)
        if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            (count, size, offset) = try Self.longEnd(before: end, reader)
        }
        guard count <= Self.mostEntries else { throw .unsupported("\(count) entries") }
        guard offset <= end, size <= end - offset else { throw .damaged("its directory lies outside") }
        var entries: [Entry] = []
        var position = offset
        for _ in 0..<count {
            entries.append(try Self.entry(at: &position, until: offset + size, reader))
        }
        self.entries = entries
    }

    /// The last end of a directory whose comment reaches to the end of the bytes.
    private static func end(of reader: ByteReader) -> Int? {
        var position = reader.count - endSize
        let first = max(0, position - longestComment)
        while position >= first, position >= 0 {
            if let mark = try? reader.number(at: position, bytes: 4), mark == 0x0605_4B50,  // inside: checked above
                let comment = try? reader.number(at: position + 20, bytes: 2),
                position + endSize + comment == reader.count
            {
                return position
            }
            position -= 1
        }
        return nil
    }

    /// Count, size and offset of the directory from the end with 64 bits.
    private static func longEnd(
        before end: Int, _ reader: ByteReader
    ) throws(ZipError) -> (count: Int, size: Int, offset: Int) {
        guard end >= 20, try reader.number(at: end - 20, bytes: 4) == 0x0706_4B50 else {
            throw .damaged("its end with 64 bits is missing")
        }
        let position = try reader.number(at: end - 12, bytes: 8)
        guard try reader.number(at: position, bytes: 4) == 0x0606_4B50 else {
            throw .damaged("its end with 64 bits is missing")
        }
        return (
            try reader.number(at: position + 32, bytes: 8), try reader.number(at: position + 40, bytes: 8),
            try reader.number(at: position + 48, bytes: 8)
        )
    }

    private static func entry(
        at position: inout Int, until end: Int, _ reader: ByteReader
    ) throws(ZipError) -> Entry {
        guard try reader.number(at: position, bytes: 4) == 0x0201_4B50 else { throw .damaged("an entry has no mark") }
        let flags = try reader.number(at: position + 8, bytes: 2)
        let method = try reader.number(at: position + 10, bytes: 2)
        let checksum = try reader.number(at: position + 16, bytes: 4)
        var packedSize = try reader.number(at: position + 20, bytes: 4)
        var size = try reader.number(at: position + 24, bytes: 4)
        let nameLength = try reader.number(at: position + 28, bytes: 2)
        let extraLength = try reader.number(at: position + 30, bytes: 2)
        let commentLength = try reader.number(at: position + 32, bytes: 2)
        var offset = try reader.number(at: position + 42, bytes: 4)
        let name = String(decoding: try reader.part(at: position + 46, count: nameLength), as: UTF8.self)
        let extra = position + 46 + nameLength
        let next = extra + extraLength + commentLength
        guard next <= end else { throw .damaged("an entry lies outside of the directory") }
        if size == 0xFFFF_FFFF || packedSize == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
            var field = try longSizes(at: extra, count: extraLength, reader)
            // Those that are too long for 32 bits stand there, in this order.
            if size == 0xFFFF_FFFF { size = try field.next() }
            if packedSize == 0xFFFF_FFFF { packedSize = try field.next() }
            if offset == 0xFFFF_FFFF { offset = try field.next() }
        }
        guard flags & 1 == 0 else { throw .unsupported("'\(name)' is encrypted") }
        position = next
        return Entry(
            name: name, size: size, packedSize: packedSize, method: method, checksum: UInt32(checksum),
            headerOffset: offset)
    }

    /// The numbers of 64 bits in an entry's extra fields.
    private struct LongSizes {
        let reader: ByteReader
        var position: Int
        let end: Int

        mutating func next() throws(ZipError) -> Int {
            guard position + 8 <= end else { throw .damaged("a size with 64 bits is missing") }
            defer { position += 8 }
            return try reader.number(at: position, bytes: 8)
        }
    }

    private static func longSizes(at start: Int, count: Int, _ reader: ByteReader) throws(ZipError) -> LongSizes {
        var position = start
        while position + 4 <= start + count {
            let kind = try reader.number(at: position, bytes: 2)
            let length = try reader.number(at: position + 2, bytes: 2)
            let end = position + 4 + length
            guard end <= start + count else { break }
            if kind == 1 { return LongSizes(reader: reader, position: position + 4, end: end) }
            position = end
        }
        throw .damaged("a size with 64 bits is missing")
    }
}

extension Inflater {
    /// Appends the content of an entry of a zip archive. The output is unchanged after an error.
    ///
    /// - Parameters:
    ///   - bytes: the whole archive.
    ///   - limit: the most bytes that the entry may hold.
    /// - Throws: `ZipError`, also when the content has another checksum than the directory states.
    public func inflate(
        _ entry: ZipDirectory.Entry, of bytes: UnsafeBufferPointer<UInt8>, into output: ByteBuffer,
        limit: Int = usualLimit
    ) throws(ZipError) {
        guard entry.size <= limit else { throw .tooLarge(limit: limit) }
        let packed = try Self.packed(entry, ByteReader(bytes))
        let room = output.reserve(max(1, entry.size))
        switch entry.method {
        case 0:
            guard packed.count == entry.size else { throw .damaged("'\(entry.name)' has two sizes") }
            if let start = packed.baseAddress, !packed.isEmpty { room.update(from: start, count: packed.count) }
        case 8:
            // With the exact size: a content that is longer or shorter is an error, and takes no more memory.
            let result = libdeflate_deflate_decompress(
                decompressor, packed.baseAddress, packed.count, room, entry.size, nil)
            guard result == LIBDEFLATE_SUCCESS else {
                throw .damaged("'\(entry.name)' cannot be unpacked to its \(entry.size) bytes")
            }
        default: throw .unsupported("'\(entry.name)' is packed by method \(entry.method)")
        }
        guard crc32(UnsafeBufferPointer(start: room, count: entry.size)) == entry.checksum else {
            throw .wrongChecksum(name: entry.name)
        }
        output.advance(by: entry.size)
    }

    /// The packed bytes of an entry, behind the header that stands before them.
    private static func packed(
        _ entry: ZipDirectory.Entry, _ reader: ByteReader
    ) throws(ZipError) -> UnsafeBufferPointer<UInt8> {
        let header = entry.headerOffset
        guard try reader.number(at: header, bytes: 4) == 0x0403_4B50 else {
            throw .damaged("'\(entry.name)' has no header")
        }
        let nameLength = try reader.number(at: header + 26, bytes: 2)
        let extraLength = try reader.number(at: header + 28, bytes: 2)
        let packed = try reader.part(at: header + 30 + nameLength + extraLength, count: entry.packedSize)
        // Deflate packs at most 1032 bytes into one: a false size costs no memory.
        guard entry.method != 8 || entry.size <= packed.count * 1032 + 1032 else {
            throw .damaged("'\(entry.name)' states a size that it cannot have")
        }
        return packed
    }
}

/// The checksum of bytes that gzip and zip use.
public func crc32(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    // The library takes a missing address as the beginning of a sum.
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return 0 }
    return libdeflate_crc32(0, start, bytes.count)
}

/// Reads little-endian numbers and parts of bytes, none outside of them.
struct ByteReader: Sendable {
    private nonisolated(unsafe) let bytes: UnsafeBufferPointer<UInt8>  // read only, and never kept beyond a call

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var count: Int { bytes.count }

    func number(at offset: Int, bytes length: Int) throws(ZipError) -> Int {
        let part = try part(at: offset, count: length)
        let value = part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: value) else { throw .damaged("a number is too large") }
        return number
    }

    func part(at offset: Int, count length: Int) throws(ZipError) -> UnsafeBufferPointer<UInt8> {
        guard offset >= 0, length >= 0, offset <= bytes.count, length <= bytes.count - offset else {
            throw .damaged("it is cut short")
        }
        return UnsafeBufferPointer(rebasing: bytes[offset..<offset + length])
    }
}
