import Sealing

/// Statistics of a mean whose terms overlap in time.
public enum OverlapRobust {
    /// How many standard errors the mean of events is above `base`: two events share variance for the part of their
    /// windows that overlaps, with a triangle of half width `2 * horizon`. `nil` without variance.
    /// - Parameters:
    ///   - times: the events' hours, ascending.
    ///   - horizon: hours, at least 1.
    public static func eventT(_ values: [Double], at times: [Int], horizon: Int, base: Double = 0) -> Double? {
        guard values.count > 1, let mean = mean(values.map { $0 - base }) else { return nil }
        let deviations = values.map { $0 - base - mean }
        let width = 2 * horizon
        var variance = 0.0
        for left in values.indices {
            // The times ascend: those within reach are neighbours.
            var right = left
            while right > 0, times[left] - times[right - 1] < width { right -= 1 }
            while right < values.count, times[right] - times[left] < width {
                let weight = 1 - Double(abs(times[left] - times[right])) / Double(width)
                variance += weight * deviations[left] * deviations[right]
                right += 1
            }
        }
        return variance > 0 ? mean / (variance.squareRoot() / Double(values.count)) : nil
    }

    /// How many events there are when one that shares its window with the one before counts for the part that is new.
    public static func effectiveCount(at times: [Int], horizon: Int) -> Double {
        guard !times.isEmpty else { return 0 }
        return 1 + sum(zip(times, times.dropFirst()).map { min(1, Double($1 - $0) / Double(horizon)) })
    }
}
