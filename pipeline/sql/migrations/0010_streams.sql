-- What the exchanges' streams said: files, their gaps, and liquidations. REST stays in `liquidation`: which of the two
-- counts for an exchange and hour is decided when the hour is sealed.

-- A file of a stream. Grain: hour and exchange.
CREATE TABLE stream_hour (
    hour              INTEGER NOT NULL,                -- in which the messages were received
    exchange_id       TEXT    NOT NULL REFERENCES exchange (exchange_id),
    staged_sha256     TEXT    NOT NULL,
    raw_sha256        TEXT    NOT NULL,
    transform_version INTEGER NOT NULL,
    truth             TEXT    NOT NULL CHECK (truth IN ('complete', 'aggregate', 'sampled', 'none')),
    price_kind        TEXT    NOT NULL CHECK (price_kind IN ('fill', 'bankruptcy', 'order')),
    covered_ms        INTEGER NOT NULL CHECK (covered_ms BETWEEN 0 AND 3600000),
    messages          INTEGER NOT NULL,                -- kept ones: not those of control channels
    duplicates        INTEGER NOT NULL,                -- events that were stated again
    responses         INTEGER NOT NULL,
    responses_ok      INTEGER NOT NULL,
    rejected          INTEGER NOT NULL,
    observed_from_ms  INTEGER,
    observed_to_ms    INTEGER,
    PRIMARY KEY (hour, exchange_id)
) STRICT, WITHOUT ROWID;

-- A part of an hour in which a stream was not heard. Grain: hour, exchange and beginning.
CREATE TABLE stream_gap (
    hour        INTEGER NOT NULL,
    exchange_id TEXT    NOT NULL REFERENCES exchange (exchange_id),
    from_ms     INTEGER NOT NULL,
    to_ms       INTEGER NOT NULL CHECK (to_ms > from_ms),
    reason      TEXT    NOT NULL,
    PRIMARY KEY (hour, exchange_id, from_ms)
) STRICT, WITHOUT ROWID;

-- A liquidation as a stream stated it. Grain: event and file: two hours' files state the events about the full hour.
CREATE TABLE stream_liquidation (
    occurred_at_ms INTEGER NOT NULL,
    exchange_id    TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol         TEXT    NOT NULL,
    side           TEXT    NOT NULL CHECK (side IN ('long', 'short')),
    price          REAL    NOT NULL,
    quantity       REAL    NOT NULL,                   -- as sent: contracts where in_contracts is 1, else coins
    id             TEXT    NOT NULL,                   -- the exchange's; '' for none, '#2' for the second of equal ones
    hour           INTEGER NOT NULL,                   -- of the file
    in_contracts   INTEGER NOT NULL CHECK (in_contracts IN (0, 1)),
    asset          TEXT    NOT NULL,
    quantity_base  REAL    NOT NULL,
    value_usd      REAL,
    PRIMARY KEY (occurred_at_ms, exchange_id, symbol, side, price, quantity, id, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX stream_liquidation_hour ON stream_liquidation (hour, exchange_id);

-- What of a stream's file could not be read. Grain: hour, exchange and number.
CREATE TABLE stream_rejection (
    hour        INTEGER NOT NULL,
    exchange_id TEXT    NOT NULL REFERENCES exchange (exchange_id),
    number      INTEGER NOT NULL,
    endpoint    TEXT    NOT NULL,
    row         INTEGER,
    symbol      TEXT,
    field       TEXT,
    reason      TEXT    NOT NULL,
    value       TEXT,
    PRIMARY KEY (hour, exchange_id, number)
) STRICT, WITHOUT ROWID;
