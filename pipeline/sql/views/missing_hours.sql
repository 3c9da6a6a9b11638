-- Which venue is missing in which hour, and why. An hour between the first and the last known one
-- without any run or file is one in which the machine was off; it counts for every venue.
CREATE VIEW missing_hours AS
WITH RECURSIVE span (hour, last) AS (
    SELECT min(hour), max(hour) FROM exchange_hour HAVING count(*) > 0
    UNION ALL
    SELECT hour + 3600, last FROM span WHERE hour < last
)
SELECT x.hour, x.exchange_id, coalesce(x.cause, x.outcome) AS cause, x.reason
FROM exchange_hour AS x
WHERE x.expected = 1 AND x.staged_sha256 IS NULL
UNION ALL
SELECT s.hour, e.exchange_id, 'machine_off', 'no run in this hour'
FROM span AS s
JOIN exchange AS e ON e.exchange_id IN (SELECT exchange_id FROM exchange_hour WHERE expected = 1)
WHERE s.hour NOT IN (SELECT hour FROM exchange_hour)
ORDER BY 1, 2;
