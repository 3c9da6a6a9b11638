-- name: seen
SELECT field, type, last_hour FROM schema_drift
WHERE exchange_id = ? AND endpoint = ? AND change = 'seen'

-- name: note
INSERT INTO schema_drift (exchange_id, endpoint, field, type, change, first_hour, last_hour)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
ON CONFLICT DO UPDATE SET last_hour = excluded.last_hour

-- name: drift_notes
SELECT exchange_id, endpoint, field, type, change, last_hour FROM schema_drift
WHERE change <> 'seen' AND last_hour >= ? ORDER BY last_hour, endpoint, field, type
