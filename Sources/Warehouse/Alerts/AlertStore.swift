import GRDB
import PerpCore
import WarehouseSQL

/// The alerts in a warehouse: what was decided, the state of each key, and the messages to be delivered.
public struct AlertStore {
    let warehouse: Warehouse

    /// Uses a connection, which must be open for writing to store anything.
    public init(_ warehouse: Warehouse) { self.warehouse = warehouse }

    /// The states of all keys, sorted by key.
    /// - Throws: an error of the database, also for a single unreadable state: it must not count as a fresh start.
    public func states() throws -> [AlertStateRow] {
        try warehouse.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM alert_state ORDER BY key").map(AlertStateRow.init)
        }
    }

    /// The messages that are pending or were put into the outbox at `time` or later, oldest first.
    /// - Throws: an error of the database.
    public func outbox(pendingOrSince time: Timestamp) throws -> [OutboxRow] {
        try warehouse.read { database in
            try Row.fetchAll(
                database,
                sql: WarehouseSQL.query("alerts.outbox"),
                arguments: [time.milliseconds]
            ).map(OutboxRow.init)
        }
    }

    /// What was decided about an hour, sorted by tier, then confidence, then key.
    /// - Throws: an error of the database.
    public func alerts(at hour: Hour) throws -> [AlertRow] {
        try warehouse.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM alert WHERE hour = ? ORDER BY tier, confidence DESC, key",
                arguments: [hour.start]
            ).map(AlertRow.init)
        }
    }

    /// All that was decided about any hour, by hour and key.
    /// - Throws: an error of the database.
    public func alerts() throws -> [AlertRow] {
        try warehouse.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM alert ORDER BY hour, key").map(AlertRow.init)
        }
    }

    /// Takes what another store decided, in one transaction: its messages with what became of them. A message that is here
    /// already, and pending, becomes as it is there.
    /// - Throws: an error of the database; nothing is then stored.
    public func take(alerts: [AlertRow], outbox: [OutboxRow], states: [AlertStateRow]) throws {
        try warehouse.unit { database in
            for row in alerts { try row.insert(into: database) }
            for row in states { try row.replace(in: database) }
            for row in outbox { try row.take(into: database) }
        }
    }

    /// Removes rows in one transaction, but for those that have changed since they were read.
    /// - Throws: an error of the database; nothing is then removed.
    public func remove(alerts: [AlertRow], outbox: [OutboxRow], states: [AlertStateRow]) throws {
        try warehouse.unit { database in
            for row in alerts {
                try database.execute(
                    sql: "DELETE FROM alert WHERE hour = ? AND key = ?", arguments: [row.hour.start, row.key])
            }
            for row in outbox {
                try database.execute(
                    sql: WarehouseSQL.query("alerts.remove_message"),
                    arguments: [row.id, row.state.rawValue, row.attempts, row.nextAttemptAt?.milliseconds])
            }
            for row in states {
                try database.execute(
                    sql: WarehouseSQL.query("alerts.remove_state"),
                    arguments: [row.key, row.evaluated.start, row.confidence, row.status, row.sentInEpisode])
            }
        }
    }

    /// Stores what an hour led to in one transaction: all of it, or nothing.
    ///
    /// A row of `alert` that exists stays, unless the hour was gated then: evaluating an hour again does not rewrite
    /// what was decided.
    /// - Throws: an error of the database; nothing is then stored.
    public func store(alerts: [AlertRow], states: [AlertStateRow], outbox: [OutboxRow]) throws {
        try warehouse.unit { database in
            for row in alerts { try row.insert(into: database) }
            for row in states { try row.replace(in: database) }
            for row in outbox { try row.insert(into: database) }
        }
    }

    /// Marks messages as accepted by the receiver and stores the new states of their keys, in one transaction.
    /// - Throws: an error of the database; nothing is then changed.
    public func markDelivered(
        _ ids: [String], messageID: String?, attempts: Int, at time: Timestamp, states: [AlertStateRow]
    ) throws {
        try warehouse.unit { database in
            for id in ids {
                try database.execute(
                    sql: WarehouseSQL.query("alerts.mark_delivered"),
                    arguments: [attempts, time.milliseconds, messageID, id])
            }
            for row in states { try row.replace(in: database) }
        }
    }

    /// Marks messages that were not accepted: pending until a later attempt, dead, or expired.
    /// - Throws: an error of the database; nothing is then changed.
    public func markUndelivered(
        _ ids: [String], as state: OutboxRow.OutboxState, attempts: Int, error: String?, nextAttemptAt: Timestamp?
    ) throws {
        precondition(state != .delivered, "only the receiver's acceptance makes a row delivered")
        try warehouse.unit { database in
            for id in ids {
                try database.execute(
                    sql: WarehouseSQL.query("alerts.mark_undelivered"),
                    arguments: [state.rawValue, attempts, error, nextAttemptAt?.milliseconds, id])
            }
        }
    }
}

