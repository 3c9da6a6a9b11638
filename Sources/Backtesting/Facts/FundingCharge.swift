import PerpCore

/// A settlement as a position meets it.
struct FundingCharge: Hashable, Sendable {
    /// The time of the settlement, floored to the minute.
    let settledAt: Timestamp
    /// Fraction of notional, positive when longs pay; `nil` when the settlement fell due and its rate is not known.
    let rate: Double?
    /// The mark of the stored hour nearest to the settlement.
    let markPrice: Double
    /// Whether the rate is the last displayed one, because the settled one is not stored.
    let isEstimated: Bool
}

/// Puts the settlements of a contract together from what was settled and what was displayed.
struct FundingCharges {
    /// A displayed rate stands for the settled one when it was displayed at most so long before.
    static let longestDisplay = Hour.milliseconds

    let rows: [ContractHour]

    /// All charges in the order of time: the stored settlements, and those that fell due between two rows without being
    /// stored.
    func charges(_ settlements: [FundingSettlement]) -> [FundingCharge] {
        guard !rows.isEmpty else { return [] }
        var rates: [Timestamp: Double] = [:]
        for settlement in settlements { rates[settlement.settledAt.flooredToMinute] = settlement.fundingRate }
        let stored = rates.map { charge(at: $0.key, rate: $0.value, isEstimated: false) }
        let missed = zip(rows, rows.dropFirst()).flatMap { row, next in
            due(after: row, through: next.observedAt).filter { rates[$0] == nil }.map { time in
                let isFresh =
                    time == row.nextFundingAt?.flooredToMinute
                    && time.isWithin(Self.longestDisplay, of: row.observedAt)
                return charge(at: time, rate: isFresh ? row.fundingRate : nil, isEstimated: true)
            }
        }
        return (stored + missed).sorted { $0.settledAt < $1.settledAt }
    }

    /// The settlements that a row announces up to the next one: the next, and those that follow at its interval.
    private func due(after row: ContractHour, through end: Timestamp) -> [Timestamp] {
        guard let first = row.nextFundingAt?.flooredToMinute, row.observedAt < first, first <= end else { return [] }
        guard let interval = row.fundingIntervalHours, interval >= 1 else { return [first] }
        let distance = Int64(interval * Double(Hour.milliseconds))
        return stride(from: first.milliseconds, through: end.milliseconds, by: Int64.Stride(distance))
            .map { Timestamp(milliseconds: $0) }
    }

    private func charge(at time: Timestamp, rate: Double?, isEstimated: Bool) -> FundingCharge {
        FundingCharge(
            settledAt: time, rate: rate, markPrice: rows[nearest(to: time)].markPrice, isEstimated: isEstimated)
    }

    /// The row that was observed nearest to a time; the older of two as near.
    private func nearest(to time: Timestamp) -> Int {
        let after = rows.partitioningIndex { $0.observedAt >= time }
        guard after > 0 else { return 0 }
        guard after < rows.count else { return rows.count - 1 }
        let before = time.milliseconds - rows[after - 1].observedAt.milliseconds
        return before <= rows[after].observedAt.milliseconds - time.milliseconds ? after - 1 : after
    }
}
