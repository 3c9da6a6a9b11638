-- name: score
-- Composite score, -1 to 1
SELECT hour AS time, CAST(composite_score AS REAL) AS score
FROM market_hours
WHERE hour BETWEEN $__from / 1000 AND $__to / 1000
ORDER BY time

-- name: open_interest
-- Open interest of the market in dollars, and what exchanges reported of it
SELECT hour AS time, CAST(total_oi AS REAL) AS with_carried, CAST(total_oi_reported AS REAL) AS reported
FROM market_hours
WHERE hour BETWEEN $__from / 1000 AND $__to / 1000
ORDER BY time

-- name: funding
-- Funding for eight hours by exchange, in percent; positive: longs pay
SELECT hour AS time, exchange, CAST(funding_8h_percent AS REAL) AS funding
FROM exchange_hours
WHERE hour BETWEEN $__from / 1000 AND $__to / 1000
ORDER BY time, exchange

-- name: exchange_open_interest
-- Open interest by exchange, in dollars
SELECT hour AS time, exchange, CAST(open_interest_usd AS REAL) AS open_interest
FROM exchange_hours
WHERE hour BETWEEN $__from / 1000 AND $__to / 1000
ORDER BY time, exchange

-- name: liquidations
-- Liquidations in the hour before, in dollars: longs below the axis, shorts above
SELECT timestamp AS time, CAST(-sum(long_liquidations) AS REAL) AS longs, CAST(sum(short_liquidations) AS REAL) AS shorts
FROM liquidation_snapshots
WHERE timestamp BETWEEN $__from / 1000 AND $__to / 1000
GROUP BY timestamp
ORDER BY time

-- name: exchanges
-- Exchanges behind the figures, and those that are expected
SELECT hour AS time, CAST(exchanges_count AS REAL) AS present, CAST(exchanges_expected AS REAL) AS expected
FROM market_hours
WHERE hour BETWEEN $__from / 1000 AND $__to / 1000
ORDER BY time
