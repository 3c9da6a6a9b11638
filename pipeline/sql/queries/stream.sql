-- name: insert_hour
INSERT INTO stream_hour (
    hour, exchange_id, staged_sha256, raw_sha256, transform_version, truth, price_kind, covered_ms, messages, duplicates,
    responses, responses_ok, rejected, observed_from_ms, observed_to_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_event
INSERT INTO stream_liquidation (
    occurred_at_ms, exchange_id, symbol, side, price, quantity, id, hour, in_contracts, asset, quantity_base, value_usd)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: windows
SELECT DISTINCT occurred_at_ms / 3600000 * 3600 FROM stream_liquidation WHERE hour = ? AND exchange_id = ?

-- name: unseal
UPDATE hour SET dirty = 1, sealed = CASE WHEN hour = ?1 THEN 0 ELSE sealed END WHERE hour BETWEEN ?1 AND ?2
    AND EXISTS (SELECT 1 FROM hour AS h WHERE h.hour = ?1)

-- name: coverage
SELECT exchange_id, truth, covered_ms FROM stream_hour WHERE hour = ?

-- name: hours
SELECT DISTINCT hour FROM stream_hour WHERE hour >= ? AND hour < ? ORDER BY hour

-- name: events
SELECT exchange_id, side, value_usd, asset, symbol, price, quantity, in_contracts, min(hour)
FROM stream_liquidation
WHERE occurred_at_ms >= ?1 AND occurred_at_ms < ?2
GROUP BY occurred_at_ms, exchange_id, symbol, side, price, quantity, id

-- name: file
SELECT staged_sha256, raw_sha256, transform_version, truth, price_kind, covered_ms, messages, duplicates, responses,
    responses_ok, observed_from_ms, observed_to_ms
FROM stream_hour WHERE hour = ? AND exchange_id = ?

-- name: gaps
SELECT from_ms, to_ms, reason FROM stream_gap WHERE hour = ? AND exchange_id = ? ORDER BY from_ms

-- name: stated
SELECT symbol, asset, side, price, CASE WHEN in_contracts = 1 THEN quantity END, quantity_base, value_usd, occurred_at_ms,
    CASE WHEN id <> '' AND substr(id, 1, 1) <> '#' THEN id END
FROM stream_liquidation WHERE hour = ? AND exchange_id = ? ORDER BY symbol, occurred_at_ms, side, price, quantity, id
