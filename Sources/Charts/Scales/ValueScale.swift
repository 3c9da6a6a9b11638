#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How values become positions between 0 (the low end of an axis) and 1.
public enum ScaleKind: Hashable, Sendable {
    /// From the least to the greatest value, widened to round numbers.
    case linear
    /// Linear, with zero on the axis.
    case linearFromZero
    /// Linear, zero in the middle: for values whose sign matters. It ends a little beyond the greatest size.
    case symmetric
    /// By powers of ten. Values that are not positive have no position.
    case logarithmic
}

/// An axis of values: where each one stands, and which ones are labelled.
struct ValueScale: Hashable, Sendable {
    let kind: ScaleKind
    /// The ends of the axis; `low < high`.
    let low: Double
    let high: Double
    /// Values to label, ascending.
    let ticks: [Double]
    /// The distance of neighboring ticks, for the decimals of their labels; of a logarithmic axis the least tick.
    let step: Double

    /// The scale for values; an axis from 0 to 1 when there are none.
    /// - Parameter count: about how many ticks.
    init(_ kind: ScaleKind, of values: some Sequence<Double>, ticks count: Int = 4) {
        let usable = values.filter { $0.isFinite && (kind != .logarithmic || $0 > 0) }
        let (least, most) = (usable.min() ?? 0, usable.max() ?? 1)
        switch kind {
        case .linear: self = Self.linear(kind, least, most, count)
        case .linearFromZero: self = Self.linear(kind, min(0, least), max(0, most), count)
        case .symmetric:
            self = Self.symmetric(max(least.magnitude, most.magnitude), count)
        case .logarithmic: self = Self.logarithmic(usable.isEmpty ? 1 : least, usable.isEmpty ? 10 : most, count)
        }
    }

    private init(_ kind: ScaleKind, low: Double, high: Double, ticks: [Double], step: Double) {
        (self.kind, self.low, self.high, self.ticks, self.step) = (kind, low, high, ticks, step)
    }

    /// Where a value stands: 0 at the low end, 1 at the high one, within these for values beyond the ends. `nil` when it has no
    /// position.
    func position(_ value: Double) -> Double? {
        guard value.isFinite else { return nil }
        let share: Double
        if kind == .logarithmic {
            guard value > 0 else { return nil }
            share = log10(value / low) / log10(high / low)
        } else {
            share = (value - low) / (high - low)
        }
        return min(1, max(0, share))
    }

    /// 1, 2 or 5 times a power of ten: the least such step with at most `count` steps in `span`.
    static func step(for span: Double, count: Int) -> Double {
        guard span > 0, span.isFinite else { return 1 }
        let rough = span / Double(max(1, count))
        let power = pow(10, floor(log10(rough)))
        // A hair of tolerance: 0.3 / 3 is a little more than 0.1.
        let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * (1 - 1e-9) } ?? 10
        return factor * power
    }

    private static func linear(_ kind: ScaleKind, _ least: Double, _ most: Double, _ count: Int) -> ValueScale {
        var (least, most) = (least, most)
        if most - least <= (abs(most) + abs(least)) * 1e-9 {
            // One value only: an axis around it.
            let margin = most == 0 ? 1 : abs(most) * 0.1
            if kind == .linearFromZero, least >= 0 {
                most += margin
            } else {
                (least, most) = (least - margin, most + margin)
            }
        }
        let step = step(for: most - least, count: count)
        let (first, last) = (floor(least / step + 1e-9), ceil(most / step - 1e-9))
        // Multiples, not sums: sums of 0.1 drift.
        let ticks = stride(from: first, through: last, by: 1).map { $0 * step }
        return ValueScale(kind, low: first * step, high: last * step, ticks: ticks, step: step)
    }

    /// Ends a little beyond the greatest size: round ends would leave half of the axis empty. A tick is on each side of zero.
    private static func symmetric(_ size: Double, _ count: Int) -> ValueScale {
        let end = size > 0 ? size * 1.04 : 1
        var (count, step) = (count, step(for: 2 * end, count: count))
        while step > end {
            count += 1
            step = Self.step(for: 2 * end, count: count)
        }
        let last = floor(end / step)
        let ticks = stride(from: -last, through: last, by: 1).map { $0 * step }
        return ValueScale(.symmetric, low: -end, high: end, ticks: ticks, step: step)
    }

    private static func logarithmic(_ least: Double, _ most: Double, _ count: Int) -> ValueScale {
        let first = Int(floor(log10(least) + 1e-9))
        let last = max(first + 1, Int(ceil(log10(most) - 1e-9)))
        var ticks: [Double] = []
        let skip = max(1, (last - first + count - 1) / max(1, count))
        for exponent in stride(from: first, through: last, by: skip) { ticks.append(pow(10, Double(exponent))) }
        if last - first <= 2 {
            ticks += (first..<last).flatMap { exponent in [2.0, 5].map { $0 * pow(10, Double(exponent)) } }
        }
        let low = pow(10, Double(first))
        return ValueScale(.logarithmic, low: low, high: pow(10, Double(last)), ticks: ticks.sorted(), step: low)
    }
}
