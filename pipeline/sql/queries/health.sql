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
