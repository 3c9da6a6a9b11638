import Gzip
import PerpCore
import Testing

@Suite("Gzip")
struct GzipTests {
    private func packed(_ bytes: [UInt8], level: Int = 1) -> [UInt8] {
        let output = ByteBuffer()
        let input = ByteBuffer(bytes)
        input.withBytes { Deflater(level: level).deflate($0, into: output) }
        return output.array
    }

    private func unpacked(_ bytes: [UInt8], limit: Int = 1 << 24) throws -> [UInt8] {
        let output = ByteBuffer()
        let input = ByteBuffer(bytes)
        try input.withBytes { try Inflater().inflate($0, into: output, limit: limit) }
        return output.array
    }

    @Test("any bytes come back", arguments: [0, 1, 63, 4096, 1_000_000])
    func roundTrip(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        #expect(try unpacked(packed(bytes)) == bytes)
    }

    @Test("the header tells neither time nor system")
    func header() { #expect(Array(packed([1, 2, 3]).prefix(10)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 255]) }

    @Test("several members are one stream")
    func members() throws { #expect(try unpacked(packed([1, 2]) + packed([]) + packed([3])) == [1, 2, 3]) }

    @Test("a stream that is cut anywhere is refused")
    func cut() {
        let whole = packed(Array(repeating: 7, count: 1000) + Array(0...255))
        for length in 0..<whole.count {
            #expect(throws: GzipError.self) { try unpacked(Array(whole.prefix(length))) }
        }
    }

    @Test("a flipped bit is noticed; bits that say nothing change nothing")
    func flipped() {
        let bytes = Array("a line of text that says something".utf8)
        let whole = packed(bytes)
        var noticed = 0
        for place in 10..<whole.count {
            var damaged = whole
            damaged[place] ^= 0x10
            let read = try? unpacked(damaged)
            #expect(read == nil || read == bytes)
            if read == nil { noticed += 1 }
        }
        #expect(noticed >= whole.count - 12)
    }

    @Test("bytes behind the last member are refused")
    func trailing() { #expect(throws: GzipError.notGzip) { try unpacked(packed([1]) + [0, 0, 0]) } }

    @Test("a small file that holds too much is refused at the limit")
    func bomb() {
        let bomb = packed(Array(repeating: 0, count: 10_000_000), level: 12)
        #expect(bomb.count < 20_000)
        #expect(throws: GzipError.tooLarge(limit: 1_000_000)) { try unpacked(bomb, limit: 1_000_000) }
    }
}
