import Notifiers
import PerpCore
import Sealing
import Signals
import Warehouse

// The rules' values and the warehouse's rows: the warehouse does not know the rules.

extension AlertState {
    /// - Throws: `WarehouseError` when a word in the row is none of ours: a state is never reset silently.
    package init(_ row: AlertStateRow) throws {
        func word<Word: RawRepresentable<String>>(_ text: String, _ column: String) throws -> Word {
            try Word(stored: text, in: "alert_state", column)
        }
        self.init(
            key: row.key, since: row.since, direction: try word(row.direction, "direction"),
            confidence: row.confidence, status: try row.status.map { try word($0, "status") },
            misses: row.misses, touched: row.evaluated,
            lastSent: try row.lastSent.map { sent in
                SentMessage(
                    hour: sent.hour, confidence: sent.confidence,
                    direction: try word(sent.direction, "last_sent_direction"),
                    status: try sent.status.map { try word($0, "last_sent_status") })
            },
            lastFlip: row.lastFlip, sentInEpisode: row.sentInEpisode, ended: row.ended)
    }

    package var row: AlertStateRow {
        AlertStateRow(
            key: key, since: since, direction: direction.rawValue, confidence: confidence, status: status?.rawValue,
            misses: misses, evaluated: touched,
            lastSent: lastSent.map {
                AlertStateRow.Sent(
                    hour: $0.hour, confidence: $0.confidence, direction: $0.direction.rawValue,
                    status: $0.status?.rawValue)
            },
            lastFlip: lastFlip, sentInEpisode: sentInEpisode, ended: ended)
    }
}

extension RawRepresentable<String> {
    /// Reads one of our words from a row of the warehouse.
    /// - Throws: `WarehouseError.unreadable` when the text is no such word.
    fileprivate init(stored text: String, in table: String, _ column: String) throws {
        guard let word = Self(rawValue: text) else {
            throw WarehouseError.unreadable(table: table, column: column, value: text)
        }
        self = word
    }
}

extension OutboxAlert {
    /// - Throws: `WarehouseError` when a word in the row is none of ours.
    package init(_ row: OutboxRow) throws {
        func word<Word: RawRepresentable<String>>(_ text: String, _ column: String) throws -> Word {
            try Word(stored: text, in: "alert_outbox", column)
        }
        self.init(
            key: row.key, hour: row.hour, reason: try word(row.reason, "reason"),
            state: try word(row.state.rawValue, "state"), createdAt: row.createdAt, confidence: row.confidence,
            direction: try word(row.direction, "direction"),
            status: try row.status.map { try word($0, "status") })
    }
}

extension OutboxRow {
    /// The message of an alert, to be delivered.
    package init(_ alert: OutboxAlert, tier: Int, payload: String, isLive: Bool = false) {
        self.init(
            id: alert.id, key: alert.key, hour: alert.hour, reason: alert.reason.rawValue, tier: tier,
            confidence: alert.confidence, direction: alert.direction.rawValue, status: alert.status?.rawValue,
            payload: payload, createdAt: alert.createdAt)
        self.isLive = isLive
    }
}

extension AlertRow {
    /// What was decided about a detection in an hour.
    package init(_ detection: Detection, decision: String, hour: Hour, model: SentimentModel, isLive: Bool = false) {
        self.init(
            hour: hour, key: detection.key, strategy: detection.strategy.name, tier: detection.tier,
            model: model.rawValue, confidence: detection.confidence, direction: detection.direction.rawValue,
            status: detection.status?.rawValue, decision: decision,
            message: detection.message.joined(separator: "\n"))
        self.isLive = isLive
        adjusted = detection.adjusted
        boost = detection.boost
        estimate = detection.estimate
        shortLeg = detection.legs?.short.text
        longLeg = detection.legs?.long.text
    }
}

extension AlertDecision {
    /// As `alert` stores it: `new`, `cooldown`, `gate:low_quality`.
    package var word: String {
        switch outcome {
        case .send(let reason): reason.rawValue
        case .held(.gate, _): Self.word(gate)
        case .held(let hold, _): hold.rawValue
        }
    }

    package static func word(_ gate: GateReason?) -> String { "gate:\(gate?.rawValue ?? "closed")" }
}

extension AlertStore {
    package func statesByKey() throws -> [String: AlertState] {
        Dictionary(uniqueKeysWithValues: try states().map { ($0.key, try AlertState($0)) })
    }
}

extension OutboxRow {
    fileprivate var sendingOrder: SendingOrder { SendingOrder(tier: tier, confidence: confidence, key: key) }
}

/// The warehouse's outbox, as the notifier sees it.
package struct WarehouseOutbox: OutboxStore {
    private let store: AlertStore
    /// Anything later than all messages: only pending ones are asked for.
    private let never = Timestamp(milliseconds: .max)

    package init(_ warehouse: Warehouse) { store = AlertStore(warehouse) }

    package func pending() throws -> [OutboxMessage] {
        let rows = try store.outbox(pendingOrSince: never).filter { $0.state == .pending }
        let ordered = rows.sorted { ($0.sendingOrder, $0.hour) < ($1.sendingOrder, $1.hour) }
        return ordered.map {
            OutboxMessage(
                id: $0.id, tier: $0.tier, createdAt: $0.createdAt, nextAttemptAt: $0.nextAttemptAt,
                attempts: $0.attempts, payload: $0.payload)
        }
    }

    /// What was last sent of a key is set together with the mark.
    package func markDelivered(_ ids: [String], messageID: String?, attempts: Int, at time: Timestamp) throws {
        var states = try store.statesByKey()
        var changed: Set<String> = []
        let rows = try store.outbox(pendingOrSince: never).filter { ids.contains($0.id) }
        for row in rows {
            guard states[row.key] != nil else { continue }
            states[row.key]?.markDelivered(try OutboxAlert(row))
            changed.insert(row.key)
        }
        try store.markDelivered(
            ids, messageID: messageID, attempts: attempts, at: time,
            states: changed.sorted().compactMap { states[$0]?.row })
    }

    package func expire(_ ids: [String]) throws {
        try store.markUndelivered(ids, as: .expired, attempts: 0, error: nil, nextAttemptAt: nil)
    }

    package func postpone(_ ids: [String], attempts: Int, error: String, until time: Timestamp?) throws {
        try store.markUndelivered(ids, as: .pending, attempts: attempts, error: error, nextAttemptAt: time)
    }

    package func bury(_ ids: [String], attempts: Int, error: String) throws {
        try store.markUndelivered(ids, as: .dead, attempts: attempts, error: error, nextAttemptAt: nil)
    }
}
