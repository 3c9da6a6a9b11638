#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Repeatable randomness: every draw is a hash of its purpose, so hours can be requested in any order.
enum Noise {
    /// A hash of a key and a counter: the finalizer of SplitMix64.
    static func hash(_ key: UInt64, _ counter: Int64 = 0) -> UInt64 {
        var value = key &+ UInt64(bitPattern: counter) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A hash of a text: FNV-1a of its UTF-8 with the seed mixed into the offset basis, then mixed by `hash(_:_:)`. Without a
    /// seed the first step is plain FNV-1a.
    static func hash(_ text: some StringProtocol, seed: UInt64 = 0) -> UInt64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash(value)
    }

    /// A draw from [0, 1).
    static func unit(_ key: UInt64, _ counter: Int64 = 0) -> Double {
        Double(hash(key, counter) >> 11) * 0x1p-53
    }

    /// A draw from [-1, 1).
    static func signed(_ key: UInt64, _ counter: Int64 = 0) -> Double { 2 * unit(key, counter) - 1 }

    /// Continuous noise between -1 and 1: a draw at every whole `position`, with smooth transitions between neighbors.
    static func smooth(_ key: UInt64, at position: Double) -> Double {
        let floor = position.rounded(.down)
        let index = Int64(floor)
        let fraction = position - floor
        let eased = fraction * fraction * (3 - 2 * fraction)
        let left = signed(key, index)
        return left + (signed(key, index &+ 1) - left) * eased
    }

    /// Continuous noise between -1 and 1 that changes over about `hours`, at `time` in hours after the epoch.
    static func wave(_ key: UInt64, _ label: UInt64, hours: Double, at time: Double) -> Double {
        smooth(key ^ (label &* 0xD6E8_FEB8_6659_FD93), at: time / hours)
    }
}

func exponential(_ value: Double) -> Double { exp(value) }
func logarithm10(_ value: Double) -> Double { log10(value) }
func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// Powers of ten that a `Double` holds exactly.
let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
]
