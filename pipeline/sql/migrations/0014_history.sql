-- What exchanges told later about hours that had passed, apart from what they said in their hour: no sealed row depends on
-- it. A fact that several files state stands once, as the file has it that was learnt first; another value for the same
-- fact stands beside it as a later version. The rows depend on the files alone, and not on the order of loading.

-- A file of the past.
-- Grain: exchange, dataset and stamp.
CREATE TABLE history_file (
    file_id           INTEGER NOT NULL PRIMARY KEY,    -- a surrogate, given in the order of arrival
    exchange_id       TEXT    NOT NULL REFERENCES exchange (exchange_id),
    dataset           TEXT    NOT NULL,                -- candles, mark_candles, index_candles, open_interest, funding, ...
    stamp             TEXT    NOT NULL,                -- when its run began, as its name says: 2026-11-28T173300Z
    feed              TEXT    NOT NULL CHECK (feed IN ('history', 'archive')),  -- asked of the exchange, or from its files
    asked_hour        INTEGER NOT NULL,                -- the hour in which its first question was asked
    staged_sha256     TEXT    NOT NULL,
    raw_sha256        TEXT    NOT NULL,
    transform_version INTEGER NOT NULL,
    simulated         INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    responses         INTEGER NOT NULL,
    responses_ok      INTEGER NOT NULL,
    records           INTEGER NOT NULL,                -- facts that the file states, also those that others state
    rejections        INTEGER NOT NULL,
    observed_from_ms  INTEGER,                         -- when the first and the last answer came; NULL: none did
    observed_to_ms    INTEGER,
    learnt_ms         INTEGER NOT NULL,                -- when its facts were known: observed_to_ms, else the hour's start
    incomplete        INTEGER NOT NULL DEFAULT 0 CHECK (incomplete IN (0, 1)),  -- 1: another file took facts along with it
    UNIQUE (exchange_id, dataset, stamp)
) STRICT;

-- What a row of the past points to.
-- Grain: exchange, symbol and asset.
CREATE TABLE history_contract (
    contract_id INTEGER NOT NULL PRIMARY KEY,          -- a surrogate, given in the order of arrival
    exchange_id TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol      TEXT    NOT NULL,                      -- the exchange's own spelling
    asset       TEXT    NOT NULL,
    UNIQUE (exchange_id, symbol, asset)
) STRICT;

CREATE INDEX history_contract_asset ON history_contract (asset);

