-- Markets that somebody else runs on an exchange, such as the builder markets of HyperLiquid: they stay out of the
-- exchange's and the market's totals.

-- 0 where somebody else runs the market on the exchange.
ALTER TABLE instrument ADD COLUMN core INTEGER NOT NULL DEFAULT 1 CHECK (core IN (0, 1));
CREATE INDEX instrument_not_core ON instrument (exchange_id, symbol, valid_from) WHERE core = 0;

-- Totals of an exchange by class of asset: trading perpetuals only, those of others apart.
-- Grain: hour, exchange, class and core.
CREATE TABLE exchange_class_summary_core (
    hour          INTEGER NOT NULL REFERENCES hour (hour),
    exchange_id   TEXT    NOT NULL REFERENCES exchange (exchange_id),
    asset_class   TEXT    NOT NULL
        CHECK (asset_class IN ('crypto', 'stock', 'commodity', 'index', 'fx', 'other', 'unknown')),
    core          INTEGER NOT NULL CHECK (core IN (0, 1)),  -- 0: markets that somebody else runs on the exchange
    markets       INTEGER NOT NULL,                    -- trading perpetuals
    volume        REAL,                                -- dollars, rolling day; NULL: none has one
    open_interest REAL,                                -- dollars, one side; NULL: none has one
    PRIMARY KEY (hour, exchange_id, asset_class, core)
) STRICT, WITHOUT ROWID;

INSERT INTO exchange_class_summary_core
SELECT hour, exchange_id, asset_class, 1, markets, volume, open_interest FROM exchange_class_summary;

-- Views that read the table, people's own among them, stand through the change of names.
PRAGMA legacy_alter_table = ON;
DROP TABLE exchange_class_summary;
ALTER TABLE exchange_class_summary_core RENAME TO exchange_class_summary;
PRAGMA legacy_alter_table = OFF;
