-- name: insert_exchange
INSERT INTO extract_run_venue (hour, started_ms, exchange_id, outcome, cause, reason, wire_bytes,
    body_bytes, milliseconds)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_endpoint
INSERT INTO extract_run_endpoint (hour, started_ms, exchange_id, endpoint, ok, calls, failed,
    attempts, weight, cause, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: refresh_expectation
INSERT INTO exchange_hour (hour, exchange_id, expected, outcome, cause, reason)
SELECT v.hour, v.exchange_id, 1,
    CASE v.outcome WHEN 'failed' THEN 'failed' ELSE 'awaited' END,
    CASE v.outcome WHEN 'failed' THEN v.cause END,
    CASE v.outcome WHEN 'failed' THEN v.reason ELSE 'fetched and not loaded' END
FROM extract_run_venue AS v
WHERE v.hour = ?1 AND v.started_ms = (
    SELECT max(w.started_ms) FROM extract_run_venue AS w
    WHERE w.hour = v.hour AND w.exchange_id = v.exchange_id)
ON CONFLICT DO UPDATE
SET outcome = excluded.outcome, cause = excluded.cause, reason = excluded.reason
WHERE staged_sha256 IS NULL
    AND (outcome, cause, reason) IS NOT (excluded.outcome, excluded.cause, excluded.reason)
