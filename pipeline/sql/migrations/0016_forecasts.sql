-- Funding rates as they are forecast, from what was stored up to the hour and nothing later.

-- The forecasts of the contracts of which settlements are stored, as the facts show them today: made again with them.
-- Rates are fractions of notional, positive where longs pay; of target `next` for interval_h hours, of `next8` for eight.
-- Clustered by hour without a second index: a series of one contract goes from hour to hour by the key.
-- Grain: hour, exchange, symbol and target.
CREATE TABLE funding_forecast (
    hour           INTEGER NOT NULL,
    exchange_id    TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol         TEXT    NOT NULL,
    target         TEXT    NOT NULL CHECK (target = 'next' OR target = 'next8'),
    asset          TEXT    NOT NULL,
    settles_at_ms  INTEGER NOT NULL,                   -- the settlement; of next8 the last one
    lead_h         INTEGER NOT NULL,                   -- hours from the start of the hour to it, rounded
    method         TEXT    NOT NULL,                   -- model, displayed, samples, habit or last
    interval_h     INTEGER NOT NULL CHECK (interval_h > 0),
    family         TEXT    NOT NULL,                   -- clamped or plain, as the settlements showed
    interest_8h    REAL    NOT NULL,
    rate           REAL    NOT NULL,
    low            REAL,                               -- the interval holds at least 80 % of outcomes; NULL: too few yet
    high           REAL,
    model          REAL,                               -- what the model says, published or not
    displayed      REAL,                               -- the exchange's own estimate
    displayed_low  REAL,                               -- its interval, by its own past errors
    displayed_high REAL,
    last_settled   REAL,
    habit          REAL,
    default_rate   REAL    NOT NULL,
    n_train        INTEGER NOT NULL,                   -- resolved forecasts that the correction learned from
    n_resid        INTEGER NOT NULL,                   -- past errors behind the interval
    flags          TEXT    NOT NULL,
    realised       REAL,                               -- what settled; NULL: not known yet, or never
    realised_hour  INTEGER,                            -- the hour whose files showed it
    PRIMARY KEY (hour, exchange_id, symbol, target)
) STRICT, WITHOUT ROWID;

-- What was said at the time: the forecasts of the newest hour when it was first forecast, where its files were loaded before
-- it ended. Nothing changes or removes them.
-- Grain: hour, exchange, symbol and target.
CREATE TABLE forecast_issued (
    hour          INTEGER NOT NULL,
    exchange_id   TEXT    NOT NULL,
    symbol        TEXT    NOT NULL,
    target        TEXT    NOT NULL,
    settles_at_ms INTEGER NOT NULL,
    lead_h        INTEGER NOT NULL,
    method        TEXT    NOT NULL,
    interval_h    INTEGER NOT NULL,
    rate          REAL    NOT NULL,
    low           REAL,
    high          REAL,
    displayed     REAL,
    version       TEXT    NOT NULL,                    -- of the rules
    PRIMARY KEY (hour, exchange_id, symbol, target)
) STRICT, WITHOUT ROWID;

-- Hours after which the state of all forecasters is stored, so that later hours go on without reading the past.
-- Grain: hour.
CREATE TABLE forecast_checkpoint (
    hour    INTEGER NOT NULL PRIMARY KEY,
    version TEXT    NOT NULL                           -- of the rules: others are of no use
) STRICT;

-- What a forecaster knew after such an hour, as numbers.
-- Grain: hour, exchange and symbol.
CREATE TABLE forecast_state (
    hour        INTEGER NOT NULL REFERENCES forecast_checkpoint (hour),
    exchange_id TEXT    NOT NULL,
    symbol      TEXT    NOT NULL,
    asset       TEXT    NOT NULL,
    since       INTEGER NOT NULL,                      -- its first hour
    numbers     BLOB    NOT NULL,                      -- doubles, little-endian
    PRIMARY KEY (hour, exchange_id, symbol)
) STRICT;

-- What resolved forecasts taught, in the order in which they were resolved, thirty-two to a row. States say how many count.
-- Grain: exchange, symbol, first hour of the forecaster, lead and block.
CREATE TABLE forecast_lesson (
    exchange_id TEXT    NOT NULL,
    symbol      TEXT    NOT NULL,
    since       INTEGER NOT NULL,
    lead_h      INTEGER NOT NULL,                      -- 0: the next eight hours
    block       INTEGER NOT NULL,                      -- from 0
    numbers     BLOB    NOT NULL,                      -- doubles, little-endian, seven a lesson
    PRIMARY KEY (exchange_id, symbol, since, lead_h, block)
) STRICT, WITHOUT ROWID;

-- The hour from which forecasts are to be made again, which sealing does; empty when all is done.
-- Grain: one row.
CREATE TABLE forecast_due (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    from_hour INTEGER NOT NULL
) STRICT;

-- The forecasts of what is stored already.
INSERT INTO forecast_due (id, from_hour) SELECT 1, min(hour) FROM hour HAVING count(*) > 0;
