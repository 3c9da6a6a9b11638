import PerpCore

/// A settlement, and when it was learnt.
public struct LearntSettlement: Hashable, Sendable {
    /// The settlement.
    public var settlement: FundingSettlement
    /// When the first file stated it.
    public var learntAt: Timestamp

    /// Takes a settlement.
    public init(_ settlement: FundingSettlement, learntAt: Timestamp) {
        self.settlement = settlement
        self.learntAt = learntAt
    }
}

extension [LearntSettlement] {
    /// Those that were learnt by the end of the hour in which a position would have booked them: the first stored hour
    /// that was observed at or after the settlement. Those after the last row are left out.
    /// - Parameter rows: the stored hours of the contract, ascending.
    public func asKnown(by rows: [ContractHour]) -> [FundingSettlement] {
        compactMap { learnt in
            let place = rows.partitioningIndex { $0.observedAt >= learnt.settlement.settledAt }
            guard place < rows.count, learnt.learntAt <= rows[place].hour.end else { return nil }
            return learnt.settlement
        }
    }
}
