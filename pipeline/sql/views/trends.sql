-- Where the score, the price, funding and open interest are going, of the market and of BTC, ETH and SOL, over 24, 72 and 168
-- hours. `slope_per_hour` is in the unit of the series: score, logarithm of price, percent for 8 h, logarithm of open interest
-- with the price taken out. `z` says how far it went against a walk without drift, and decides `state`: UP, DOWN, FLAT, or
-- UNKNOWN where nothing was evaluated within six hours. `rows_needed` hours of the window must be stored for that. Newest first.
CREATE VIEW trends AS
SELECT
    t.hour, h.hour_utc, t.scope, t.series, t.window_h, t.n AS rows_stored,
    CASE t.window_h WHEN 24 THEN 20 WHEN 72 THEN 59 ELSE 136 END AS rows_needed,
    t.slope_h AS slope_per_hour, t.efficiency, t.z, t.state,
    strftime('%Y-%m-%d %H:%M:%S', t.since, 'unixepoch') AS since_utc, t.version
FROM trend_hour AS t
JOIN hour AS h ON h.hour = t.hour AND h.sealed = 1
ORDER BY t.hour DESC, t.scope, t.series, t.window_h;
