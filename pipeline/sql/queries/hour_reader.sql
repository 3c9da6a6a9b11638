-- name: exchanges
SELECT exchange_id, staged_sha256, reason, tickers, liquidations, cause, transform_version
FROM exchange_hour
WHERE hour = ? AND expected = 1

-- name: endpoints
SELECT exchange_id, endpoint, ok, failed, rows, rejected FROM exchange_hour_endpoint
WHERE hour = ? ORDER BY exchange_id, position

-- name: tickers
SELECT {columns} FROM ticker WHERE hour = ?

-- name: not_trading
SELECT exchange_id, symbol FROM instrument
WHERE status <> 'trading' AND valid_to IS NULL AND valid_from <= ?1
UNION ALL
SELECT exchange_id, symbol FROM instrument
WHERE status <> 'trading' AND valid_to > ?1 AND valid_from <= ?1

-- name: not_core
SELECT exchange_id, symbol FROM instrument
WHERE core = 0 AND valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1)

-- name: long_short
SELECT {columns} FROM long_short WHERE hour = ? ORDER BY exchange_id, symbol, population, period, observed_at_ms

-- name: spot
SELECT {columns} FROM spot_ticker WHERE hour = ? ORDER BY exchange_id, symbol

-- name: events
SELECT exchange_id, side, value_usd, {asset}, symbol, price, quantity, in_contracts, min(hour)
FROM liquidation
WHERE occurred_at_ms >= ?1 AND occurred_at_ms < ?2
GROUP BY occurred_at_ms, exchange_id, symbol, side, price, quantity, id

-- name: totals
SELECT exchange_id, long_usd, short_usd, long_count, short_count, min(hour) FROM liquidation_total
WHERE from_ms >= ?1 AND from_ms < ?2 AND to_ms <= ?2 AND instr(asset, ':') = 0
GROUP BY exchange_id, symbol, from_ms, to_ms ORDER BY exchange_id, symbol, from_ms, to_ms
