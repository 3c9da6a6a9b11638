import PerpCore

/// Draws that a text decides, so that a result is the same in every run and in every order of work.
///
/// Source: https://prng.di.unimi.it/splitmix64.c
public struct SeededDraws: Sendable {
    private var generator: SplitMix64

    /// The draws of a seed.
    public init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// The draws of a text such as `trades|3|LONG|24|v2`.
    public init(_ text: String) { self.init(seed: Self.seed(of: text)) }

    /// FNV-1a of the text's UTF-8 bytes, 64 bits.
    public static func seed(of text: String) -> UInt64 {
        Fingerprint(text).value
    }

    /// The next number from 0 up to, but not including, 1.
    public mutating func unit() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    /// The next whole number from 0 up to, but not including, `count`.
    public mutating func below(_ count: Int) -> Int { Int(unit() * Double(count)) }
}
