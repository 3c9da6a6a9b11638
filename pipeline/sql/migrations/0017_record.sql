-- What came of alerts, and weights of the factors that were tried on the past.

-- What was said beside the confidence, as it was said; NULL in rows of before.
ALTER TABLE alert ADD COLUMN adjusted INTEGER CHECK (adjusted BETWEEN 0 AND 100);  -- with trends and volatility
ALTER TABLE alert ADD COLUMN boost INTEGER CHECK (boost BETWEEN -20 AND 20);       -- points that history adds
ALTER TABLE alert ADD COLUMN estimate REAL CHECK (estimate BETWEEN 0 AND 1);       -- how often the claim comes true
ALTER TABLE alert ADD COLUMN regime TEXT;                                          -- of the market's volatility, as known then
ALTER TABLE alert ADD COLUMN short_leg TEXT;       -- of two markets the one that is sold: 'okx perpetual BTC-USDT-SWAP'
ALTER TABLE alert ADD COLUMN long_leg TEXT;        -- the one that is bought: 'okx spot BTC-USDT'

-- Alerts that begin a setup: each makes a claim.
CREATE INDEX alert_event ON alert (hour, key) WHERE decision IN ('new', 'flip');

-- What came of the claim of an alert that began a setup: made of `alert` and of what was recorded.
-- Grain: hour and key of the alert.
CREATE TABLE alert_outcome (
    decided      INTEGER NOT NULL,                     -- hour of the alert
    key          TEXT    NOT NULL,                     -- strategy and scope: 'breakout:MARKET'
    strategy     TEXT    NOT NULL,
    direction    TEXT    NOT NULL,
    regime       TEXT,                                 -- of the market's volatility at the decision; NULL: unknown
    claim        TEXT,                                 -- profit, range_holds, it_moves, basis_gained, net_carry; NULL: none
    horizon_h    INTEGER,
    entry        INTEGER,                              -- hour in which the claim begins; NULL: none
    resolved     INTEGER,                              -- hour in which the outcome is known; NULL: not yet
    value_bp     REAL,                                 -- left of the notional, after funding and costs; NULL: unknown, or a claim without money
    success      INTEGER CHECK (success IN (0, 1)),    -- NULL: unknown
    base_rate    REAL CHECK (base_rate BETWEEN 0 AND 1),  -- how often the claim comes true at any hour
    confidence   INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 100),
    adjusted     INTEGER CHECK (adjusted BETWEEN 0 AND 100),
    p_issued     REAL CHECK (p_issued BETWEEN 0 AND 1),   -- the estimate when it was sent; NULL: none was made
    final_issued INTEGER CHECK (final_issued BETWEEN 0 AND 100),  -- the confidence that was told
    status       TEXT    NOT NULL CHECK (
        status IN ('resolved', 'delisted', 'open', 'unresolved', 'no_usual_move', 'no_entry', 'no_claim')
    ),
    flags        TEXT    NOT NULL,                     -- base_assumed, borrow_unknown; separated by blanks
    version      TEXT    NOT NULL,
    PRIMARY KEY (decided, key)
) STRICT, WITHOUT ROWID;

-- Up to which line of the load log `alert_outcome` knows the hours. Grain: one row.
CREATE TABLE outcome_progress (
    load_id INTEGER NOT NULL PRIMARY KEY
) STRICT;

-- Other weights of the sentiment's factors, with the evidence for and against them. Nothing changes by a row.
-- Grain: name of the model that it would be.
CREATE TABLE weight_proposal (
    id                 TEXT    NOT NULL PRIMARY KEY,   -- 'v2.w' and eight digits of a hash of all that it was made of
    created_at_ms      INTEGER NOT NULL,
    status             TEXT    NOT NULL CHECK (status IN ('refused', 'proposed', 'accepted', 'withdrawn')),
    reason             TEXT,                           -- the first rule that failed; NULL: all hold
    from_hour          INTEGER,                        -- the first hour that was learned from; NULL: none
    to_hour            INTEGER,                        -- the last hour with a known outcome
    blocks             INTEGER NOT NULL CHECK (blocks >= 0),  -- of 30 days, on which the weights were tried
    weight_funding     REAL    NOT NULL,               -- shares of the composite; they sum to 1
    weight_price       REAL    NOT NULL,
    weight_ls_bias     REAL    NOT NULL,
    weight_conviction  REAL    NOT NULL,
    weight_oi_price    REAL    NOT NULL,
    default_funding    REAL    NOT NULL,               -- those of v2, made to sum to 1
    default_price      REAL    NOT NULL,
    default_ls_bias    REAL    NOT NULL,
    default_conviction REAL    NOT NULL,
    default_oi_price   REAL    NOT NULL,
    t_funding          REAL,                           -- evidence that the factor predicts, robust standard errors
    t_price            REAL,
    t_ls_bias          REAL,
    t_conviction       REAL,
    t_oi_price         REAL,
    gain_mean          REAL,                           -- of an hour over the weights of v2, units of the usual move of a day
    gain_t             REAL,
    share_blocks       REAL,                           -- blocks with a gain, 0 to 1
    score_t            REAL,                           -- how well the score predicted in the blocks
    l1                 REAL    NOT NULL,               -- weight that is moved, 0 to 2
    facts_hash         TEXT    NOT NULL,
    code_version       TEXT    NOT NULL,
    version            TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