// MARK: - Rows

extension AlertRow {
    fileprivate init(_ row: Row) throws {
        try self.init(
            hour: Hour(containing: row.value("hour") as Int64), key: row.value("key"), strategy: row.value("strategy"),
            tier: row.value("tier"), model: row.value("model"), confidence: row.value("confidence"),
            direction: row.value("direction"),
            status: row.value("status"), decision: row.value("decision"), message: row.value("message"))
        isLive = try row.value("live")
        adjusted = try row.value("adjusted")
        boost = try row.value("boost")
        estimate = try row.value("estimate")
        regime = try row.value("regime")
        shortLeg = try row.value("short_leg")
        longLeg = try row.value("long_leg")
    }

    fileprivate func insert(into database: Database) throws {
        try database.execute(
            sql: WarehouseSQL.query("alerts.insert_alert"),
            arguments: [
                hour.start, key, strategy, tier, model, confidence, direction, status, decision, message, isLive,
                adjusted, boost, estimate, regime, shortLeg, longLeg,
            ])
    }
}

extension AlertStateRow {
    fileprivate init(_ row: Row) throws {
        func hour(_ name: String) throws -> Hour? { (try row.value(name) as Int64?).map { Hour(containing: $0) } }
        try self.init(
            key: row.value("key"), since: hour("since_hour"), direction: row.value("direction"),
            confidence: row.value("confidence"),
            status: row.value("status"), misses: row.value("misses"),
            evaluated: Hour(containing: row.value("evaluated_hour") as Int64),
            lastSent: hour("last_sent_hour").map {
                try Sent(
                    hour: $0, confidence: row.value("last_sent_confidence"),
                    direction: row.value("last_sent_direction"),
                    status: row.value("last_sent_status"))
            },
            lastFlip: hour("last_flip_hour"), sentInEpisode: row.value("sent_in_episode"), ended: hour("ended_hour"))
    }

    fileprivate func replace(in database: Database) throws {
        try database.execute(
            sql: WarehouseSQL.query("alerts.replace_state"),
            arguments: [
                key, since?.start, direction, confidence, status, misses, evaluated.start, lastSent?.hour.start,
                lastSent?.confidence, lastSent?.direction, lastSent?.status, lastFlip?.start, sentInEpisode,
                ended?.start,
            ])
    }
}

extension OutboxRow {
    fileprivate init(_ row: Row) throws {
        try self.init(
            id: row.value("alert_id"), key: row.value("key"), hour: Hour(containing: row.value("hour") as Int64),
            reason: row.value("reason"),
            tier: row.value("tier"), confidence: row.value("confidence"), direction: row.value("direction"),
            status: row.value("status"),
            payload: row.value("payload"), createdAt: Timestamp(milliseconds: row.value("created_at_ms")))
        guard let state = OutboxState(rawValue: try row.value("state")) else {
            throw WarehouseError.unreadable(table: "alert_outbox", column: "state", value: try row.value("state"))
        }
        self.state = state
        attempts = try row.value("attempts")
        nextAttemptAt = (try row.value("next_attempt_at_ms") as Int64?).map(Timestamp.init(milliseconds:))
        deliveredAt = (try row.value("delivered_at_ms") as Int64?).map(Timestamp.init(milliseconds:))
        messageID = try row.value("message_id")
        lastError = try row.value("last_error")
        isLive = try row.value("live")
    }

    /// What a new message is stored with.
    private var newValues: StatementArguments {
        [
            id, key, hour.start, reason, tier, confidence, direction, status, payload, state.rawValue,
            createdAt.milliseconds, isLive,
        ]
    }

    /// Inserts the message; one that exists stays as it is.
    fileprivate func insert(into database: Database) throws {
        try database.execute(sql: WarehouseSQL.query("alerts.insert_message"), arguments: newValues)
    }

    /// Inserts the message with what became of it; one that exists and is pending becomes like it.
    fileprivate func take(into database: Database) throws {
        try database.execute(
            sql: WarehouseSQL.query("alerts.take_message"),
            arguments: newValues + [
                attempts, nextAttemptAt?.milliseconds, deliveredAt?.milliseconds, messageID, lastError,
            ])
    }
}
