-- The hours that the range-trading query of the seed-v1 model finds, with what the market did after them. That query is
-- not a backtest: it averages `price_change`, which is the day BEFORE the hour, so it tells how such hours come about and
-- nothing about what a trade in them earns. `forward_24h_percent` is the change of
-- mark prices in the day AFTER, weighted by open interest (logarithmic); NULL where an hour of it is missing.
CREATE VIEW range_trading_hours AS
SELECT
    m.timestamp, h.hour_utc, m.composite_score, m.oi_vol_ratio, m.price_change AS past_24h_percent,
    (
        SELECT CASE count(n.mark_change_1h) WHEN 24 THEN 100.0 * sum(n.mark_change_1h) END
        FROM market_summary AS n
        WHERE n.hour > m.timestamp AND n.hour <= m.timestamp + 86400 AND n.model = 'v2'
    ) AS forward_24h_percent
FROM market_snapshots AS m
JOIN hour AS h ON h.hour = m.timestamp
WHERE m.composite_score BETWEEN -0.2 AND 0.2 AND m.oi_vol_ratio BETWEEN 0.3 AND 0.5;
