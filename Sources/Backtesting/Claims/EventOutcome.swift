import PerpCore

/// What followed an event.
public struct EventOutcome: Hashable, Sendable {
    /// Whether it is known what followed.
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case resolved
        /// The contract fell silent: counted at its last mark.
        case delisted
        /// The data end before the horizon does.
        case open
        /// No mark near the end of the horizon, or a settlement whose rate is not known.
        case unresolved
        /// The usual move is not known: fewer than 240 windows of the contract had closed.
        case noUsualMove = "no_usual_move"
        /// No hour was stored in which to enter.
        case noEntry = "no_entry"
        /// The data end before an hour in which to enter.
        case waiting
        /// The direction names no side that the strategy needs.
        case noClaim = "no_claim"
    }

    /// The event.
    public var event: BacktestEvent
    /// Its claim; `nil` when the direction names no side that the strategy needs.
    public var claim: Claim?
    /// Whether it is known what followed.
    public var status: Status
    /// The hour of the entry; `nil` without one.
    public var entry: Hour?
    /// The hour in which the outcome is known; `nil` while it is not.
    public var resolved: Hour?
    /// Basis points of the notional; for a claim without money the success (1 or 0) less the base rate, in percentage
    /// points. `nil` unless known.
    public var value: Double?
    /// Whether the claim held; `nil` unless known.
    public var isSuccess: Bool?
    /// What the claim makes at any hour, as it was known at the decision; `nil` without a contract.
    public var base: BaseRate?
    /// Whether coins had to be borrowed at an unknown price: listed, but not in the verdict.
    public var isBorrowUnknown: Bool { event.legs?.short.isSpot ?? false }

    init(_ event: BacktestEvent, _ claim: Claim?, _ status: Status) {
        self.event = event
        self.claim = claim
        self.status = status
    }

    /// The row as it was known at the end of an hour: what tells the outcome is `nil` before it is known.
    public func known(at hour: Hour) -> EventOutcome {
        var row = self
        if let entry, entry > hour {
            row = EventOutcome(event, claim, .waiting)
        } else if status == .noEntry, event.decided.distance(to: hour) < Simulation.longestWait {
            row.status = .waiting
        } else if let resolved, resolved > hour {
            row.status = .open
            row.resolved = nil
            row.value = nil
            row.isSuccess = nil
        }
        return row
    }
}
