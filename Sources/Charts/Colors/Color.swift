#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A color of sRGB.
struct Color: Hashable, Sendable, CustomStringConvertible {
    let red: UInt8
    let green: UInt8
    let blue: UInt8

    /// The color of a number such as `0x0072B2`.
    init(_ hexadecimal: UInt32) {
        red = UInt8(hexadecimal >> 16 & 0xFF)
        green = UInt8(hexadecimal >> 8 & 0xFF)
        blue = UInt8(hexadecimal & 0xFF)
    }

    static let black = Color(0x000000)
    static let white = Color(0xFFFFFF)

    /// The color as in `#0072b2`.
    var description: String {
        let digits = [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return "#" + digits.joined()
    }

    /// Relative luminance, 0 to 1. Source: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance
    var luminance: Double {
        func linear(_ part: UInt8) -> Double {
            let share = Double(part) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Contrast ratio, 1 to 21. Source: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
    func contrast(with other: Color) -> Double {
        let (lighter, darker) = (max(luminance, other.luminance), min(luminance, other.luminance))
        return (lighter + 0.05) / (darker + 0.05)
    }

    /// Black or white: what can be read on this color.
    var ink: Color { contrast(with: .black) >= contrast(with: .white) ? .black : .white }
}
