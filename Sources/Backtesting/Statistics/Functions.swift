#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The complementary error function of the C library.
func complementaryError(_ value: Double) -> Double { erfc(value) }

/// The sum in the order of the values.
func sum(_ values: some Sequence<Double>) -> Double { values.reduce(0, +) }
