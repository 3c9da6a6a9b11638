-- What sealing an hour makes. Rows are a function of the facts; none holds the time of its making.

-- One venue at one hour, over its trading perpetuals.
-- Grain: hour and venue.
CREATE TABLE exchange_summary (
    hour              INTEGER NOT NULL REFERENCES hour (hour),
    exchange_id       TEXT    NOT NULL REFERENCES exchange (exchange_id),
    status            TEXT    NOT NULL CHECK (status IN ('ok', 'partial', 'failed')),
    reason            TEXT,                            -- why not 'ok'
    volume            REAL,                            -- dollars, rolling day
    open_interest     REAL,                            -- dollars, one side
    matched_volume    REAL,                            -- dollars, of the contracts with open interest
    oi_coverage       REAL,                            -- matched_volume / volume
    oi_vol_ratio      REAL,                            -- open_interest / matched_volume
    funding_rate      REAL,                            -- percent for 8 h
    funding_basis     TEXT CHECK (funding_basis IN ('oi', 'volume')),
    funding_weight    REAL,                            -- dollars: sum of the weights taken
    funding_coverage  REAL,                            -- share of volume
    price_change      REAL,                            -- percent against a day ago
    price_coverage    REAL,                            -- share of volume
    markets           INTEGER NOT NULL,                -- trading perpetuals
    other_markets     INTEGER NOT NULL,                -- dated and not trading
    num_trades        INTEGER,                         -- rolling day
    seed_funding_rate REAL,                            -- percent an interval, reference BTC perpetual
    seed_price_change REAL,                            -- percent, reference BTC perpetual
    PRIMARY KEY (hour, exchange_id)
) STRICT, WITHOUT ROWID;

-- The market at one hour as one model sees it.
-- Grain: hour and model.
CREATE TABLE market_summary (
    hour               INTEGER NOT NULL REFERENCES hour (hour),
    model              TEXT    NOT NULL CHECK (model IN ('seed-v1', 'v2')),
    status             TEXT    NOT NULL CHECK (status IN ('ok', 'insufficient')),
    composite_score    REAL,                           -- -1 bearish to 1 bullish; NULL: insufficient
    sentiment          TEXT CHECK (sentiment IN ('BULLISH', 'NEUTRAL', 'BEARISH')),
    strength           TEXT CHECK (strength IN ('STRONG', 'MODERATE', 'WEAK', 'NEUTRAL')),
    total_volume       REAL,                           -- dollars, rolling day
    total_oi           REAL,                           -- dollars, one side
    cex_volume         REAL,
    dex_volume         REAL,
    oi_vol_ratio       REAL,
    funding_rate       REAL,                           -- percent for 8 h; seed-v1: for each venue's own interval
    price_change       REAL,                           -- percent against a day ago
    funding_divergence REAL,                           -- percent
    long_pct           REAL,                           -- share of accounts that are long, 0 to 1
    long_short_series  INTEGER NOT NULL,               -- venue and asset series behind long_pct
    funding_coverage   REAL,                           -- share of volume
    price_coverage     REAL,                           -- share of volume
    oi_growth_24h      REAL,                           -- logarithm, price taken out
    oi_growth_1h       REAL,
    mark_change_1h     REAL,                           -- logarithm, weighted by open interest
    exchanges_count    INTEGER NOT NULL,
    coverage           REAL    NOT NULL,               -- share of the usual volume that reported
    quality            REAL,                           -- weight of evidence, 0 to 1
    confidence         REAL,
    flags              TEXT    NOT NULL,               -- separated by blanks
    PRIMARY KEY (hour, model)
) STRICT, WITHOUT ROWID;

-- One factor of one model.
-- Grain: hour, model and factor.
CREATE TABLE model_score (
    hour    INTEGER NOT NULL REFERENCES hour (hour),
    model   TEXT    NOT NULL CHECK (model IN ('seed-v1', 'v2')),
    factor  TEXT    NOT NULL
        CHECK (factor IN ('funding', 'price', 'ls_bias', 'conviction', 'divergence', 'oi_price')),
    score   REAL,                                      -- -1 to 1; NULL: absent
    quality REAL,                                      -- share of its weight that the factor keeps
    weight  REAL    NOT NULL,
    PRIMARY KEY (hour, model, factor)
) STRICT, WITHOUT ROWID;

-- Liquidations of a venue in the closed hour before `hour`. A venue that offers none has no row.
-- Grain: hour and venue.
CREATE TABLE liquidation_summary (
    hour               INTEGER NOT NULL REFERENCES hour (hour),
    exchange_id        TEXT    NOT NULL REFERENCES exchange (exchange_id),
    truth              TEXT    NOT NULL CHECK (truth IN ('complete', 'aggregate', 'sampled', 'none')),
    long_usd           REAL    NOT NULL,               -- dollars of longs that were closed
    short_usd          REAL    NOT NULL,
    total_usd          REAL    NOT NULL,
    count              INTEGER,                        -- events; NULL: totals without a count
    oi_share           REAL,                           -- total over the venue's open interest
    seed_cascade_score REAL    NOT NULL,               -- 0 to 1
    cascade_score      REAL,                           -- 0 to 1; NULL: no evidence
    flags              TEXT    NOT NULL,
    PRIMARY KEY (hour, exchange_id)
) STRICT, WITHOUT ROWID;

-- Liquidations of the whole market in the hours before `hour`.
-- Grain: hour and length of the window.
CREATE TABLE market_liquidation (
    hour              INTEGER NOT NULL REFERENCES hour (hour),
    window_hours      INTEGER NOT NULL,                -- 1, 4, 24
    long_usd          REAL    NOT NULL,
    short_usd         REAL    NOT NULL,
    total_usd         REAL    NOT NULL,
    count             INTEGER,
    volume_usd        REAL,                            -- of the reporting venues in the window
    open_interest_usd REAL,                            -- of the reporting venues at the window's start
    volume_share      REAL,
    oi_share          REAL,
    imbalance         REAL    NOT NULL,                -- abs(long - short) / total
    coverage          REAL,                            -- share of open interest whose liquidations are seen
    reporting_venues  INTEGER NOT NULL,
    seed_score        REAL    NOT NULL,                -- 0 to 1
    score             REAL,                            -- 0 to 1; NULL: no evidence
    level             TEXT CHECK (level IN ('LOW', 'MODERATE', 'HIGH', 'CRITICAL')),
    flags             TEXT    NOT NULL,
    PRIMARY KEY (hour, window_hours)
) STRICT, WITHOUT ROWID;

-- Values that cannot be true and were left out of the measures; the ticker keeps them.
-- Grain: hour, venue, symbol and field.
CREATE TABLE field_finding (
    hour        INTEGER NOT NULL REFERENCES hour (hour),
    exchange_id TEXT    NOT NULL REFERENCES exchange (exchange_id),
    symbol      TEXT    NOT NULL,
    field       TEXT    NOT NULL,
    reason      TEXT    NOT NULL CHECK (reason IN ('out_of_range', 'oi_implausible', 'price_outlier')),
    PRIMARY KEY (hour, exchange_id, symbol, field, reason)
) STRICT, WITHOUT ROWID;

-- The five indices of the seed, on the tables that store what its names show.
CREATE INDEX idx_market_timestamp ON market_summary (hour DESC);
CREATE INDEX idx_exchange_timestamp ON exchange_summary (hour DESC, exchange_id);
CREATE INDEX idx_exchange_type ON exchange (type);
CREATE INDEX idx_sentiment_timestamp ON model_score (hour DESC);
CREATE INDEX idx_liquidation_timestamp ON liquidation_summary (hour DESC, exchange_id);
