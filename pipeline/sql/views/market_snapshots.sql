-- The market hour by hour, as the model in `setting` sees it. Insufficient hours are left out.
CREATE VIEW market_snapshots AS
SELECT
    m.hour AS timestamp, m.composite_score, m.funding_rate, m.total_volume, m.total_oi, m.price_change, m.long_pct,
    CASE m.sentiment WHEN 'BULLISH' THEN '🟢 ' WHEN 'BEARISH' THEN '🔴 ' ELSE '⚪ ' END || m.sentiment AS sentiment,
    m.strength, m.oi_vol_ratio, m.funding_divergence, m.exchanges_count, m.cex_volume, m.dex_volume,
    h.end_utc AS created_at
FROM market_summary AS m
JOIN hour AS h ON h.hour = m.hour AND h.sealed = 1
WHERE m.model = (SELECT value FROM setting WHERE name = 'sentiment_model') AND m.status = 'ok';
