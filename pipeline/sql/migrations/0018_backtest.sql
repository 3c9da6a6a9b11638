-- What backtests found. Nothing else makes these rows again: a rebuild takes them over as they are.

-- A run of the backtest, named by its inputs: equal inputs are the same run.
-- Grain: run.
CREATE TABLE backtest_run (
    run_id                TEXT    NOT NULL PRIMARY KEY,   -- hash of all that follows, but for created_at_ms
    created_at_ms         INTEGER NOT NULL,               -- when it was first stored
    from_hour             INTEGER NOT NULL,
    to_hour               INTEGER NOT NULL,               -- included
    asset                 TEXT    NOT NULL,               -- in which signals about the whole market are traded
    model                 TEXT    NOT NULL,               -- of sentiment: v2 or seed-v1
    rules_version         TEXT    NOT NULL,               -- of the strategies
    backtest_version      TEXT    NOT NULL,
    code_version          TEXT    NOT NULL,
    params                TEXT    NOT NULL,               -- all else that was set, as JSON
    hours_expected        INTEGER NOT NULL,
    hours_stored          INTEGER NOT NULL,               -- sealed hours
    settlements_actual    INTEGER NOT NULL,               -- settlements in trades whose settled rate is stored
    settlements_estimated INTEGER NOT NULL,               -- those for which the last displayed rate stands, or none is known
    facts_hash            TEXT    NOT NULL,               -- of the events and of what is stored of their contracts
    CHECK (to_hour >= from_hour)
) STRICT, WITHOUT ROWID;

-- An alert that began a setup, and what followed it.
-- Grain: run, key and hour.
CREATE TABLE backtest_event (
    run_id     TEXT    NOT NULL,
    key        TEXT    NOT NULL,                          -- strategy and scope, as in alert
    decided    INTEGER NOT NULL,                          -- the hour of the alert
    strategy   TEXT    NOT NULL,
    direction  TEXT    NOT NULL,
    confidence INTEGER NOT NULL,                          -- percent
    adjusted   INTEGER NOT NULL,                          -- percent, with trend and volatility
    regime     TEXT,                                      -- of the market's volatility; NULL: unknown
    trend_72   TEXT,                                      -- of the market's price over 72 hours; NULL: unknown
    claim      TEXT,                                      -- profit, range_holds, it_moves, basis_gained, net_carry
    horizon_h  INTEGER,
    entry      INTEGER,                                   -- hour
    resolved   INTEGER,                                   -- the hour in which the outcome is known; NULL: it is not
    value_bp   REAL,                                      -- basis points; without money percentage points above the base
    success    INTEGER CHECK (success IN (0, 1)),
    base_rate  REAL,                                      -- how often the claim holds at any hour, as known at the decision
    status     TEXT    NOT NULL,
    PRIMARY KEY (run_id, key, decided)
) STRICT, WITHOUT ROWID;

-- A trade of an event, or why there is none. A pair has a row for each contract.
-- Grain: run, key, hour and leg.
CREATE TABLE backtest_trade (
    run_id      TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    decided     INTEGER NOT NULL,
    leg         INTEGER NOT NULL,                         -- 0: the only one, or the sold one of a pair; 1: the bought one
    side        INTEGER CHECK (side IN (1, -1)),          -- 1: long; NULL: no trade
    exchange_id TEXT,
    symbol      TEXT,
    status      TEXT    NOT NULL,
    entry       INTEGER,                                  -- hour
    entry_mark  REAL,                                     -- quote units a coin
    exit        INTEGER,                                  -- hour; NULL: open
    exit_mark   REAL,
    notional    REAL    NOT NULL,                         -- dollars of the leg at the entry
    gross       REAL,                                     -- dollars made by the price; NULL: open
    funding     REAL,                                     -- dollars received; NULL: open, or a rate is not known
    cost        REAL,                                     -- dollars of fees and spreads
    net         REAL,                                     -- dollars that are left of the leg
    bp          REAL,                                     -- net of the trade in basis points of a leg's notional
    stop        REAL,                                     -- fraction; NULL: none
    worst_bp    REAL,                                     -- worst excursion of the trade, at hourly marks
    flags       TEXT    NOT NULL,                         -- words: borrow_unknown funding_estimated spread_assumed
    PRIMARY KEY (run_id, key, decided, leg)
) STRICT, WITHOUT ROWID;

-- The equity of a key's trades, in hours in which there is a position or a change; it is flat between them.
-- Grain: run, key and hour.
CREATE TABLE backtest_hour (
    run_id   TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    hour     INTEGER NOT NULL,
    equity   REAL    NOT NULL,                            -- dollars, from the capital on
    pnl      REAL    NOT NULL,                            -- dollars of the hour
    position REAL    NOT NULL,                            -- dollars of the legs that are held, at their entry
    PRIMARY KEY (run_id, key, hour)
) STRICT, WITHOUT ROWID;

-- The results of a strategy in one direction.
-- Grain: run, strategy and direction.
CREATE TABLE backtest_metric (
    run_id        TEXT    NOT NULL,
    strategy      TEXT    NOT NULL,
    direction     TEXT    NOT NULL,
    horizon_h     INTEGER NOT NULL,
    n             INTEGER NOT NULL,                       -- events whose outcome is known
    n_eff         REAL    NOT NULL,                       -- the same, overlapping ones counted for their new part
    mean_bp       REAL,                                   -- of closed trades; without money of events, percentage points
    median_bp     REAL,
    hit           REAL,                                   -- fraction
    hit_low       REAL,                                   -- 95 % interval
    hit_high      REAL,
    base_rate     REAL,
    excess_bp     REAL,                                   -- mean of events above the base
    t             REAL,                                   -- standard errors above the base
    p_shift       REAL,                                   -- share of shifted events that did as well
    q             REAL,                                   -- share of false discoveries
    ci_low        REAL,                                   -- 95 % interval of mean_bp
    ci_high       REAL,
    profit_factor REAL,
    gross_bp      REAL,
    funding_bp    REAL,
    cost_bp       REAL,
    total         REAL,                                   -- fraction of the capital
    sharpe        REAL,
    sharpe_robust REAL,
    sharpe_t      REAL,
    max_drawdown  REAL,                                   -- fraction
    exposure      REAL,                                   -- fraction of hours
    turnover      REAL,                                   -- a year, over the capital
    dsr           REAL,                                   -- deflated Sharpe ratio, a probability
    verdict       TEXT    NOT NULL,
    PRIMARY KEY (run_id, strategy, direction)
) STRICT, WITHOUT ROWID;

-- Every rule that was ever tried on the data, also those that were discarded: never to be removed by hand, since the best of
-- many is always good.
-- Grain: run, strategy and direction.
CREATE TABLE backtest_trial (
    run_id       TEXT    NOT NULL,
    strategy     TEXT    NOT NULL,
    direction    TEXT    NOT NULL,
    params       TEXT    NOT NULL,
    first_day    INTEGER NOT NULL,                        -- epoch seconds of midnight
    last_day     INTEGER NOT NULL,
    daily_sharpe REAL    NOT NULL,
    PRIMARY KEY (run_id, strategy, direction)
) STRICT, WITHOUT ROWID;
