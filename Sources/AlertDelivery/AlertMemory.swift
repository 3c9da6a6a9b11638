import PerpCore
import Signals
import Warehouse

/// What is known of earlier alerts: the states of all keys, and the messages that count for what is decided next.
package struct AlertMemory: Sendable {
    /// By key.
    package var states: [String: AlertState]
    /// The pending messages, and those put into the outbox since the time asked for.
    package var outbox: [OutboxAlert]

    /// Reads a warehouse, or the recorder's own store.
    /// - Throws: `WarehouseError` when a word in a row is none of ours, or an error of the database.
    package init(_ store: AlertStore, since time: Timestamp) throws {
        states = try store.statesByKey()
        outbox = try store.outbox(pendingOrSince: time).map { try OutboxAlert($0) }
    }

    /// This memory and another one as one: of a key's two states the later one counts, of two as late the other's.
    package func joined(by other: AlertMemory) -> AlertMemory {
        var both = self
        both.states.merge(other.states) { mine, theirs in mine.touched > theirs.touched ? mine : theirs }
        let known = Set(outbox.map(\.id))
        both.outbox += other.outbox.filter { !known.contains($0.id) }
        return both
    }

    /// The beginning of the day: messages since then count for the budgets.
    package static func midnight(before now: Timestamp) -> Timestamp {
        Timestamp(seconds: Hour(containing: now).day.start)
    }
}
