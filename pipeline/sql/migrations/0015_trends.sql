-- What the history of hours says: series, trends, volatility, and whether the score is sustained. Made by sealing, from sealed
-- hours alone; a missing hour has no value and is never filled.

-- What was measured of the market and of a few coins, from which later hours go on.
-- Grain: hour and scope.
CREATE TABLE series_hour (
    hour        INTEGER NOT NULL REFERENCES hour (hour),
    scope       TEXT    NOT NULL,                      -- MARKET or a coin
    price_gap_h INTEGER,                               -- hours since the stored hour before; 0: the chain begins; NULL: not stored
    price_step  REAL,                                  -- logarithm, over the gap
    oi_gap_h    INTEGER,
    oi_step     REAL,                                  -- logarithm, price taken out
    funding_8h  REAL,                                  -- percent for 8 h
    score       REAL,                                  -- composite of v2, of the market; NULL: insufficient
    seed_score  REAL,                                  -- composite of seed-v1
    PRIMARY KEY (hour, scope)
) STRICT, WITHOUT ROWID;

-- Where a series is going. Grain: hour, scope, series and window.
CREATE TABLE trend_hour (
    hour       INTEGER NOT NULL REFERENCES hour (hour),
    scope      TEXT    NOT NULL,
    series     TEXT    NOT NULL,                       -- score, price, funding or oi
    window_h   INTEGER NOT NULL,                       -- 24, 72 or 168
    n          INTEGER NOT NULL,                       -- stored hours in the window
    slope_h    REAL,                                   -- a unit of the series an hour; NULL: not evaluated
    efficiency REAL,                                   -- 0 to 1
    z          REAL,                                   -- standard deviations of a walk without drift
    state      TEXT    NOT NULL,                       -- FLAT, UP, DOWN or UNKNOWN
    since      INTEGER,                                -- the hour since when
    version    TEXT    NOT NULL,
    PRIMARY KEY (hour, scope, series, window_h)
) STRICT, WITHOUT ROWID;

-- Whether the score has stayed on one side. Grain: hour and model.
CREATE TABLE sustained_hour (
    hour    INTEGER NOT NULL REFERENCES hour (hour),
    model   TEXT    NOT NULL,
    side    TEXT,                                      -- LONG or SHORT; NULL: not sustained
    since   INTEGER,                                   -- the hour of entry
    hours   INTEGER,                                   -- from the entry to this hour, both counted
    n       INTEGER NOT NULL,                          -- stored hours among the last six
    status  TEXT    NOT NULL,                          -- JUDGED, INSUFFICIENT_HISTORY or GAP
    version TEXT    NOT NULL,
    PRIMARY KEY (hour, model)
) STRICT, WITHOUT ROWID;

-- How volatile the last day was, and against the last 90. Grain: hour and scope.
CREATE TABLE volatility_hour (
    hour         INTEGER NOT NULL REFERENCES hour (hour),
    scope        TEXT    NOT NULL,
    sigma        REAL,                                 -- a fraction a year; NULL: fewer than 18 hours are covered
    covered_h    INTEGER NOT NULL,
    n_history    INTEGER NOT NULL,                     -- hours of the last 90 days with a sigma
    rank         REAL,                                 -- 0 to 1; NULL: fewer than 336 of them
    regime       TEXT,                                 -- CALM, NORMAL, ELEVATED or STRESSED
    since        INTEGER,
    cusum_up     REAL    NOT NULL,
    up_zero_at   INTEGER,                              -- the last hour at which the sum was 0
    cusum_down   REAL    NOT NULL,
    down_zero_at INTEGER,
    flags        TEXT    NOT NULL,                     -- separated by blanks
    version      TEXT    NOT NULL,
    PRIMARY KEY (hour, scope)
) STRICT, WITHOUT ROWID;

CREATE INDEX volatility_hour_sigma ON volatility_hour (scope, hour, sigma);

-- Changes of volatility. Grain: hour, scope and kind.
CREATE TABLE volatility_event (
    hour    INTEGER NOT NULL REFERENCES hour (hour),
    scope   TEXT    NOT NULL,
    kind    TEXT    NOT NULL,                          -- REGIME, VOL_UP or VOL_DOWN
    old     TEXT,                                      -- of REGIME
    new     TEXT,
    onset   INTEGER,                                   -- of the others: the hour in which the change began
    sigma   REAL,
    rank    REAL,
    version TEXT    NOT NULL,
    PRIMARY KEY (hour, scope, kind)
) STRICT, WITHOUT ROWID;

-- The first hour of which trends are to be made again, which sealing does. Grain: one row.
CREATE TABLE trend_due (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    from_hour INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The series of the hours that are stored already.
UPDATE hour SET dirty = 1;
