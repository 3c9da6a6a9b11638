import Notifiers
import PerpCore
import PipelineFiles
import Signals
import Warehouse

/// The alerts that the recorder decided between two hourly runs, in a database of its own beside the warehouse: it never
/// takes the warehouse's lock.
package struct LiveAlerts {
    /// The key of the message that streams are down: no strategy's, so its state stays with the recorder.
    package static let streamsKey = "live_streams:\(Detection.market)"

    /// The path of the database beside a warehouse.
    package static func path(beside warehouse: String) -> String { "\(FileSystem.folder(of: warehouse))/live.db" }

    /// The recorder's alerts, in tables like the warehouse's.
    package let store: AlertStore
    private let live: Warehouse

    /// Uses a connection to the recorder's database.
    package init(_ live: Warehouse) {
        self.live = live
        store = AlertStore(live)
    }

    /// Opens the recorder's database beside a warehouse; `nil` when there is none.
    /// - Throws: `WarehouseError` when a word in a row is none of ours, or an error of the database.
    package init?(beside warehouse: String) throws {
        let path = Self.path(beside: warehouse)
        guard FileSystem.exists(path) else { return nil }
        self.init(try Self.whole(path))
    }

    /// Opens the recorder's database for the recorder. One that cannot be read is kept aside, and a new one made.
    ///
    /// - Parameter tell: is told of a database that is kept aside.
    /// - Throws: an error of the database when none can be made.
    package static func open(beside warehouse: String, tell: (String) -> Void) throws -> Warehouse {
        let path = path(beside: warehouse)
        do {
            return try whole(path)
        } catch {
            let aside = "\(path).unreadable"
            for suffix in ["", "-wal", "-shm"] where FileSystem.exists(path + suffix) {
                try FileSystem.move(path + suffix, to: aside + suffix)
            }
            let opened = try whole(path)
            tell("\(path): \(error): kept aside as \(aside); alerts in it that were not sent are lost")
            return opened
        }
    }

    /// Opens the database at a path, and reads what is in it once.
    private static func whole(_ path: String) throws -> Warehouse {
        let live = try Warehouse(path: path)
        _ = try AlertMemory(AlertStore(live), since: Timestamp(milliseconds: 0))
        return live
    }

    /// Runs `body` while the recorder decides nothing.
    /// - Throws: what `body` throws, or an error of the database; nothing is then changed in the recorder's.
    package func holding<Result>(_ body: () throws -> Result) throws -> Result { try live.transaction(body) }

    /// Moves what the recorder decided into the warehouse, but for keys of which it is sending a message.
    ///
    /// To be called under the warehouse's lock. A program that is killed in between moves the same rows again.
    /// - Throws: `WarehouseError` when a word in a row is none of ours, or an error of a database.
    package func move(to target: AlertStore, now: Timestamp) throws {
        let messages = try store.outbox(pendingOrSince: Timestamp(milliseconds: 0))
        let held = Set(messages.filter { $0.isLeased(at: now) }.map(\.key))
        let moved = messages.filter { !held.contains($0.key) }
        let states = try store.states().filter { !held.contains($0.key) && $0.key != Self.streamsKey }
        let alerts = try store.alerts()
        guard !(moved.isEmpty && states.isEmpty && alerts.isEmpty) else { return }
        let known = try target.statesByKey()
        try target.take(
            alerts: alerts, outbox: moved,
            states: try states.map { try Self.later($0, than: known[$0.key], moved) })
        try store.remove(alerts: alerts, outbox: moved, states: states)
    }

    /// The later of a key's two states, with what was delivered of it.
    private static func later(
        _ live: AlertStateRow, than known: AlertState?, _ messages: [OutboxRow]
    ) throws -> AlertStateRow {
        guard var known, known.touched > live.evaluated else { return live }
        for message in messages where message.key == live.key && message.state == .delivered {
            let alert = try OutboxAlert(message)
            if known.lastSent?.hour != alert.hour { known.markDelivered(alert) }
        }
        return known.row
    }
}

extension OutboxRow {
    /// Whether the recorder is sending the message, or will try again.
    fileprivate func isLeased(at now: Timestamp) -> Bool {
        state == .pending && nextAttemptAt.map { $0 > now } ?? false
    }
}

/// The recorder's outbox. What it hands out is leased: nobody else sends it meanwhile.
package struct LiveOutbox: OutboxStore {
    /// How long a message is left to the recorder, in milliseconds: longer than an attempt may take.
    private static let lease: Int64 = 300_000
    /// The first and the longest wait before another attempt, in milliseconds; it doubles with each failure.
    private static let waits: (first: Int64, longest: Int64) = (60_000, 900_000)

    private let outbox: WarehouseOutbox
    private let live: Warehouse
    private let now: @Sendable () -> Timestamp

    /// Uses a connection to the recorder's database.
    package init(_ live: Warehouse, now: @escaping @Sendable () -> Timestamp) {
        outbox = WarehouseOutbox(live)
        self.live = live
        self.now = now
    }

    package func pending() throws -> [OutboxMessage] {
        try live.transaction {
            let messages = try outbox.pending()
            let now = now()
            let due = messages.filter { $0.isDue(at: now) }
            if !due.isEmpty {
                try AlertStore(live).markUndelivered(
                    due.map(\.id), as: .pending, attempts: 0, error: nil,
                    nextAttemptAt: now.advanced(byMilliseconds: Self.lease))
            }
            return messages
        }
    }

    package func markDelivered(_ ids: [String], messageID: String?, attempts: Int, at time: Timestamp) throws {
        try outbox.markDelivered(ids, messageID: messageID, attempts: attempts, at: time)
    }

    package func expire(_ ids: [String]) throws { try outbox.expire(ids) }

    /// The hourly run tries again an hour later; the recorder must wait by itself.
    package func postpone(_ ids: [String], attempts: Int, error: String, until time: Timestamp?) throws {
        let rows = try AlertStore(live).outbox(pendingOrSince: Timestamp(milliseconds: .max))
        let failures = rows.filter { ids.contains($0.id) }.map(\.attempts).max() ?? 0
        let wait = min(Self.waits.longest, Self.waits.first << Int64(min(failures, 8)))
        try outbox.postpone(
            ids, attempts: attempts, error: error, until: time ?? now().advanced(byMilliseconds: wait))
    }

    package func bury(_ ids: [String], attempts: Int, error: String) throws {
        try outbox.bury(ids, attempts: attempts, error: error)
    }
}
