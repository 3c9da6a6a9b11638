-- name: settlements
SELECT f.exchange_id, f.symbol, f.asset, f.settled_at_ms, f.funding_rate, f.funding_interval_hours
FROM hour AS h
CROSS JOIN funding_settlement AS f ON f.hour = h.hour
WHERE h.hour BETWEEN ? AND ? AND h.sealed = 1
ORDER BY f.hour, f.settled_at_ms, f.exchange_id, f.symbol
