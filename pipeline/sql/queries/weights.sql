-- name: market_steps
SELECT s.hour, s.price_gap_h, s.price_step, v.sigma
FROM series_hour AS s
JOIN hour AS h ON h.hour = s.hour
LEFT JOIN volatility_hour AS v ON v.hour = s.hour AND v.scope = s.scope
WHERE s.scope = ? AND +h.sealed = 1 ORDER BY s.hour
