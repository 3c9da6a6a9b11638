-- What was asked for, what came, and what was loaded.

-- Every loading of a staged file, kept for good.
-- Grain: loading.
CREATE TABLE load_log (
    load_id           INTEGER NOT NULL PRIMARY KEY,
    loaded_at_ms      INTEGER NOT NULL,                -- our clock
    hour              INTEGER NOT NULL,
    exchange_id       TEXT    NOT NULL,
    path              TEXT    NOT NULL,                -- as it was named
    staged_sha256     TEXT    NOT NULL,                -- of the stored bytes of the staged file
    raw_sha256        TEXT    NOT NULL,                -- of the stored bytes of the raw file
    transform_version INTEGER NOT NULL,
    rows              INTEGER NOT NULL,                -- records of all kinds
    rejections        INTEGER NOT NULL
) STRICT;

CREATE INDEX load_log_hour ON load_log (hour, exchange_id);

-- One run of `extract`, from its run file.
-- Grain: hour and start of the run.
CREATE TABLE extract_run (
    hour        INTEGER NOT NULL,
    started_ms  INTEGER NOT NULL,
    finished_ms INTEGER NOT NULL,
    version     TEXT    NOT NULL,                      -- of `extract`
    PRIMARY KEY (hour, started_ms)
) STRICT, WITHOUT ROWID;

-- How an enabled venue did in a run.
-- Grain: hour, run and venue.
CREATE TABLE extract_run_venue (
    hour         INTEGER NOT NULL,
    started_ms   INTEGER NOT NULL,
    exchange_id  TEXT    NOT NULL REFERENCES exchange (exchange_id),
    outcome      TEXT    NOT NULL CHECK (outcome IN ('complete', 'partial', 'failed', 'present')),
    cause        TEXT CHECK (cause IN ('down', 'banned', 'blocked', 'refused', 'interrupted')),
    reason       TEXT,                                 -- what the last failure said
    wire_bytes   INTEGER NOT NULL,
    body_bytes   INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    PRIMARY KEY (hour, started_ms, exchange_id),
    FOREIGN KEY (hour, started_ms) REFERENCES extract_run (hour, started_ms) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- How an endpoint of a venue did in a run.
-- Grain: hour, run, venue and endpoint.
CREATE TABLE extract_run_endpoint (
    hour        INTEGER NOT NULL,
    started_ms  INTEGER NOT NULL,
    exchange_id TEXT    NOT NULL,
    endpoint    TEXT    NOT NULL,
    ok          INTEGER NOT NULL CHECK (ok IN (0, 1)), -- 1: enough of its calls were answered
    calls       INTEGER NOT NULL,                      -- requests, each counted once
    failed      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    weight      INTEGER NOT NULL,                      -- in the venue's own terms
    cause       TEXT CHECK (cause IN ('down', 'banned', 'blocked', 'refused', 'interrupted')),
    reason      TEXT,
    PRIMARY KEY (hour, started_ms, exchange_id, endpoint),
    FOREIGN KEY (hour, started_ms, exchange_id)
        REFERENCES extract_run_venue (hour, started_ms, exchange_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The coverage ledger: what was expected of a venue in an hour and what is loaded. An hour without any
-- run between two known ones is one in which the machine was off; it is in no other table.
-- Grain: hour and venue.
CREATE TABLE exchange_hour (
    hour               INTEGER NOT NULL CHECK (hour % 3600 = 0),
    exchange_id        TEXT    NOT NULL REFERENCES exchange (exchange_id),
    expected           INTEGER NOT NULL CHECK (expected IN (0, 1)),   -- 1: enabled in a run, or loaded
    outcome            TEXT    NOT NULL CHECK (outcome IN ('loaded', 'awaited', 'failed')),  -- awaited: fetched only
    cause              TEXT
        CHECK (cause IN ('down', 'banned', 'blocked', 'refused', 'interrupted', 'machine_off')),
    reason             TEXT,                           -- why nothing is loaded, as the last run says
    staged_sha256      TEXT,                           -- of the file whose facts these are; NULL: nothing is loaded
    raw_sha256         TEXT,
    transform_version  INTEGER,
    responses          INTEGER,                        -- lines of the raw file, failed attempts among them
    responses_ok       INTEGER,
    instruments        INTEGER,                        -- records of each kind
    tickers            INTEGER,
    long_shorts        INTEGER,
    liquidation_events INTEGER,
    liquidation_totals INTEGER,
    spot_tickers       INTEGER,
    settlements        INTEGER,
    rejections         INTEGER,
    liquidations       TEXT CHECK (liquidations IN ('complete', 'aggregate', 'sampled', 'none')),  -- truth class
    observed_from_ms   INTEGER,                        -- when the first and the last answer came
    observed_to_ms     INTEGER,
    events_from_ms     INTEGER,                        -- times of the first and the last liquidation
    events_to_ms       INTEGER,
    PRIMARY KEY (hour, exchange_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX exchange_hour_missing ON exchange_hour (hour, exchange_id) WHERE staged_sha256 IS NULL;

-- The hours in which a venue sent a list of instruments, which bound the validity of a version.
CREATE INDEX exchange_hour_list ON exchange_hour (exchange_id, hour) WHERE instruments > 0;

-- The hours of which a venue's file is loaded, which bound the runs of its liquidations.
CREATE INDEX exchange_hour_loaded ON exchange_hour (exchange_id, hour) WHERE staged_sha256 IS NOT NULL;

-- How the requests to an endpoint went, from the staged file's first line.
-- Grain: hour, venue and endpoint.
CREATE TABLE exchange_hour_endpoint (
    hour        INTEGER NOT NULL,
    exchange_id TEXT    NOT NULL,
    endpoint    TEXT    NOT NULL,
    position    INTEGER NOT NULL,                      -- place in the venue's table, from 0
    ok          INTEGER NOT NULL,                      -- requests that were answered
    failed      INTEGER NOT NULL,                      -- requests that were not, after all attempts
    rows        INTEGER NOT NULL,                      -- rows in the answers
    rejected    INTEGER NOT NULL,                      -- rows, or whole answers, that were set aside
    PRIMARY KEY (hour, exchange_id, endpoint),
    FOREIGN KEY (hour, exchange_id) REFERENCES exchange_hour (hour, exchange_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
