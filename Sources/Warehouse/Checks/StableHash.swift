/// A hash of 64 bits that is the same on every run and system, unlike `Hasher`. It uses the constants of FNV-1a, but takes
/// words of 64 bits and mixes in their upper bits with a shift, so its values are not those of FNV-1a. Never stored.
///
/// Source of the constants: http://www.isthe.com/chongo/tech/comp/fnv/
struct StableHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 ^ (value >> 29) }

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        add(UInt64(bytes.count))
        for byte in bytes { add(UInt64(byte)) }
    }
}
