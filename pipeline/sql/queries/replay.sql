-- name: settlements
SELECT f.exchange_id, f.symbol, f.asset, f.settled_at_ms, f.funding_rate, f.funding_interval_hours
FROM hour AS h
CROSS JOIN funding_settlement AS f ON f.hour = h.hour
WHERE h.hour BETWEEN ? AND ? AND h.sealed = 1
ORDER BY f.hour, f.settled_at_ms, f.exchange_id, f.symbol

-- name: settlements_since
-- Those that were settled since a time, in the order of the table: where most of a span is wanted, it is read from one end to the
-- other, and not looked up row by row.
SELECT f.exchange_id, f.symbol, f.asset, f.settled_at_ms, f.funding_rate, f.funding_interval_hours
FROM funding_settlement AS f
WHERE f.settled_at_ms >= ? AND +f.hour IN (SELECT h.hour FROM hour AS h WHERE h.hour BETWEEN ? AND ? AND h.sealed = 1)
ORDER BY f.settled_at_ms, f.exchange_id, f.symbol, f.hour
