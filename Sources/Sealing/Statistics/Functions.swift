#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

// The functions of the C library that the formulas name, in one place.

func tanh(_ value: Double) -> Double {
    #if canImport(Glibc)
        Glibc.tanh(value)
    #else
        Darwin.tanh(value)
    #endif
}

/// The natural logarithm.
package func ln(_ value: Double) -> Double { log(value) }

/// `base` raised to `exponent`.
package func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// `value`, but not below `low` nor above `high`.
package func clamp(_ value: Double, _ low: Double, _ high: Double) -> Double { max(low, min(high, value)) }

/// The log odds of a share of 0 to 1, which is first moved to 0.01 or 0.99 where it lies beyond.
package func logit(_ share: Double) -> Double {
    let share = clamp(share, 0.01, 0.99)
    return ln(share / (1 - share))
}
