-- The sentiment of the last day that is loaded, hour by hour.
CREATE VIEW sentiment_24h AS
SELECT
    timestamp, strftime('%Y-%m-%d %H:%M', timestamp, 'unixepoch') AS hour, composite_score, sentiment, strength
FROM market_snapshots
WHERE timestamp > (SELECT max(timestamp) FROM market_snapshots) - 86400
ORDER BY timestamp;
