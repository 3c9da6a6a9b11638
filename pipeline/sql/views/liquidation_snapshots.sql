-- Liquidations of each exchange in the hour before, in dollars. Exchanges that offer none have no row,
-- which is not a zero; insufficient hours are left out.
CREATE VIEW liquidation_snapshots AS
SELECT
    CAST(l.hour / 3600 AS BIGINT) * 100 + e.position AS id, l.hour AS timestamp, e.name AS exchange,
    l.total_usd AS total_liquidations, l.long_usd AS long_liquidations, l.short_usd AS short_liquidations,
    l.count AS liquidation_count,
    CASE m.model WHEN 'seed-v1' THEN l.seed_cascade_score ELSE l.cascade_score END AS cascade_risk_score
FROM liquidation_summary AS l
JOIN exchange AS e ON e.exchange_id = l.exchange_id
JOIN hour AS h ON h.hour = l.hour AND h.sealed = 1
JOIN market_summary AS m
    ON m.hour = l.hour AND m.model = (SELECT value FROM setting WHERE name = 'sentiment_model') AND m.status = 'ok';
