import PerpCore

/// Draws that a text decides, so that a result is the same in every run and in every order of work.
///
/// Sources: https://prng.di.unimi.it/splitmix64.c and http://www.isthe.com/chongo/tech/comp/fnv/
public struct SeededDraws: Sendable {
    private var generator: SplitMix64

    /// The draws of a seed.
    public init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// The draws of a text such as `trades|3|LONG|24|v2`.
    public init(_ text: String) { self.init(seed: Self.seed(of: text)) }

    /// FNV-1a of the text's UTF-8 bytes, 64 bits.
    public static func seed(of text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// The next number from 0 up to, but not including, 1.
    public mutating func unit() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    /// The next whole number from 0 up to, but not including, `count`.
    public mutating func below(_ count: Int) -> Int { Int(unit() * Double(count)) }
}
