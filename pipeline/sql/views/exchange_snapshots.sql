-- Each exchange hour by hour. Failed exchanges and insufficient hours are left out.
CREATE VIEW exchange_snapshots AS
SELECT
    CAST(s.hour / 3600 AS BIGINT) * 100 + e.position AS id, s.hour AS timestamp, e.name AS exchange,
    e.type AS exchange_type, s.volume, s.open_interest, s.funding_rate, s.price_change, s.markets, s.num_trades
FROM exchange_summary AS s
JOIN exchange AS e ON e.exchange_id = s.exchange_id
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
JOIN market_summary AS m
    ON m.hour = s.hour AND m.model = (SELECT value FROM setting WHERE name = 'sentiment_model') AND m.status = 'ok'
WHERE s.status <> 'failed';
