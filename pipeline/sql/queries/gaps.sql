-- name: coverage
SELECT exchange_id, count(*), count(*) FILTER (WHERE tickers > 0),
    max(hour) FILTER (WHERE tickers > 0),
    -- In order of hours, so that the first one ends the search.
    (SELECT f.hour FROM exchange_hour AS f WHERE f.exchange_id = x.exchange_id AND f.tickers > 0 ORDER BY f.hour LIMIT 1)
FROM (
    SELECT exchange_id, hour, tickers FROM exchange_hour
    WHERE expected = 1 AND hour BETWEEN ?1 AND ?2
    UNION ALL
    SELECT exchange_id, hour, 0 FROM missing_hours
    WHERE cause = 'not_asked' AND hour BETWEEN ?1 AND ?2
) AS x GROUP BY exchange_id

-- name: expected_before
SELECT exchange_id FROM exchange_hour WHERE hour = ?1 AND expected = 1

-- name: fill
WITH RECURSIVE off (hour) AS (
    SELECT ?1 + 3600 UNION ALL SELECT hour + 3600 FROM off WHERE hour + 3600 < ?2
)
INSERT INTO exchange_hour (hour, exchange_id, expected, outcome, cause, reason)
SELECT off.hour, x.exchange_id, 1, 'failed', 'machine_off', 'no run in this hour'
FROM off CROSS JOIN exchange_hour AS x
WHERE x.hour = ?1 AND x.expected = 1
ON CONFLICT DO NOTHING

-- name: unrecorded
SELECT x.hour, x.exchange_id, CASE WHEN EXISTS (SELECT 1 FROM stream_hour AS a WHERE a.hour = x.hour)
    THEN 'no_stream' ELSE 'no_recorder' END
FROM exchange_hour AS x
WHERE x.expected = 1 AND x.hour BETWEEN ?1 AND ?2
    -- The file of the last hour is there when that hour is over.
    AND x.hour < (SELECT max(hour) FROM exchange_hour)
    AND NOT EXISTS (SELECT 1 FROM stream_hour AS s WHERE s.hour = x.hour AND s.exchange_id = x.exchange_id)

-- name: unheard
SELECT exchange_id, from_ms, to_ms, reason FROM stream_gap WHERE hour BETWEEN ? AND ?

-- name: heard
SELECT exchange_id, count(*), sum(covered_ms) FROM stream_hour WHERE hour BETWEEN ? AND ? GROUP BY exchange_id
