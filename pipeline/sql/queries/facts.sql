-- name: loaded_source
SELECT h.*, l.path, l.loaded_at_ms FROM exchange_hour AS h
LEFT JOIN load_log AS l ON l.load_id = (
    SELECT max(load_id) FROM load_log
    WHERE hour = h.hour AND exchange_id = h.exchange_id AND staged_sha256 = h.staged_sha256)
WHERE h.hour = ? AND h.exchange_id = ? AND h.staged_sha256 IS NOT NULL

-- name: endpoints
SELECT endpoint, ok, failed, rows, rejected, unlisted FROM exchange_hour_endpoint
WHERE hour = ? AND exchange_id = ? ORDER BY position

-- name: instruments
SELECT {columns} FROM instrument WHERE exchange_id = ?1 AND valid_from <= ?2
    AND (valid_to IS NULL OR valid_to > ?2) ORDER BY symbol

-- name: liquidations
SELECT l.* FROM exchange_hour AS h
JOIN liquidation AS l
    ON l.occurred_at_ms BETWEEN h.events_from_ms AND h.events_to_ms AND l.exchange_id = h.exchange_id
    AND l.hour <= h.hour AND (l.until IS NULL OR l.until > h.hour)
WHERE h.hour = ? AND h.exchange_id = ? ORDER BY l.symbol, l.occurred_at_ms
