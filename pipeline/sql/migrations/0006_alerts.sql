-- What alerts need to go on after a restart. No program wrote these tables before.

DROP TABLE alert_state;

-- Where an alert stands between hours. "Sent" means that the receiver accepted it.
-- Grain: key.
CREATE TABLE alert_state (
    key                  TEXT    NOT NULL PRIMARY KEY,  -- strategy and scope: 'funding_arbitrage:BTC'
    since_hour           INTEGER,                       -- first hour of the running episode; NULL: idle
    direction            TEXT    NOT NULL,
    confidence           INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 100),
    status               TEXT,
    misses               INTEGER NOT NULL CHECK (misses >= 0),   -- evaluated hours in a row in which it did not fire
    evaluated_hour       INTEGER NOT NULL,              -- the last hour that counted
    last_sent_hour       INTEGER,                       -- NULL: nothing was ever sent of the key
    last_sent_confidence INTEGER,
    last_sent_direction  TEXT,
    last_sent_status     TEXT,
    last_flip_hour       INTEGER,
    sent_in_episode      INTEGER NOT NULL CHECK (sent_in_episode >= 0),
    ended_hour           INTEGER,                       -- an end that no digest has told yet
    CHECK ((last_sent_hour IS NULL) = (last_sent_confidence IS NULL)),
    CHECK ((last_sent_hour IS NULL) = (last_sent_direction IS NULL))
) STRICT, WITHOUT ROWID;

DROP TABLE alert_outbox;

-- Messages to be delivered. Only the receiver's acceptance makes a row delivered.
-- Grain: key, hour and reason.
CREATE TABLE alert_outbox (
    alert_id           TEXT    NOT NULL PRIMARY KEY,    -- hash of key, hour and reason
    key                TEXT    NOT NULL,
    hour               INTEGER NOT NULL,
    reason             TEXT    NOT NULL,                -- new, flip, escalation, reminder
    tier               INTEGER NOT NULL CHECK (tier BETWEEN 1 AND 3),
    confidence         INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 100),
    direction          TEXT    NOT NULL,
    status             TEXT,
    payload            TEXT    NOT NULL,                -- JSON, as it is sent when it is sent alone
    state              TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'expired', 'dead')),
    attempts           INTEGER NOT NULL DEFAULT 0,
    created_at_ms      INTEGER NOT NULL,
    next_attempt_at_ms INTEGER,                         -- not before; NULL: at once
    delivered_at_ms    INTEGER,
    message_id         TEXT,                            -- the receiver's
    last_error         TEXT,
    UNIQUE (key, hour, reason)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_outbox_state ON alert_outbox (state, created_at_ms);
