-- Which exchange is missing in which hour, and why: its cause, or 'awaited' for a file that is fetched and not
-- loaded, 'rejected' for one that is loaded and in which no ticker was understood, 'machine_off' for an hour without
-- any run between two that had one, 'partial' for an hour that is there with less than usual, 'not_asked' for an
-- exchange that was loaded before and that EXCHANGES no longer names. Newest first. Hours after the last run are not
-- listed; `hour_utc` is NULL for hours of which nothing is loaded.
CREATE VIEW missing_hours AS
SELECT x.hour, h.hour_utc, x.exchange_id, e.name AS exchange, coalesce(x.cause, x.outcome) AS cause, x.reason
FROM exchange_hour AS x
JOIN exchange AS e ON e.exchange_id = x.exchange_id
LEFT JOIN hour AS h ON h.hour = x.hour
WHERE x.expected = 1 AND x.staged_sha256 IS NULL
UNION ALL
SELECT
    x.hour, h.hour_utc, x.exchange_id, e.name, 'rejected',
    CASE
        WHEN x.rejections = 0 THEN 'the answers held no ticker'
        ELSE 'no ticker was understood: ' || CAST(x.rejections AS TEXT) || ' rejected'
    END
FROM exchange_hour AS x
JOIN exchange AS e ON e.exchange_id = x.exchange_id
LEFT JOIN hour AS h ON h.hour = x.hour
WHERE x.expected = 1 AND x.staged_sha256 IS NOT NULL AND x.tickers = 0
UNION ALL
SELECT s.hour, h.hour_utc, s.exchange_id, e.name, 'partial', s.reason
FROM exchange_summary AS s
JOIN exchange AS e ON e.exchange_id = s.exchange_id
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
WHERE s.status = 'partial'
UNION ALL
SELECT s.hour, h.hour_utc, s.exchange_id, e.name, s.cause, s.reason
FROM exchange_summary AS s
JOIN exchange AS e ON e.exchange_id = s.exchange_id
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
WHERE s.cause = 'not_asked'
ORDER BY 1 DESC, 3;
