import PerpCore

/// What an alert says of those before it.
public enum HistorySentence {
    /// Judged alerts below which there is nothing to estimate.
    public static let least = 5

    /// `Fired 14 times, 9 right within 24 h; by chance 48 %. Estimated 60 %.` Counts are of all time, the estimate is weighted.
    /// - Parameters:
    ///   - horizonHours: hours that the claim looks ahead.
    ///   - isUsed: whether the estimate changes the confidence: there are outcomes enough, and history is on.
    public static func text(
        _ counts: TrackRecord.Counts, _ estimate: Estimate, horizonHours: Int, isUsed: Bool
    ) -> String {
        let open = counts.open > 0 ? " \(counts.open) still open." : ""
        return past(counts, estimate, horizonHours, isUsed) + open
    }

    private static func past(
        _ counts: TrackRecord.Counts, _ estimate: Estimate, _ horizonHours: Int, _ isUsed: Bool
    ) -> String {
        guard counts.resolved > 0 else { return "No outcome of an earlier one is known." }
        let fired = "Fired \(Numbers.counted(counts.resolved, "time"))"
        guard counts.resolved >= least else { return "\(fired) before; too few to judge." }
        let chance = percent(estimate.base)
        let estimated = percent(estimate.probability) + (isUsed ? "" : " (not used)")
        return "\(fired), \(counts.right) right within \(horizonHours) h; by chance \(chance). Estimated \(estimated)."
    }

    private static func percent(_ share: Double) -> String { Numbers.fixed(100 * share, 0) + " %" }
}
