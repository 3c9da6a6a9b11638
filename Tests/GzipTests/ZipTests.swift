import Gzip
import PerpCore
import Testing

@Suite("Zip")
struct ZipTests {
    /// An archive with one entry, and where its parts are.
    private struct Written {
        var bytes: [UInt8]
        var directory = 0
        var end = 0
    }

    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func checksum(_ content: [UInt8]) -> Int { Int(content.withUnsafeBufferPointer { crc32($0) }) }

    /// Raw deflate: a gzip member without its header of ten bytes and its trailer of eight.
    private func deflated(_ content: [UInt8]) -> [UInt8] {
        let output = ByteBuffer()
        ByteBuffer(content).withBytes { Deflater(for: .size).deflate($0, into: output) }
        return Array(output.array.dropFirst(10).dropLast(8))
    }

    /// A writer for one entry.
    ///
    /// - Parameters:
    ///   - isLong: whether sizes and offset stand in fields of 64 bits.
    ///   - size: the size that is stated.
    private func zip(
        _ content: [UInt8], name: String = "a.csv", packed: Bool = false, isLong: Bool = false, size: Int? = nil,
        flags: Int = 0, comment: String = "", checksum stated: Int? = nil
    ) -> Written {
        let data = packed ? deflated(content) : content
        let sum = little(stated ?? checksum(content), 4)
        let method = little(packed ? 8 : 0, 2)
        let size = size ?? content.count
        var bytes: [UInt8] = little(0x0403_4B50, 4) + little(20, 2) + little(flags, 2) + method + little(0, 4) + sum
        bytes += little(data.count, 4) + little(size, 4) + little(name.utf8.count, 2) + little(0, 2) + Array(name.utf8)
        bytes += data
        var written = Written(bytes: bytes, directory: bytes.count)
        let long = isLong ? little(1, 2) + little(24, 2) + little(size, 8) + little(data.count, 8) + little(0, 8) : []
        let narrow = 0xFFFF_FFFF
        var entry: [UInt8] = little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + little(flags, 2) + method
        entry += little(0, 4) + sum + little(isLong ? narrow : data.count, 4) + little(isLong ? narrow : size, 4)
        entry += little(name.utf8.count, 2) + little(long.count, 2) + little(0, 2) + little(0, 8)
        entry += little(isLong ? narrow : 0, 4) + Array(name.utf8) + long
        bytes += entry
        if isLong {
            let position = bytes.count
            bytes += little(0x0606_4B50, 4) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8)
            bytes += little(1, 8) + little(1, 8) + little(entry.count, 8) + little(written.directory, 8)
            bytes += little(0x0706_4B50, 4) + little(0, 4) + little(position, 8) + little(1, 4)
        }
        written.end = bytes.count
        bytes += little(0x0605_4B50, 4) + little(0, 4) + little(isLong ? 0xFFFF : 1, 2) + little(isLong ? 0xFFFF : 1, 2)
        bytes += little(isLong ? narrow : entry.count, 4) + little(isLong ? narrow : written.directory, 4)
        bytes += little(comment.utf8.count, 2) + Array(comment.utf8)
        written.bytes = bytes
        return written
    }

    private func content(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [UInt8] {
        let output = ByteBuffer()
        try ByteBuffer(bytes).withBytes { bytes in
            for entry in try ZipDirectory(bytes).entries {
                try Inflater().inflate(entry, of: bytes, into: output, limit: limit)
            }
        }
        return output.array
    }

    private let text = Array("a,b\n1,2\n1,2\n1,2\n1,2\n1,2\n".utf8)

    @Test("stored and packed content comes back, also with sizes of 64 bits", arguments: [false, true], [false, true])
    func roundTrip(packed: Bool, isLong: Bool) throws {
        #expect(try content(zip(text, packed: packed, isLong: isLong).bytes) == text)
        #expect(try content(zip([], packed: packed, isLong: isLong).bytes) == [])
    }

    @Test("names and sizes are those of the directory")
    func names() throws {
        let written = zip(text, name: "BTCUSDT-1h-2026-10.csv", comment: "PK\u{5}\u{6} in a comment")
        let entries = try ByteBuffer(written.bytes).withBytes { try ZipDirectory($0).entries }
        #expect(entries.map(\.name) == ["BTCUSDT-1h-2026-10.csv"] && entries.map(\.size) == [text.count])
        #expect(!entries[0].isFolder)
    }

    @Test("a wrong checksum is an error, and nothing is appended", arguments: [false, true])
    func wrongChecksum(packed: Bool) throws {
        let bytes = zip(text, packed: packed, checksum: 1).bytes
        #expect(throws: ZipError.wrongChecksum(name: "a.csv")) { try content(bytes) }
        let output = ByteBuffer()
        try ByteBuffer(bytes).withBytes { bytes in
            let entry = try ZipDirectory(bytes).entries[0]
            try? Inflater().inflate(entry, of: bytes, into: output)  // it fails, as said above
        }
        #expect(output.count == 0)
    }

    @Test("an entry above the limit is not unpacked")
    func limit() {
        let bytes = zip(Array(repeating: 48, count: 100_000), packed: true).bytes
        #expect(throws: ZipError.tooLarge(limit: 99_999)) { try content(bytes, limit: 99_999) }
    }

    @Test("a stated size that is not the content's is an error", arguments: [1, 23, 25, 2_000, 4_000_000])
    func falseSize(size: Int) {
        #expect(throws: ZipError.self) { try content(zip(text, packed: true, size: size).bytes, limit: 1 << 30) }
        #expect(throws: ZipError.self) { try content(zip(text, size: size).bytes, limit: 1 << 30) }
    }

    @Test("locked entries and other methods are refused")
    func unsupported() {
        #expect(throws: ZipError.unsupported("'a.csv' is encrypted")) { try content(zip(text, flags: 1).bytes) }
        var other = zip(text)
        other.bytes[other.directory + 10] = 12
        #expect(throws: ZipError.unsupported("'a.csv' is packed by method 12")) { try content(other.bytes) }
    }

    @Test("what is no zip is refused")
    func notZip() {
        for bytes in [[], Array("<html>".utf8), Array(repeating: 0, count: 100_000)] as [[UInt8]] {
            #expect(throws: ZipError.notZip) { try content(bytes) }
        }
    }

    @Test("every cut is an error", arguments: [false, true])
    func cuts(isLong: Bool) {
        let bytes = zip(text, packed: true, isLong: isLong).bytes
        for count in 0..<bytes.count {
            #expect(throws: ZipError.self, "\(count)") { try content(Array(bytes.prefix(count))) }
        }
    }

    /// Whatever is changed, reading ends, and content that is returned has its checksum.
    @Test("changed bytes give an error or the content, and never a crash", arguments: [false, true])
    func changed(isLong: Bool) {
        let bytes = zip(text, packed: true, isLong: isLong).bytes
        var random = SplitMix64(seed: 7)
        for _ in 0..<5_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                let found = try content(changed)
                #expect(found == text || found.isEmpty)
            } catch {
                #expect(error is ZipError)
            }
        }
    }
}
