-- The sentiment of the last day that is loaded, hour by hour; `hour` is text, UTC. Insufficient hours are left out.
CREATE VIEW sentiment_24h AS
SELECT m.timestamp, substr(h.hour_utc, 1, 16) AS hour, m.composite_score, m.sentiment, m.strength, h.hour_utc
FROM market_snapshots AS m
JOIN hour AS h ON h.hour = m.timestamp
WHERE m.timestamp > (SELECT max(timestamp) FROM market_snapshots) - 86400
ORDER BY m.timestamp;
