-- What the venues said. A row's `hour` is the hour of the file that stated it.

-- What a ticker row points to: a symbol with what it prices. The number is a surrogate, given in
-- the order of arrival; everything else identifies.
-- Grain: venue, symbol and meaning.
CREATE TABLE listing (
    listing_id  INTEGER NOT NULL PRIMARY KEY,
    exchange_id TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol      TEXT    NOT NULL,                      -- the venue's own spelling
    asset       TEXT    NOT NULL,                      -- the canonical coin
    quote       TEXT    NOT NULL,
    kind        TEXT    NOT NULL CHECK (kind IN ('linear', 'inverse', 'quanto')),
    contract    TEXT    NOT NULL CHECK (contract IN ('perpetual', 'dated')),
    UNIQUE (exchange_id, symbol, asset, quote, kind, contract)
) STRICT;

CREATE INDEX listing_symbol ON listing (symbol);
CREATE INDEX listing_asset ON listing (asset);

-- Versions of a contract's description. A row is a maximal run over the venue's hours with a list of
-- instruments in which the values stayed the same, whatever the order of loading.
-- Grain: venue, symbol and first hour of the run.
CREATE TABLE instrument (
    exchange_id            TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol                 TEXT    NOT NULL,
    valid_from             INTEGER NOT NULL,           -- first hour with these values
    valid_to               INTEGER,                    -- next hour with a list and without them; NULL: valid still
    asset                  TEXT    NOT NULL,
    base                   TEXT    NOT NULL,
    quote                  TEXT    NOT NULL,
    settle                 TEXT    NOT NULL,
    kind                   TEXT    NOT NULL CHECK (kind IN ('linear', 'inverse', 'quanto')),
    contract               TEXT    NOT NULL CHECK (contract IN ('perpetual', 'dated')),
    status                 TEXT    NOT NULL
        CHECK (status IN ('trading', 'suspended', 'settling', 'delisted', 'prelaunch')),
    contract_multiplier    REAL,                       -- linear: base units a contract; inverse: quote units
    unit_multiplier        REAL    NOT NULL,           -- canonical coins in one base unit
    funding_interval_hours REAL,
    listed_at_ms           INTEGER,
    PRIMARY KEY (exchange_id, symbol, valid_from),
    CHECK (valid_to > valid_from)
) STRICT, WITHOUT ROWID;

CREATE INDEX instrument_open ON instrument (exchange_id) WHERE valid_to IS NULL;
CREATE INDEX instrument_not_trading ON instrument (exchange_id, valid_from) WHERE status <> 'trading';

-- The state of a contract at an hour. Prices and base quantities are per canonical coin.
-- Grain: hour and listing; clustered by hour, so that a new hour is written at the end. `listing_id` is not
-- declared as a reference: checking it would slow the largest table by a twelfth. A check looks for orphans.
CREATE TABLE ticker (
    hour                    INTEGER NOT NULL,
    listing_id              INTEGER NOT NULL,
    last_price              REAL,                      -- quote units a coin
    mark_price              REAL,
    index_price             REAL,
    bid_price               REAL,
    ask_price               REAL,
    volume_base_24h         REAL,                      -- coins, rolling day
    volume_usd_24h          REAL,                      -- dollars, rolling day
    open_interest_contracts REAL,                      -- one side counted once
    open_interest_base      REAL,                      -- coins
    open_interest_usd       REAL,                      -- dollars
    funding_rate            REAL,                      -- fraction an interval; positive: longs pay
    funding_interval_hours  REAL,
    funding_rate_8h         REAL AS (funding_rate * 8 / funding_interval_hours) VIRTUAL,  -- fraction for 8 h
    next_funding_at_ms      INTEGER,
    price_change_24h        REAL,                      -- fraction
    trades_24h              INTEGER,
    observed_at_ms          INTEGER NOT NULL,
    PRIMARY KEY (hour, listing_id)
) STRICT, WITHOUT ROWID;

-- How the holders of a contract are split.
-- Grain: hour, venue, symbol, population, period and time.
CREATE TABLE long_short (
    hour           INTEGER NOT NULL,
    exchange_id    TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol         TEXT    NOT NULL,
    population     TEXT    NOT NULL
        CHECK (population IN ('accounts', 'top_accounts', 'top_positions', 'taker')),
    period         TEXT    NOT NULL,                   -- as the venue writes it: '1h'
    observed_at_ms INTEGER NOT NULL,
    asset          TEXT    NOT NULL,
    ratio          REAL,                               -- longs over shorts, as sent
    long_fraction  REAL    NOT NULL,
    short_fraction REAL    NOT NULL,
    PRIMARY KEY (hour, exchange_id, symbol, population, period, observed_at_ms)
) STRICT, WITHOUT ROWID;

