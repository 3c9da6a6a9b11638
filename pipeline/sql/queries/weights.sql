-- name: market_changes
SELECT m.hour, m.mark_change_1h FROM market_summary AS m
JOIN hour AS h ON h.hour = m.hour
WHERE m.model = 'v2' AND +h.sealed = 1 ORDER BY m.hour
