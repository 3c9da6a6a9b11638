-- name: insert_series
INSERT INTO series_hour (hour, scope, price_gap_h, price_step, oi_gap_h, oi_step, funding_8h, score, seed_score)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: last_stored
SELECT scope, max(CASE WHEN price_gap_h IS NOT NULL THEN hour END), max(CASE WHEN oi_gap_h IS NOT NULL THEN hour END)
FROM series_hour WHERE hour >= ? AND hour < ? GROUP BY scope

-- name: series
SELECT hour, scope, price_gap_h, price_step, oi_gap_h, oi_step, funding_8h, score, seed_score
FROM series_hour WHERE hour >= ? AND hour < ? ORDER BY hour, scope

-- name: sigmas
SELECT hour, sigma FROM volatility_hour WHERE hour >= ? AND hour < ? AND scope = ? AND sigma IS NOT NULL ORDER BY hour

-- name: trends
SELECT hour, scope, series, window_h, n, slope_h, efficiency, z, state, since
FROM trend_hour WHERE hour >= ? AND hour < ? ORDER BY hour

-- name: volatility
SELECT hour, scope, sigma, covered_h, n_history, rank, regime, since, cusum_up, up_zero_at, cusum_down, down_zero_at, flags
FROM volatility_hour WHERE hour >= ? AND hour < ? ORDER BY hour

-- name: last_volatility
SELECT scope, cusum_up, up_zero_at, cusum_down, down_zero_at FROM volatility_hour
WHERE hour = (SELECT max(hour) FROM volatility_hour WHERE hour < ?)

-- name: sustained
SELECT hour, model, side, since, n, status FROM sustained_hour WHERE hour >= ? AND hour < ? ORDER BY hour

-- name: last_sustained
SELECT model, side, since FROM sustained_hour WHERE hour = (SELECT max(hour) FROM sustained_hour WHERE hour < ?)

-- name: insert_trend
INSERT INTO trend_hour (hour, scope, series, window_h, n, slope_h, efficiency, z, state, since, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_sustained
INSERT INTO sustained_hour (hour, model, side, since, hours, n, status, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_volatility
INSERT INTO volatility_hour (
    hour, scope, sigma, covered_h, n_history, rank, regime, since, cusum_up, up_zero_at, cusum_down, down_zero_at, flags,
    version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_event
INSERT INTO volatility_event (hour, scope, kind, old, new, onset, sigma, rank, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: mark
INSERT INTO trend_due (id, from_hour) VALUES (1, ?) ON CONFLICT DO UPDATE SET from_hour = min(from_hour, excluded.from_hour)

-- name: move_mark
UPDATE trend_due SET from_hour = ?
