/// A hash of 64 bits that is the same on every run and system, unlike `Hasher`. It uses the constants of FNV-1a, but takes
/// words of 64 bits and mixes in their upper bits with a shift, so its values are not those of FNV-1a: for many numbers.
///
/// Source of the constants: http://www.isthe.com/chongo/tech/comp/fnv/
public struct StableHash: Sendable {
    @usableFromInline var hash: UInt64
    /// The hash so far.
    @inlinable public var value: UInt64 { hash }

    /// The hash of nothing.
    @inlinable
    public init() { hash = 0xCBF2_9CE4_8422_2325 }

    /// Adds a word.
    @inlinable
    public mutating func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 ^ (hash >> 29) }

    /// Adds bytes and their number.
    @inlinable
    public mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        add(UInt64(bytes.count))
        for byte in bytes { add(UInt64(byte)) }
    }
}
