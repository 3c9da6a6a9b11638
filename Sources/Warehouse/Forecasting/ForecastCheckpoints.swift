import PerpCore

/// Which hours keep a checkpoint. The newest are there for the next hour and for one that is loaded again, the others for late
/// files: forecasts are made again from the checkpoint before the file's hour.
enum ForecastCheckpoints {
    /// The newest hours that keep theirs.
    static let newest = 3
    /// Of so many of the newest days the first hour keeps its own. Of each month it does for good.
    static let days: Int64 = 7

    /// The hours that keep a checkpoint.
    /// - Parameter hours: the stored hours that have one or could have one, ascending.
    static func kept(of hours: [Hour]) -> Set<Hour> {
        guard let last = hours.last else { return [] }
        var kept = Set(hours.suffix(newest))
        var previous: Hour?
        for hour in hours {
            defer { previous = hour }
            guard previous?.day != hour.day else { continue }
            let isRecent = hour.day.number > last.day.number - days
            if isRecent || previous.map({ !isSameMonth($0, hour) }) ?? true { kept.insert(hour) }
        }
        return kept
    }

    private static func isSameMonth(_ one: Hour, _ other: Hour) -> Bool {
        let (first, second) = (one.day.date, other.day.date)
        return first.year == second.year && first.month == second.month
    }
}
