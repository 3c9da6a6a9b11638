-- name: settlements
SELECT f.exchange_id, f.symbol, f.asset, f.settled_at_ms, f.funding_rate,
    f.funding_interval_hours, min(f.hour)
FROM funding_settlement AS f
JOIN hour AS h ON h.hour = f.hour AND h.sealed = 1
WHERE f.settled_at_ms >= ?1 AND f.settled_at_ms < ?2 AND f.hour <= ?3
GROUP BY f.settled_at_ms, f.exchange_id, f.symbol
