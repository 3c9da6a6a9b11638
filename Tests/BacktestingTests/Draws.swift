import Backtesting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension SeededDraws {
    /// A number spread normally.
    mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * Double.pi * unit())
    }
}

extension Double {
    static func sine(_ value: Double) -> Double { sin(value) }
}
