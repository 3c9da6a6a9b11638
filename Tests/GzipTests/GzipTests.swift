import Gzip
import PerpCore
import Testing

@Suite("Gzip")
struct GzipTests {
    private func packed(_ bytes: [UInt8], for goal: Deflater.Goal = .speed) -> [UInt8] {
        let output = ByteBuffer()
        let input = ByteBuffer(bytes)
        input.withBytes { Deflater(for: goal).deflate($0, into: output) }
        return output.array
    }

    private func unpacked(_ bytes: [UInt8], limit: Int = 1 << 24) throws -> [UInt8] {
        let output = ByteBuffer()
        let input = ByteBuffer(bytes)
        try input.withBytes { try Inflater().inflate($0, into: output, limit: limit) }
        return output.array
    }

    @Test("any bytes come back", arguments: [0, 1, 63, 4096, 1_000_000], Deflater.Goal.allCases)
    func roundTrip(count: Int, goal: Deflater.Goal) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        #expect(try unpacked(packed(bytes, for: goal)) == bytes)
    }

    @Test("bytes that nothing packs come back", arguments: [1000, 65_535, 65_536, 1_000_000], Deflater.Goal.allCases)
    func noise(count: Int, goal: Deflater.Goal) throws {
        var state: UInt64 = 42
        let bytes = (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let member = packed(bytes, for: goal)
        #expect(member.count >= count)
        #expect(try unpacked(member) == bytes)
    }

    @Test("the header tells neither time nor system", arguments: Deflater.Goal.allCases)
    func header(goal: Deflater.Goal) {
        let header = packed([1, 2, 3], for: goal).prefix(10)
        #expect(Array(header.prefix(8)) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(header.last == 255)
    }

    @Test("a member does not depend on the ones before it", arguments: Deflater.Goal.allCases, 0..<20)
    func reuse(goal: Deflater.Goal, seed: Int) {
        func text(_ count: Int, _ factor: Int) -> ByteBuffer {
            ByteBuffer((0..<count).flatMap { Array("{\"symbol\":\"\($0 * factor % 977)USDT\",\"price\":\($0 * factor)}\n".utf8) })
        }
        let deflater = Deflater(for: goal)
        let output = ByteBuffer()
        for members in [(300, 7919), (40, 31), (5, 1)] {
            output.removeAll()
            let text = text(members.0 + seed, members.1 + seed)
            text.withBytes { deflater.deflate($0, into: output) }
            #expect(output.array == packed(text.array, for: goal))
        }
    }

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
        for index in 10..<whole.count {
            var damaged = whole
            damaged[index] ^= 0x10
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
        let bomb = packed(Array(repeating: 0, count: 10_000_000), for: .size)
        #expect(bomb.count < 20_000)
        #expect(throws: GzipError.tooLarge(limit: 1_000_000)) { try unpacked(bomb, limit: 1_000_000) }
    }
}
