/// A random walk whose value at any time costs the same: the middle of a span lies between its ends, moved by a draw of its
/// own, down to a minute (Lévy's construction of Brownian motion).
enum RandomWalk {
    /// Hours on either side of zero, thirty years; beyond them the walk stands still.
    private static let span = 262_144.0
    /// The number of halvings from the span to less than a minute: 2^18 hours to 2^-6.
    private static let halvings = 24

    /// The walk of a key at `time`, in hours, of any sign: 0 at zero, with a variance of 1 per hour, and no drift.
    static func value(_ key: UInt64, at time: Double) -> Double {
        let key = time < 0 ? ~key : key
        let distance = min(time.magnitude, span)
        var width = span
        var size = span.squareRoot()
        var start = 0.0
        var left = 0.0
        var right = size * draw(key, 0)
        var node: Int64 = 1
        for _ in 0..<halvings {
            let middle = (left + right) / 2 + size / 2 * draw(key, node)
            width /= 2
            size *= 0.5.squareRoot()
            if distance < start + width {
                right = middle
                node = 2 * node
            } else {
                start += width
                left = middle
                node = 2 * node + 1
            }
        }
        return left + (right - left) * (distance - start) / width
    }

    /// A draw with mean 0 and variance 1, nearly normal, between -3.5 and 3.5: the sum of four uniform ones.
    static func draw(_ key: UInt64, _ counter: Int64) -> Double {
        let hash = Noise.hash(key, counter)
        let sum = (hash & 0xFFFF) + (hash >> 16 & 0xFFFF) + (hash >> 32 & 0xFFFF) + hash >> 48
        return (Double(sum) - 131_070) / 37_837.2  // the mean of the sum, and 65 536 times the root of 4 / 12
    }
}
