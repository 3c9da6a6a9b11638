-- name: store_result
INSERT OR REPLACE INTO check_result (checked_at_ms, name, severity, rows, sample)
VALUES (?, ?, ?, ?, ?)
