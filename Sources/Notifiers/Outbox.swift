import PerpCore

/// A message that waits in the outbox.
public struct OutboxMessage: Hashable, Sendable {
    package var id: String
    /// 1 is the most urgent.
    var tier: Int
    var createdAt: Timestamp
    /// Not before; `nil`: at once.
    var nextAttemptAt: Timestamp?
    /// Requests that carried it so far.
    var attempts: Int
    /// A `DiscordMessage` as JSON.
    var payload: String

    /// Takes the columns of a waiting message.
    public init(
        id: String, tier: Int, createdAt: Timestamp, nextAttemptAt: Timestamp? = nil, attempts: Int = 0,
        payload: String
    ) {
        self.id = id
        self.tier = tier
        self.createdAt = createdAt
        self.nextAttemptAt = nextAttemptAt
        self.attempts = attempts
        self.payload = payload
    }

    /// Hours for which a message of a tier is worth delivering.
    static func lifetimeHours(tier: Int) -> Int { tier == 1 ? 2 : tier == 2 ? 4 : 12 }

    /// Whether it may be tried at a time.
    package func isDue(at now: Timestamp) -> Bool { nextAttemptAt.map { $0 <= now } ?? true }

    func isExpired(now: Timestamp) -> Bool {
        now.milliseconds - createdAt.milliseconds > Int64(Self.lifetimeHours(tier: tier)) * Hour.milliseconds
    }
}

/// Where messages wait until the receiver has accepted them. Each call is one transaction.
public protocol OutboxStore {
    /// Those that wait, in the order of sending.
    func pending() throws -> [OutboxMessage]
    func expire(_ ids: [String]) throws
    func markDelivered(_ ids: [String], messageID: String?, attempts: Int, at time: Timestamp) throws
    /// They stay pending.
    func postpone(_ ids: [String], attempts: Int, error: String, until time: Timestamp?) throws
    func bury(_ ids: [String], attempts: Int, error: String) throws
}

/// What one emptying of the outbox came to.
public struct DrainReport: Hashable, Sendable {
    /// Messages that the receiver accepted.
    public var delivered = 0
    /// Messages that waited too long and are dropped.
    public var expired = 0
    /// Messages that the receiver refused for good.
    public var dead = 0
    /// Messages that still wait.
    public var waiting = 0
    /// Why the channel takes no more; `nil` when it does.
    public var closed: String?
    /// What went wrong, one line each.
    public var problems: [String] = []

    init() {}

    /// This emptying and a later one of the same outbox.
    public func followed(by later: DrainReport) -> DrainReport {
        var both = later
        both.delivered += delivered
        both.expired += expired
        both.dead += dead
        both.problems = problems + later.problems
        return both
    }
}

/// Sends what waits in an outbox. Only the receiver's acceptance makes a message delivered.
///
/// A send that ended without a response may have arrived: delivery is at least once, and the alert's id
/// shows a repeat.
public struct OutboxDrain: Sendable {
    private let sender: DiscordSender?
    private let now: @Sendable () -> Timestamp
    private let isStopped: @Sendable () -> Bool

    /// - Parameters:
    ///   - sender: `nil` when no receiver is configured: messages wait, and expire.
    ///   - isStopped: asked after each message; `true` leaves the others waiting.
    public init(
        _ sender: DiscordSender?, isStopped: @escaping @Sendable () -> Bool = { false },
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.sender = sender
        self.isStopped = isStopped
        self.now = now
    }

    /// Sends what is due, and returns what became of it.
    ///
    /// - Throws: what the store throws, and `CancellationError` when the task is cancelled.
    public func run(_ store: some OutboxStore) async throws -> DrainReport {
        var report = DrainReport()
        let all = try store.pending()
        let old = all.filter { $0.isExpired(now: now()) }
        if !old.isEmpty { try store.expire(old.map(\.id)) }
        report.expired = old.count
        let fresh = all.filter { !$0.isExpired(now: now()) }
        let due = fresh.filter { $0.isDue(at: now()) }
        report.waiting = fresh.count - due.count
        guard let sender else {
            report.waiting = fresh.count
            return report
        }
        let readable = try read(due, store, &report)
        var queue = DiscordLimits.pack(readable.map(\.message))
        while !queue.isEmpty && !isStopped() {
            let (message, places) = queue.removeFirst()
            let ids = places.map { readable[$0].id }
            let (delivery, attempts) = try await sender.send(message)
            switch delivery {
            case .delivered(let messageID):
                try store.markDelivered(ids, messageID: messageID, attempts: attempts, at: now())
                report.delivered += ids.count
            case .refused(let reason) where places.count > 1:
                // One of them is at fault: each is tried alone.
                try store.postpone(ids, attempts: attempts, error: reason, until: nil)
                queue = places.map { (message: readable[$0].fitted, places: [$0]) } + queue
            case .refused(let reason):
                try store.bury(ids, attempts: attempts, error: reason)
                report.dead += ids.count
                report.problems.append(reason)
            case .later(let seconds, let reason):
                let until = seconds.map { now().advanced(byMilliseconds: Int64(($0 * 1000).rounded(.up))) }
                try store.postpone(ids, attempts: attempts, error: reason, until: until)
                return report.ending(reason, waiting: queue.reduce(ids.count) { $0 + $1.places.count })
            case .closed(let reason):
                try store.postpone(ids, attempts: attempts, error: reason, until: nil)
                report.closed = reason
                report.waiting = queue.reduce(report.waiting + ids.count) { $0 + $1.places.count }
                return report
            }
        }
        report.waiting += queue.reduce(0) { $0 + $1.places.count }
        return report
    }

    private struct Readable {
        var id: String
        var message: DiscordMessage
        /// Alone in a message.
        var fitted: DiscordMessage { DiscordLimits.pack([message]).first?.message ?? message }
    }

    /// A payload that is no message can never be sent.
    private func read(
        _ messages: [OutboxMessage], _ store: some OutboxStore, _ report: inout DrainReport
    ) throws -> [Readable] {
        var readable: [Readable] = []
        for message in messages {
            do {
                readable.append(Readable(id: message.id, message: try DiscordMessage(json: message.payload)))
            } catch {
                let reason = "alert \(message.id): the payload is no message"
                try store.bury([message.id], attempts: 0, error: reason)
                report.dead += 1
                report.problems.append(reason)
            }
        }
        return readable
    }
}

extension DrainReport {
    fileprivate func ending(_ reason: String, waiting count: Int) -> DrainReport {
        var report = self
        report.waiting += count
        report.problems.append(reason)
        return report
    }
}
