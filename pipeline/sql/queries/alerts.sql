-- name: outbox
SELECT * FROM alert_outbox WHERE state = 'pending' OR created_at_ms >= ?
ORDER BY created_at_ms, key, reason

-- name: mark_delivered
UPDATE alert_outbox SET state = 'delivered', attempts = attempts + ?, delivered_at_ms = ?,
    message_id = ?, next_attempt_at_ms = NULL, last_error = NULL
WHERE alert_id = ?

-- name: mark_undelivered
UPDATE alert_outbox SET state = ?, attempts = attempts + ?, last_error = coalesce(?, last_error),
    next_attempt_at_ms = ?
WHERE alert_id = ? AND state = 'pending'

-- name: insert_alert
INSERT INTO alert (hour, key, strategy, tier, model, confidence, direction, status, decision, message, live, adjusted,
    boost, estimate, regime, short_leg, long_leg)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (hour, key) DO UPDATE SET model = excluded.model, confidence = excluded.confidence,
    direction = excluded.direction, status = excluded.status, decision = excluded.decision,
    message = excluded.message, live = excluded.live, adjusted = excluded.adjusted, boost = excluded.boost,
    estimate = excluded.estimate, regime = excluded.regime, short_leg = excluded.short_leg,
    long_leg = excluded.long_leg
WHERE decision LIKE 'gate:%'

-- name: replace_state
INSERT OR REPLACE INTO alert_state (key, since_hour, direction, confidence, status, misses,
    evaluated_hour, last_sent_hour, last_sent_confidence, last_sent_direction, last_sent_status,
    last_flip_hour, sent_in_episode, ended_hour)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_message
INSERT INTO alert_outbox (alert_id, key, hour, reason, tier, confidence, direction, status, payload,
    state, created_at_ms, live)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING

-- name: take_message
INSERT INTO alert_outbox (alert_id, key, hour, reason, tier, confidence, direction, status, payload,
    state, created_at_ms, live, attempts, next_attempt_at_ms, delivered_at_ms, message_id, last_error)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET state = excluded.state, attempts = excluded.attempts,
    next_attempt_at_ms = excluded.next_attempt_at_ms, delivered_at_ms = excluded.delivered_at_ms,
    message_id = excluded.message_id, last_error = excluded.last_error
WHERE state = 'pending'

-- name: remove_message
DELETE FROM alert_outbox WHERE alert_id = ? AND state = ? AND attempts = ? AND next_attempt_at_ms IS ?

-- name: remove_state
DELETE FROM alert_state
WHERE key = ? AND evaluated_hour = ? AND confidence = ? AND status IS ? AND sent_in_episode = ?
