-- What no rebuild touches.

-- A detection of a strategy at an hour, and what became of it.
-- Grain: hour and key.
CREATE TABLE alert (
    hour       INTEGER NOT NULL,
    key        TEXT    NOT NULL,                       -- strategy and scope: 'funding_arbitrage:BTC'
    strategy   TEXT    NOT NULL,
    tier       INTEGER NOT NULL CHECK (tier BETWEEN 1 AND 3),
    model      TEXT    NOT NULL,
    confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 100),
    direction  TEXT    NOT NULL,
    status     TEXT,
    decision   TEXT    NOT NULL,                       -- 'new', 'flip' and so on, or why nothing was sent
    message    TEXT    NOT NULL,                       -- as printed
    PRIMARY KEY (hour, key)
) STRICT, WITHOUT ROWID;

-- Where an alert stands between hours.
-- Grain: key.
CREATE TABLE alert_state (
    key                  TEXT    NOT NULL PRIMARY KEY,
    active               INTEGER NOT NULL CHECK (active IN (0, 1)),
    since_hour           INTEGER,
    direction            TEXT,
    confidence           INTEGER,
    status_rank          INTEGER,
    misses               INTEGER NOT NULL DEFAULT 0,
    evaluated_hour       INTEGER,                      -- the last hour that counted
    last_sent_at_ms      INTEGER,
    last_sent_confidence INTEGER,
    last_sent_direction  TEXT,
    last_sent_status_rank INTEGER,
    sent_in_episode      INTEGER NOT NULL DEFAULT 0 CHECK (sent_in_episode IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Messages to be delivered. Only the receiver's acceptance makes a row delivered.
-- Grain: key, hour and reason.
CREATE TABLE alert_outbox (
    alert_id           TEXT    NOT NULL PRIMARY KEY,   -- hash of key, hour and reason
    key                TEXT    NOT NULL,
    hour               INTEGER NOT NULL,
    reason             TEXT    NOT NULL,
    tier               INTEGER NOT NULL CHECK (tier BETWEEN 1 AND 3),
    payload            TEXT    NOT NULL,               -- JSON
    state              TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'expired', 'dead')),
    attempts           INTEGER NOT NULL DEFAULT 0,
    created_at_ms      INTEGER NOT NULL,
    next_attempt_at_ms INTEGER,
    delivered_at_ms    INTEGER,
    message_id         TEXT,
    last_error         TEXT,
    UNIQUE (key, hour, reason)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_outbox_state ON alert_outbox (state, created_at_ms);

-- What a data-quality check found.
-- Grain: run of the checks and check.
CREATE TABLE check_result (
    checked_at_ms INTEGER NOT NULL,
    name          TEXT    NOT NULL,                    -- of the file in sql/checks
    severity      TEXT    NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
    rows          INTEGER NOT NULL,                    -- wrong rows
    sample        TEXT,                                -- the first of them, JSON
    PRIMARY KEY (checked_at_ms, name)
) STRICT, WITHOUT ROWID;

-- Fields of answers that appeared, vanished or changed their type.
-- Grain: venue, endpoint, field, type and change.
CREATE TABLE schema_drift (
    exchange_id TEXT    NOT NULL,
    endpoint    TEXT    NOT NULL,
    field       TEXT    NOT NULL,                      -- path in the answer: 'result.list[].symbol'
    type        TEXT    NOT NULL,                      -- 'string', 'number' and so on
    change      TEXT    NOT NULL CHECK (change IN ('seen', 'appeared', 'vanished', 'changed')),
    first_hour  INTEGER NOT NULL,
    last_hour   INTEGER NOT NULL,
    PRIMARY KEY (exchange_id, endpoint, field, type, change)
) STRICT, WITHOUT ROWID;

-- A venue's day, kept when its hours are removed.
-- Grain: day and venue.
CREATE TABLE exchange_day (
    day                 INTEGER NOT NULL,              -- epoch seconds of midnight, UTC
    exchange_id         TEXT    NOT NULL REFERENCES exchange (exchange_id),
    hours               INTEGER NOT NULL,              -- ok or partial: what the other columns stand on
    expected_hours      INTEGER NOT NULL,
    coverage            REAL    NOT NULL,              -- hours / 24
    volume_open         REAL,                          -- dollars, rolling day: first, highest, lowest, last, mean
    volume_high         REAL,
    volume_low          REAL,
    volume_close        REAL,
    volume_mean         REAL,
    open_interest_open  REAL,                          -- dollars, one side
    open_interest_high  REAL,
    open_interest_low   REAL,
    open_interest_close REAL,
    open_interest_mean  REAL,
    funding_rate_open   REAL,                          -- percent for 8 h
    funding_rate_high   REAL,
    funding_rate_low    REAL,
    funding_rate_close  REAL,
    funding_rate_mean   REAL,
    price_change_close  REAL,                          -- percent against a day ago
    markets_close       INTEGER,                       -- trading perpetuals
    liquidation_long_usd  REAL,                        -- sums over the hours' windows; NULL: nothing is known
    liquidation_short_usd REAL,
    liquidation_count     INTEGER,                     -- NULL: a total without a count is among them
    PRIMARY KEY (day, exchange_id)
) STRICT, WITHOUT ROWID;

-- The market's day as one model sees it, kept when its hours are removed.
-- Grain: day and model.
CREATE TABLE market_day (
    day                   INTEGER NOT NULL,
    model                 TEXT    NOT NULL,
    hours                 INTEGER NOT NULL,            -- ok: what the other columns stand on
    insufficient_hours    INTEGER NOT NULL,
    coverage              REAL    NOT NULL,            -- hours / 24
    composite_score_open  REAL,
    composite_score_high  REAL,
    composite_score_low   REAL,
    composite_score_close REAL,
    composite_score_mean  REAL,
    total_volume_open     REAL,                        -- dollars, rolling day
    total_volume_high     REAL,
    total_volume_low      REAL,
    total_volume_close    REAL,
    total_volume_mean     REAL,
    total_oi_open         REAL,                        -- dollars, one side
    total_oi_high         REAL,
    total_oi_low          REAL,
    total_oi_close        REAL,
    total_oi_mean         REAL,
    funding_rate_open     REAL,                        -- percent
    funding_rate_high     REAL,
    funding_rate_low      REAL,
    funding_rate_close    REAL,
    funding_rate_mean     REAL,
    price_change_close    REAL,                        -- percent against a day ago
    long_pct_mean         REAL,                        -- 0 to 1
    volume_coverage_mean  REAL,                        -- share of the usual volume that reported
    quality_mean          REAL,
    bullish_hours         INTEGER NOT NULL,
    neutral_hours         INTEGER NOT NULL,
    bearish_hours         INTEGER NOT NULL,
    liquidation_long_usd  REAL,                        -- sums over the hours' windows; NULL: nothing is known
    liquidation_short_usd REAL,
    cascade_score_high    REAL,                        -- 0 to 1, windows of one hour
    PRIMARY KEY (day, model)
) STRICT, WITHOUT ROWID;
