/// Order statistics of many values without sorting them: the values are moved about until those wanted stand in their place.
package enum Selection {
    /// Half of the values are below: the mean of the two in the middle when their number is even; `nil` without values.
    /// The values are finite; their order is lost.
    package static func median(_ values: inout [Double]) -> Double? {
        values.withUnsafeMutableBufferPointer { median($0) }
    }

    /// As `median(_:)` of an array.
    package static func median(_ values: UnsafeMutableBufferPointer<Double>) -> Double? {
        guard !values.isEmpty else { return nil }
        return medianNearSample(values) ?? middle(of: values, beginning: 0, count: values.count)
    }

    /// The mean of the values of the middle ranks of `count`, where the first value of `values` has the rank `beginning`.
    private static func middle(
        of values: UnsafeMutableBufferPointer<Double>, beginning: Int, count: Int
    ) -> Double {
        let upper = count / 2 - beginning
        select(upper, in: values)
        guard count.isMultiple(of: 2) else { return values[upper] }
        var below = values[0]
        for place in 0..<upper { below = max(below, values[place]) }
        return (below + values[upper]) / 2
    }

    private static let sampleCount = 512
    /// Three standard deviations of the rank of the median in a sample.
    private static let sampleMargin = 34
    private static let smallestSampled = 4096

    /// The median of many values: those near the median of a sample are picked out, the others only counted; `nil` when they
    /// are few, or it is not among those picked out.
    private static func medianNearSample(_ values: UnsafeMutableBufferPointer<Double>) -> Double? {
        let count = values.count
        guard count >= smallestSampled else { return nil }
        let (low, high) = middleOfSample(values)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { near in
            var (found, below) = (0, 0)
            for place in 0..<count {
                let value = values[place]
                near[found] = value
                // Both hold, or one: without a branch, which could not be foreseen.
                found += (value >= low) == (value <= high) ? 1 : 0
                below += value < low ? 1 : 0
            }
            let lower = (count - 1) / 2
            guard below <= lower, count / 2 < below + found else { return nil }
            return middle(of: .init(rebasing: near[..<found]), beginning: below, count: count)
        }
    }

    private static func middleOfSample(_ values: UnsafeMutableBufferPointer<Double>) -> (low: Double, high: Double) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: sampleCount) { sample in
            for place in 0..<sampleCount { sample[place] = values[place * values.count / sampleCount] }
            let (low, high) = (sampleCount / 2 - sampleMargin, sampleCount / 2 + sampleMargin)
            select(low, in: sample)
            select(high, in: sample)
            return (sample[low], sample[high])
        }
    }

    /// Puts the value of a rank, counted from 0, in its place, the smaller ones before it and the larger ones after it.
    package static func select(_ rank: Int, in values: UnsafeMutableBufferPointer<Double>) {
        var values = values
        precondition(values.indices.contains(rank), "a rank is below the number of values")
        var (low, high) = (0, values.count - 1)
        // Halves on average; values in a hostile order are sorted once the halves fail to come.
        var triesLeft = 64
        while low < high {
            if high - low < 16 || triesLeft == 0 {
                values[low...high].sort()
                return
            }
            triesLeft -= 1
            let (left, right) = part(values, low, high)
            if rank <= left { high = left } else if rank >= right { low = right } else { return }
        }
    }

    /// Parts `low...high` by the median of three: what is not above it ends at the first place returned, what is not below
    /// it begins at the second, and between them all are equal to it.
    private static func part(
        _ values: UnsafeMutableBufferPointer<Double>, _ low: Int, _ high: Int
    ) -> (left: Int, right: Int) {
        let (first, middle, last) = (values[low], values[low + (high - low) / 2], values[high])
        let pivot = max(min(first, middle), min(max(first, middle), last))
        var (left, right) = (low, high)
        while left <= right {
            while values[left] < pivot { left += 1 }
            while values[right] > pivot { right -= 1 }
            guard left <= right else { break }
            values.swapAt(left, right)
            left += 1
            right -= 1
        }
        return (right, left)
    }
}
