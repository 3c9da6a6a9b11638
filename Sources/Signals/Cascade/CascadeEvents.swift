import PerpCore

/// Runs of hours with an active cascade.
public enum CascadeEvents {
    static let limit = 0.5

    /// The number of events among hourly scores, ascending by hour. One lower or missing hour
    /// between two active ones does not split an event.
    public static func count(_ scores: [(hour: Hour, score: Double?)]) -> Int {
        var last: Hour?
        var events = 0
        for (hour, score) in scores {
            guard let score, score > limit else { continue }
            if last.map({ $0.distance(to: hour) > 2 }) ?? true { events += 1 }
            last = hour
        }
        return events
    }
}
