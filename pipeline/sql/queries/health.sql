-- name: hours_of_older_rules
SELECT count(DISTINCT hour) FROM exchange_hour
WHERE hour >= ? AND tickers > 0 AND transform_version < ?

-- name: contracts_of_no_known_class
SELECT exchange_id, symbol FROM instrument
WHERE valid_to IS NULL AND asset_class = 'other' AND status = 'trading' ORDER BY exchange_id, symbol

-- name: undelivered_alerts
SELECT last_error FROM alert_outbox WHERE state IN ('pending', 'dead') AND last_error IS NOT NULL
ORDER BY created_at_ms DESC LIMIT 1

-- name: last_checks
SELECT name, severity, rows, checked_at_ms FROM check_result
WHERE checked_at_ms = (SELECT max(checked_at_ms) FROM check_result) ORDER BY name

-- name: streams
WITH day AS (
    SELECT exchange_id, max(hour) AS last, count(*) AS hours, sum(covered_ms) AS covered FROM stream_hour
    WHERE hour >= ? GROUP BY exchange_id
)
SELECT d.exchange_id, d.last, d.hours, d.covered, s.covered_ms, s.messages, s.duplicates,
    (SELECT count(*) FROM stream_gap AS g WHERE g.exchange_id = d.exchange_id AND g.hour = d.last),
    (SELECT g.reason FROM stream_gap AS g WHERE g.exchange_id = d.exchange_id AND g.hour = d.last
     ORDER BY g.to_ms - g.from_ms DESC, g.from_ms LIMIT 1)
FROM day AS d
JOIN stream_hour AS s ON s.exchange_id = d.exchange_id AND s.hour = d.last
