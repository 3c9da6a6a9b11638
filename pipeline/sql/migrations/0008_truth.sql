-- What a name stands for, how long an exchange has been away, and what a total holds.

-- What a taker pays of the notional, from the settings. Views reckon with it; nothing stored does.
ALTER TABLE exchange ADD COLUMN taker_fee REAL;

-- The hour and its end as text, UTC, for people and for tools that want no arithmetic: '2025-10-23 15:00:00'.
ALTER TABLE hour ADD COLUMN hour_utc TEXT NOT NULL DEFAULT '';
ALTER TABLE hour ADD COLUMN end_utc  TEXT NOT NULL DEFAULT '';
UPDATE hour SET hour_utc = datetime(hour, 'unixepoch'), end_utc = datetime(hour + 3600, 'unixepoch');

-- The class is part of what an asset is. NULL: the row is of rules that knew no classes.
ALTER TABLE instrument ADD COLUMN asset_class TEXT
    CHECK (asset_class IN ('crypto', 'stock', 'commodity', 'index', 'fx', 'other'));

-- What a ticker row points to: a symbol with what it prices. The number is a surrogate, given in the order of
-- arrival; everything else but the unit identifies. A class that the answers of the hour do not state (class_stated 0)
-- is that of the symbol's latest instrument version, or else 'other', once the hour is sealed; 'unknown' stays it in
-- hours of rules that knew no classes.
-- Grain: exchange, symbol and meaning.
CREATE TABLE listing_with_class (
    listing_id      INTEGER NOT NULL PRIMARY KEY,
    exchange_id     TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol          TEXT    NOT NULL,                  -- the exchange's own spelling
    asset           TEXT    NOT NULL,                  -- 'BTC'; what is no coin carries its class: 'stock:TSLA'
    asset_class     TEXT    NOT NULL
        CHECK (asset_class IN ('crypto', 'stock', 'commodity', 'index', 'fx', 'other', 'unknown')),
    class_stated    INTEGER NOT NULL CHECK (class_stated IN (0, 1)),
    quote           TEXT    NOT NULL,
    kind            TEXT    NOT NULL CHECK (kind IN ('linear', 'inverse', 'quanto')),
    contract        TEXT    NOT NULL CHECK (contract IN ('perpetual', 'dated')),
    unit_multiplier REAL,                              -- canonical coins in one base unit; NULL: not known
    UNIQUE (exchange_id, symbol, asset, asset_class, class_stated, quote, kind, contract)
) STRICT;

INSERT INTO listing_with_class
SELECT l.listing_id, l.exchange_id, l.symbol, l.asset, 'unknown', 0, l.quote, l.kind, l.contract,
    (
        SELECT i.unit_multiplier FROM instrument AS i
        WHERE i.exchange_id = l.exchange_id AND i.symbol = l.symbol AND i.asset = l.asset
        ORDER BY i.valid_from DESC LIMIT 1
    )
FROM listing AS l;

-- Views that read the tables, people's own among them, stand through the change of names.
PRAGMA legacy_alter_table = ON;
DROP TABLE listing;
ALTER TABLE listing_with_class RENAME TO listing;
CREATE INDEX listing_symbol ON listing (symbol);
CREATE INDEX listing_asset ON listing (asset, exchange_id);

-- Tickers and settlements whose class no answer of their hour states; and symbols that answers name and the whole list of
-- instruments does not.
ALTER TABLE exchange_hour ADD COLUMN unclassed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE exchange_hour_endpoint ADD COLUMN unlisted INTEGER NOT NULL DEFAULT 0;

-- Forced closings, as stated. Files of following hours state an event again for as long as it is among an
-- exchange's last ones; a row is a maximal run over the exchange's loaded files that state it alike. An event is
-- what was sent: its identity does not change when the size of a contract does. The view `liquidations` gives each
-- event once, sized with the contract of the hour in which it happened.
-- Grain: event and first stating hour of a run.
CREATE TABLE liquidation_as_sent (
    occurred_at_ms INTEGER NOT NULL,
    exchange_id    TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol         TEXT    NOT NULL,
    side           TEXT    NOT NULL CHECK (side IN ('long', 'short')),   -- who was liquidated
    price          REAL    NOT NULL,                   -- quote units a coin
    quantity       REAL    NOT NULL,                   -- as sent: contracts where `in_contracts`, else coins
    id             TEXT    NOT NULL DEFAULT '',        -- the exchange's own; '': none; '#2': second of equal events
    hour           INTEGER NOT NULL,                   -- of the first file of the run
    until          INTEGER,                            -- of the next file, without it; NULL: in the latest file
    in_contracts   INTEGER NOT NULL CHECK (in_contracts IN (0, 1)),
    asset          TEXT    NOT NULL,
    quantity_base  REAL    NOT NULL,                   -- coins, by the contract of the stating hour
    value_usd      REAL,                               -- likewise; NULL: the quote is not a dollar
    PRIMARY KEY (occurred_at_ms, exchange_id, symbol, side, price, quantity, id, hour),
    CHECK (until > hour)
) STRICT, WITHOUT ROWID;