-- Forced closings, as stated. Files of following hours state an event again for as long as it is among a
-- venue's last ones, for days where little happens; a row is a maximal run over the venue's loaded files
-- that state it. The view `liquidations` gives each event once.
-- Grain: event and first stating hour of a run.
CREATE TABLE liquidation (
    occurred_at_ms INTEGER NOT NULL,
    exchange_id    TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol         TEXT    NOT NULL,
    side           TEXT    NOT NULL CHECK (side IN ('long', 'short')),   -- who was liquidated
    price          REAL    NOT NULL,                   -- quote units a coin
    quantity_base  REAL    NOT NULL,                   -- coins
    id             TEXT    NOT NULL DEFAULT '',        -- the venue's own; '': none; '#2': second of equal events
    hour           INTEGER NOT NULL,                   -- of the first file of the run
    until          INTEGER,                            -- of the next file, without it; NULL: in the latest file
    asset          TEXT    NOT NULL,
    value_usd      REAL,                               -- NULL: the quote is not a dollar
    PRIMARY KEY (occurred_at_ms, exchange_id, symbol, side, price, quantity_base, id, hour),
    CHECK (until > hour)
) STRICT, WITHOUT ROWID;

CREATE INDEX liquidation_open ON liquidation (exchange_id) WHERE until IS NULL;

-- Sums of a span that a venue publishes, as stated; the view `liquidation_totals` gives each once.
-- Grain: venue, symbol, span and stating hour.
CREATE TABLE liquidation_total (
    from_ms     INTEGER NOT NULL,                      -- included
    to_ms       INTEGER NOT NULL,                      -- excluded
    exchange_id TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol      TEXT    NOT NULL,
    hour        INTEGER NOT NULL,                      -- of the stating file
    asset       TEXT    NOT NULL,
    long_usd    REAL    NOT NULL,                      -- dollars
    short_usd   REAL    NOT NULL,
    long_count  INTEGER,                               -- events; NULL: not known
    short_count INTEGER,
    PRIMARY KEY (from_ms, to_ms, exchange_id, symbol, hour)
) STRICT, WITHOUT ROWID;

CREATE INDEX liquidation_total_hour ON liquidation_total (hour, exchange_id);

-- The spot market, the other leg of a basis.
-- Grain: hour, venue and symbol.
CREATE TABLE spot_ticker (
    hour           INTEGER NOT NULL,
    exchange_id    TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol         TEXT    NOT NULL,
    asset          TEXT    NOT NULL,
    quote          TEXT    NOT NULL,
    last_price     REAL,                               -- quote units a coin
    bid_price      REAL,
    ask_price      REAL,
    volume_usd_24h REAL,
    observed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (hour, exchange_id, symbol)
) STRICT, WITHOUT ROWID;

-- Funding that longs and shorts settled, as stated; the view `funding_settlements` gives each once.
-- Grain: venue, symbol, settlement time and stating hour.
CREATE TABLE funding_settlement (
    settled_at_ms          INTEGER NOT NULL,           -- floored to the minute
    exchange_id            TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol                 TEXT    NOT NULL,
    hour                   INTEGER NOT NULL,           -- of the stating file
    asset                  TEXT    NOT NULL,
    funding_rate           REAL    NOT NULL,           -- fraction of notional an interval
    funding_interval_hours REAL,
    PRIMARY KEY (settled_at_ms, exchange_id, symbol, hour)
) STRICT, WITHOUT ROWID;

CREATE INDEX funding_settlement_hour ON funding_settlement (hour, exchange_id);

-- What could not be understood.
-- Grain: hour, venue and place in the file.
CREATE TABLE rejection (
    hour        INTEGER NOT NULL,
    exchange_id TEXT    NOT NULL REFERENCES exchange (exchange_id),
    number      INTEGER NOT NULL,                      -- place among the file's rejections, from 0
    endpoint    TEXT    NOT NULL,
    row         INTEGER,                               -- place in the answer, from 0; NULL: the whole answer
    symbol      TEXT,
    field       TEXT,
    reason      TEXT    NOT NULL,
    value       TEXT,                                  -- what was found, cut at 200 characters
    PRIMARY KEY (hour, exchange_id, number)
) STRICT, WITHOUT ROWID;
