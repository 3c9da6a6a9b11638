-- Severity: error
-- An exchange's hour in which tickers were observed more than an hour before the hour began or after it ended: stale
-- responses of a cache, a wrong clock, seconds taken for milliseconds. A row gives how many, and the farthest.
SELECT t.hour, l.exchange_id, count(*) AS tickers, min(l.symbol) AS symbol, min(t.observed_at_ms) AS first_ms,
    max(t.observed_at_ms) AS last_ms
FROM ticker AS t JOIN listing AS l USING (listing_id)
WHERE t.hour BETWEEN :first AND :last
    AND t.observed_at_ms NOT BETWEEN t.hour * 1000 - 3600000 AND t.hour * 1000 + 7200000
GROUP BY t.hour, l.exchange_id
ORDER BY t.hour, l.exchange_id;