-- How a price moved within an hour. The references are not declared: checking them would slow large tables.
-- Grain: contract, kind of price, hour and version.
CREATE TABLE candle (
    contract_id INTEGER NOT NULL,
    -- Not IN: a list of three would open a table of its own for each row that is written.
    price_kind  TEXT    NOT NULL CHECK (price_kind = 'last' OR price_kind = 'mark' OR price_kind = 'index'),
    from_ms     INTEGER NOT NULL,                      -- the start of the hour
    version     INTEGER NOT NULL,                      -- 0: learnt first; 1 and on: other values that were told later
    open        REAL    NOT NULL,                      -- quote units a coin
    high        REAL    NOT NULL,
    low         REAL    NOT NULL,
    close       REAL    NOT NULL,
    volume_base REAL,                                  -- coins in the hour
    volume_usd  REAL,                                  -- dollars in the hour
    file_id     INTEGER NOT NULL,                      -- the first file that states it
    PRIMARY KEY (contract_id, price_kind, from_ms, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX candle_restated ON candle (contract_id, price_kind, from_ms, version) WHERE version > 0;

-- The open interest at an instant, one side counted once.
-- Grain: contract, time and version.
CREATE TABLE open_interest (
    contract_id    INTEGER NOT NULL,
    observed_at_ms INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    contracts      REAL,
    base           REAL,                               -- coins
    usd            REAL,                               -- dollars, as stated
    file_id        INTEGER NOT NULL,
    PRIMARY KEY (contract_id, observed_at_ms, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_interest_restated ON open_interest (contract_id, observed_at_ms, version) WHERE version > 0;

-- Funding that was settled.
-- Grain: contract, time and version.
CREATE TABLE history_settlement (
    contract_id            INTEGER NOT NULL,
    settled_at_ms          INTEGER NOT NULL,
    version                INTEGER NOT NULL,
    funding_rate           REAL    NOT NULL,           -- fraction of notional an interval; positive: longs paid
    funding_interval_hours REAL,                       -- NULL: not stated
    file_id                INTEGER NOT NULL,
    PRIMARY KEY (contract_id, settled_at_ms, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_settlement_restated ON history_settlement (contract_id, settled_at_ms, version) WHERE version > 0;

-- How the holders of a contract were split.
-- Grain: contract, population, period, time and version.
CREATE TABLE history_long_short (
    contract_id    INTEGER NOT NULL,
    population     TEXT    NOT NULL CHECK (
        population = 'accounts' OR population = 'top_accounts' OR population = 'top_positions' OR population = 'taker'
    ),
    period         TEXT    NOT NULL,                   -- as the exchange writes it
    observed_at_ms INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    ratio          REAL,                               -- longs over shorts, as sent
    long_fraction  REAL    NOT NULL,
    short_fraction REAL    NOT NULL,
    file_id        INTEGER NOT NULL,
    PRIMARY KEY (contract_id, population, period, observed_at_ms, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_long_short_restated ON history_long_short (contract_id, population, period, observed_at_ms, version)
WHERE version > 0;

-- A forced closing that REST still told. What it is includes its values, so there are no versions.
-- Grain: event.
CREATE TABLE history_liquidation (
    contract_id    INTEGER NOT NULL,
    occurred_at_ms INTEGER NOT NULL,
    side           TEXT    NOT NULL CHECK (side IN ('long', 'short')),
    price          REAL    NOT NULL,
    quantity       REAL    NOT NULL,                   -- as sent: contracts where in_contracts is 1, else coins
    id             TEXT    NOT NULL,                   -- the exchange's; '' for none, '#2' for the second of equal ones
    in_contracts   INTEGER NOT NULL CHECK (in_contracts IN (0, 1)),
    quantity_base  REAL    NOT NULL,
    value_usd      REAL,
    file_id        INTEGER NOT NULL,
    PRIMARY KEY (contract_id, occurred_at_ms, side, price, quantity, id)
) STRICT, WITHOUT ROWID;

-- A span for which an exchange answered whole: what is not among its facts did not happen.
-- Grain: exchange, dataset, symbol, span and file.
CREATE TABLE history_span (
    exchange_id TEXT    NOT NULL REFERENCES exchange (exchange_id),
    dataset     TEXT    NOT NULL,
    symbol      TEXT    NOT NULL,                      -- '': all contracts
    from_ms     INTEGER NOT NULL,                      -- included
    to_ms       INTEGER NOT NULL,                      -- excluded
    file_id     INTEGER NOT NULL REFERENCES history_file (file_id),
    PRIMARY KEY (exchange_id, dataset, symbol, from_ms, to_ms, file_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_span_file ON history_span (file_id);

-- What of a file could not be read.
-- Grain: file and number.
CREATE TABLE history_rejection (
    file_id  INTEGER NOT NULL REFERENCES history_file (file_id),
    number   INTEGER NOT NULL,                         -- place among the file's rejections, from 0
    endpoint TEXT    NOT NULL,
    row      INTEGER,
    symbol   TEXT,
    field    TEXT,
    reason   TEXT    NOT NULL,
    value    TEXT,
    PRIMARY KEY (file_id, number)
) STRICT, WITHOUT ROWID;

-- The hours between two settlements of funding, and from when to when they were so many: from the distances of
-- settlements, live ones and those of the past, and from what the list of instruments says where these are silent.
-- Grain: exchange, symbol and begin.
CREATE TABLE funding_interval (
    exchange_id TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol      TEXT    NOT NULL,
    from_ms     INTEGER NOT NULL,
    until_ms    INTEGER,                               -- NULL: as far as known, still
    hours       REAL    NOT NULL CHECK (hours > 0),
    evidence    TEXT    NOT NULL CHECK (evidence IN ('settlements', 'instrument')),
    PRIMARY KEY (exchange_id, symbol, from_ms),
    CHECK (until_ms > from_ms)
) STRICT, WITHOUT ROWID;

-- Contracts whose intervals are to be found again, which sealing does.
-- Grain: exchange and symbol.
CREATE TABLE funding_interval_due (
    exchange_id TEXT NOT NULL REFERENCES exchange (exchange_id),
    symbol      TEXT NOT NULL,
    PRIMARY KEY (exchange_id, symbol)
) STRICT, WITHOUT ROWID;

-- The intervals of what is stored already.
INSERT INTO funding_interval_due (exchange_id, symbol)
SELECT exchange_id, symbol FROM instrument UNION SELECT exchange_id, symbol FROM funding_settlement;

-- Hours of an exchange that were put together from what it told later, also those that were recorded as well: the rows
-- depend on the files of the past alone. Grain: exchange and hour.
CREATE TABLE reconstructed_hour (
    hour                 INTEGER NOT NULL,
    exchange_id          TEXT    NOT NULL REFERENCES exchange (exchange_id),
    feed                 TEXT    NOT NULL,             -- archive where any of its candles is from one, else history
    markets              INTEGER NOT NULL,             -- perpetuals on coins with a price
    volume_markets       INTEGER NOT NULL,             -- those of them with a whole day's volume
    volume_usd           REAL,                         -- dollars in the day before
    open_interest_markets INTEGER NOT NULL,            -- those of them with open interest
    open_interest_usd    REAL,                         -- dollars, one side
    funding_8h_percent   REAL,                         -- of the rates that were settled
    funding_basis        TEXT,                         -- oi or volume
    funding_weight_usd   REAL,
    price_change_percent REAL,
    as_known_ms          INTEGER NOT NULL,             -- when the newest of its candles was learnt
    PRIMARY KEY (exchange_id, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX reconstructed_hour_hour ON reconstructed_hour (hour);

-- Spans of which something changed, whose hours are to be measured again. Grain: exchange.
CREATE TABLE reconstruction_due (
    exchange_id TEXT    NOT NULL PRIMARY KEY REFERENCES exchange (exchange_id),
    from_hour   INTEGER NOT NULL,
    to_hour     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
