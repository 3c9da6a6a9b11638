-- What an answer does not state, and figures of fewer contracts than before.

-- 0: the answers did not say it; a coin, where no earlier version states another class.
ALTER TABLE instrument ADD COLUMN class_stated INTEGER NOT NULL DEFAULT 1 CHECK (class_stated IN (0, 1));

-- An exchange's hour: of how many contracts its sums are. 0 in rows of before.
ALTER TABLE exchange_summary ADD COLUMN volume_markets INTEGER NOT NULL DEFAULT 0;         -- with a volume above 0
ALTER TABLE exchange_summary ADD COLUMN open_interest_markets INTEGER NOT NULL DEFAULT 0;  -- with open interest above 0
-- Symbols with 5 % or more of the sum, a space between them.
ALTER TABLE exchange_summary ADD COLUMN volume_leaders TEXT NOT NULL DEFAULT '';
ALTER TABLE exchange_summary ADD COLUMN open_interest_leaders TEXT NOT NULL DEFAULT '';
ALTER TABLE exchange_summary ADD COLUMN volume_whole INTEGER NOT NULL DEFAULT 1
    CHECK (volume_whole IN (0, 1));                                -- 0: missing, or of fewer contracts than before

-- What an exchange stated last of a contract that is no coin, from versions that retention has removed. Kept.
-- Grain: exchange and symbol.
CREATE TABLE known_class (
    exchange_id     TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol          TEXT    NOT NULL,
    hour            INTEGER NOT NULL,                  -- since when it was stated
    asset           TEXT    NOT NULL,
    asset_class     TEXT    NOT NULL
        CHECK (asset_class IN ('stock', 'commodity', 'index', 'fx', 'other')),
    unit_multiplier REAL    NOT NULL,
    PRIMARY KEY (exchange_id, symbol)
) STRICT, WITHOUT ROWID;
