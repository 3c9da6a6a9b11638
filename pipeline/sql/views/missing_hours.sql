-- Which venue is missing in which hour, and why: its cause, or 'awaited' for a file that is fetched and not
-- loaded, 'rejected' for one that is loaded and in which no ticker was understood, 'machine_off' for an hour
-- without any run between two that had one. Hours after the last run are not listed.
CREATE VIEW missing_hours AS
SELECT hour, exchange_id, coalesce(cause, outcome) AS cause, reason
FROM exchange_hour
WHERE expected = 1 AND staged_sha256 IS NULL
UNION ALL
SELECT hour, exchange_id, 'rejected',
    iif(rejections = 0, 'the answers held no ticker', 'no ticker was understood: ' || rejections || ' rejected')
FROM exchange_hour
WHERE expected = 1 AND staged_sha256 IS NOT NULL AND tickers = 0
ORDER BY hour, exchange_id;