-- What OKX and Gate sent were contracts: as many as the coins came to by the contract of the stating hour. A file of
-- today that states one of these events again then finds it.
INSERT OR IGNORE INTO liquidation_as_sent
SELECT l.occurred_at_ms, l.exchange_id, l.symbol, l.side, l.price,
    CASE
        WHEN i.symbol IS NULL THEN l.quantity_base
        WHEN i.kind = 'inverse' THEN round(l.quantity_base * l.price / i.contract_multiplier, 8)
        ELSE round(l.quantity_base / (i.contract_multiplier * i.unit_multiplier), 8)
    END,
    l.id, l.hour, l.until, i.symbol IS NOT NULL, l.asset, l.quantity_base, l.value_usd
FROM liquidation AS l
LEFT JOIN instrument AS i
    ON i.exchange_id = l.exchange_id AND i.symbol = l.symbol AND l.exchange_id IN ('okx', 'gate')
    AND i.valid_from <= l.hour AND (i.valid_to IS NULL OR i.valid_to > l.hour) AND i.contract_multiplier > 0;

DROP TABLE liquidation;
ALTER TABLE liquidation_as_sent RENAME TO liquidation;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX liquidation_open ON liquidation (exchange_id) WHERE until IS NULL;

-- The settlement before one, whose distance is the length of its period.
CREATE INDEX funding_settlement_symbol ON funding_settlement (exchange_id, symbol, settled_at_ms);

-- An exchange's hour: what is usual, since when it is away, and how whole its figures are.
ALTER TABLE exchange_summary ADD COLUMN class_rules INTEGER NOT NULL DEFAULT 0;  -- 0: of rules that knew no classes
ALTER TABLE exchange_summary ADD COLUMN usual_volume REAL;         -- dollars: median of the last 168 stored hours
ALTER TABLE exchange_summary ADD COLUMN usual_open_interest REAL;  -- likewise
ALTER TABLE exchange_summary ADD COLUMN open_interest_whole INTEGER NOT NULL DEFAULT 1
    CHECK (open_interest_whole IN (0, 1));                         -- 0: missing, or of fewer contracts than before
ALTER TABLE exchange_summary ADD COLUMN cause TEXT;                -- why it is absent: as in exchange_hour; 'not_asked'
ALTER TABLE exchange_summary ADD COLUMN absent_since INTEGER;      -- first hour of the absence; NULL: it is there
ALTER TABLE exchange_summary ADD COLUMN blocked_since INTEGER;     -- since when it is blocked or not asked
ALTER TABLE exchange_summary ADD COLUMN filled_fields INTEGER NOT NULL DEFAULT 0;  -- a bit for each field filled
ALTER TABLE exchange_summary ADD COLUMN long_share_btc REAL;       -- share of accounts that are long, 0 to 1
ALTER TABLE exchange_summary ADD COLUMN long_share_eth REAL;

-- What the market's totals hold, and what they lack.
ALTER TABLE market_summary ADD COLUMN total_volume_reported REAL;  -- dollars, of the exchanges that reported it
ALTER TABLE market_summary ADD COLUMN total_oi_reported REAL;
ALTER TABLE market_summary ADD COLUMN volume_carried_usd REAL;     -- dollars of absent exchanges' last figures
ALTER TABLE market_summary ADD COLUMN oi_carried_usd REAL;
ALTER TABLE market_summary ADD COLUMN carried_age_h INTEGER;       -- hours: the oldest of them; NULL: none
ALTER TABLE market_summary ADD COLUMN volume_coverage REAL;        -- share of the usual volume that reported
ALTER TABLE market_summary ADD COLUMN oi_coverage REAL;            -- share of the usual open interest that reported
ALTER TABLE market_summary ADD COLUMN gate_coverage REAL;          -- as the first, without exchanges that are blocked
ALTER TABLE market_summary ADD COLUMN exchanges_expected INTEGER;  -- enabled, or loaded at any time before
ALTER TABLE market_summary ADD COLUMN exchanges_unknown INTEGER;   -- of these, never loaded: their share is unknown
ALTER TABLE market_summary ADD COLUMN volume_missing INTEGER NOT NULL DEFAULT 0;  -- exchanges without volume
ALTER TABLE market_summary ADD COLUMN oi_missing INTEGER NOT NULL DEFAULT 0;      -- without whole open interest
ALTER TABLE market_summary ADD COLUMN volume_change_24h REAL;      -- percent, over what both hours have
ALTER TABLE market_summary ADD COLUMN oi_change_24h REAL;
ALTER TABLE market_summary ADD COLUMN compared_exchanges INTEGER;  -- exchanges behind the two changes

-- Totals of an exchange by class of asset: trading perpetuals only.
-- Grain: hour, exchange and class.
CREATE TABLE exchange_class_summary (
    hour          INTEGER NOT NULL REFERENCES hour (hour),
    exchange_id   TEXT    NOT NULL REFERENCES exchange (exchange_id),
    asset_class   TEXT    NOT NULL
        CHECK (asset_class IN ('crypto', 'stock', 'commodity', 'index', 'fx', 'other', 'unknown')),
    markets       INTEGER NOT NULL,                    -- trading perpetuals
    volume        REAL,                                -- dollars, rolling day; NULL: none has one
    open_interest REAL,                                -- dollars, one side; NULL: none has one
    PRIMARY KEY (hour, exchange_id, asset_class)
) STRICT, WITHOUT ROWID;
