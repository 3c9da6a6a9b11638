-- What the other tables point to.

-- Choices that outlive every rebuild.
-- Grain: name.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The model whose scores the views show: 'v2' or 'seed-v1'.
INSERT INTO setting (name, value) VALUES ('sentiment_model', 'v2');

-- Venues, in the order that every report uses.
-- Grain: venue.
CREATE TABLE exchange (
    exchange_id TEXT    NOT NULL PRIMARY KEY,                        -- 'okx', as in paths and records
    name        TEXT    NOT NULL UNIQUE,                             -- 'OKX', as people read it
    type        TEXT    NOT NULL CHECK (type IN ('CEX', 'DEX')),     -- who holds the customers' funds
    position    INTEGER NOT NULL UNIQUE                              -- place in the fixed order, from 0
) STRICT, WITHOUT ROWID;

-- The hours that the warehouse knows about, and whether their summaries stand.
-- Grain: hour. Times named `hour` are the epoch seconds of the hour's first instant, UTC.
CREATE TABLE hour (
    hour   INTEGER NOT NULL PRIMARY KEY CHECK (hour % 3600 = 0),
    sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1)),      -- 1: facts and summaries agree; views show it
    dirty  INTEGER NOT NULL DEFAULT 1 CHECK (dirty IN (0, 1))        -- 1: to be summarised (again) by the closing pass
) STRICT;

CREATE INDEX hour_dirty ON hour (hour) WHERE dirty = 1;
