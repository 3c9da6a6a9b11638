-- name: mark
INSERT INTO reconstruction_due (exchange_id, from_hour, to_hour) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET from_hour = min(from_hour, excluded.from_hour), to_hour = max(to_hour, excluded.to_hour)

-- name: contracts
SELECT contract_id, symbol, asset FROM history_contract WHERE exchange_id = ? ORDER BY symbol, asset

-- name: candles
SELECT from_ms, open, close, volume_base, volume_usd, file_id FROM candle
WHERE contract_id = ? AND price_kind = 'last' AND from_ms >= ? AND from_ms < ? AND version = 0 ORDER BY from_ms

-- name: files
SELECT file_id, learnt_ms, feed FROM history_file WHERE exchange_id = ?

-- name: closes
SELECT from_ms, close FROM candle
WHERE contract_id = ? AND price_kind = ? AND from_ms >= ? AND from_ms < ? AND version = 0 ORDER BY from_ms

-- name: open_interests
SELECT observed_at_ms, contracts, base, usd FROM open_interest
WHERE contract_id = ? AND observed_at_ms >= ? AND observed_at_ms < ? AND version = 0 ORDER BY observed_at_ms

-- name: settlements
SELECT settled_at_ms, funding_rate, funding_interval_hours FROM history_settlement
WHERE contract_id = ? AND settled_at_ms >= ? AND settled_at_ms < ? AND version = 0 ORDER BY settled_at_ms

-- name: span_of_file
SELECT from_ms, to_ms
FROM (
    SELECT min(at) AS from_ms, max(at) AS to_ms
    FROM (
        SELECT v.from_ms AS at FROM history_file AS f
        JOIN history_contract AS c ON c.exchange_id = f.exchange_id
        JOIN candle AS v ON v.contract_id = c.contract_id AND v.file_id = f.file_id WHERE f.file_id = ?1
        UNION ALL
        SELECT v.observed_at_ms FROM history_file AS f
        JOIN history_contract AS c ON c.exchange_id = f.exchange_id
        JOIN open_interest AS v ON v.contract_id = c.contract_id AND v.file_id = f.file_id WHERE f.file_id = ?1
        UNION ALL
        SELECT v.settled_at_ms FROM history_file AS f
        JOIN history_contract AS c ON c.exchange_id = f.exchange_id
        JOIN history_settlement AS v ON v.contract_id = c.contract_id AND v.file_id = f.file_id WHERE f.file_id = ?1
    )
)
WHERE from_ms IS NOT NULL
