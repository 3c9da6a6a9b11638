-- name: file
SELECT file_id, staged_sha256, incomplete FROM history_file WHERE exchange_id = ? AND dataset = ? AND stamp = ?

-- name: write_file
INSERT INTO history_file (exchange_id, dataset, stamp, feed, asked_hour, staged_sha256, raw_sha256, transform_version, simulated,
    responses, responses_ok, records, rejections, observed_from_ms, observed_to_ms, learnt_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (exchange_id, dataset, stamp) DO UPDATE SET feed = excluded.feed, asked_hour = excluded.asked_hour,
    staged_sha256 = excluded.staged_sha256, raw_sha256 = excluded.raw_sha256,
    transform_version = excluded.transform_version, simulated = excluded.simulated, responses = excluded.responses,
    responses_ok = excluded.responses_ok, records = excluded.records, rejections = excluded.rejections,
    observed_from_ms = excluded.observed_from_ms, observed_to_ms = excluded.observed_to_ms,
    learnt_ms = excluded.learnt_ms, incomplete = 0

-- name: insert_span
INSERT INTO history_span (exchange_id, dataset, symbol, from_ms, to_ms, file_id) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING

-- name: mark_later
UPDATE history_file AS h SET incomplete = 1 FROM history_file AS f
WHERE f.file_id = ? AND h.exchange_id = f.exchange_id AND h.dataset = f.dataset AND h.file_id <> f.file_id
    AND (h.learnt_ms, h.stamp) > (f.learnt_ms, f.stamp)

-- name: due_of_file
INSERT INTO funding_interval_due (exchange_id, symbol)
SELECT DISTINCT c.exchange_id, c.symbol
FROM history_file AS f
JOIN history_contract AS c ON c.exchange_id = f.exchange_id
JOIN history_settlement AS s ON s.contract_id = c.contract_id AND s.file_id = f.file_id
WHERE f.file_id = ? AND f.dataset = 'funding'
ON CONFLICT DO NOTHING

-- name: insert_liquidation
INSERT INTO history_liquidation (contract_id, occurred_at_ms, side, price, quantity, id, in_contracts, quantity_base,
    value_usd, file_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING

-- name: owner_of_liquidation
SELECT file_id FROM history_liquidation
WHERE contract_id = ? AND occurred_at_ms = ? AND side = ? AND price = ? AND quantity = ? AND id = ?

-- name: take_liquidation
UPDATE history_liquidation SET in_contracts = ?, quantity_base = ?, value_usd = ?, file_id = ?
WHERE contract_id = ? AND occurred_at_ms = ? AND side = ? AND price = ? AND quantity = ? AND id = ?

-- name: delete_liquidations
DELETE FROM history_liquidation
WHERE contract_id IN (SELECT contract_id FROM history_contract WHERE exchange_id = ?) AND file_id = ?

-- name: loaded
SELECT exchange_id, dataset, stamp, raw_sha256, transform_version, staged_sha256, learnt_ms, records, incomplete
FROM history_file

-- name: spans
SELECT symbol, from_ms, to_ms FROM history_span
WHERE exchange_id = ?1 AND dataset = ?2 AND (?3 IS NULL OR symbol IN (?3, '')) ORDER BY symbol, from_ms, to_ms

-- name: rows
SELECT c.symbol, c.asset, {fields} FROM history_contract AS c JOIN {table} AS t ON t.contract_id = c.contract_id
WHERE c.exchange_id = ?1 AND c.symbol = ?2 AND t.version = 0 AND {time} >= ?3 AND {time} < ?4 {also}
ORDER BY {time}, c.asset

-- name: rows_of_file
SELECT c.symbol, c.asset, {fields} FROM history_contract AS c JOIN {table} AS t ON t.contract_id = c.contract_id
WHERE c.exchange_id = (SELECT exchange_id FROM history_file WHERE file_id = ?1) AND t.file_id = ?1
ORDER BY c.symbol, {key}, t.version

-- name: liquidations_of_file
SELECT c.symbol, c.asset, l.side, l.price, CASE WHEN l.in_contracts = 1 THEN l.quantity END, l.quantity_base, l.value_usd,
    l.occurred_at_ms, CASE WHEN l.id <> '' AND substr(l.id, 1, 1) <> '#' THEN l.id END
FROM history_contract AS c JOIN history_liquidation AS l ON l.contract_id = c.contract_id
WHERE c.exchange_id = (SELECT exchange_id FROM history_file WHERE file_id = ?1) AND l.file_id = ?1
ORDER BY c.symbol, l.occurred_at_ms, l.side, l.price, l.quantity, l.id

-- name: source_of_file
SELECT file_id, asked_hour, staged_sha256, raw_sha256, transform_version, simulated, responses, responses_ok,
    observed_from_ms, observed_to_ms, feed
FROM history_file WHERE exchange_id = ? AND dataset = ? AND stamp = ?

-- name: listed
SELECT exchange_id, symbol, asset, listed_at_ms FROM instrument
WHERE valid_to IS NULL AND status = 'trading' AND contract = 'perpetual' AND core = 1 ORDER BY exchange_id, symbol

-- name: last_candle
SELECT v.from_ms FROM history_contract AS c JOIN candle AS v ON v.contract_id = c.contract_id
WHERE c.exchange_id = ?1 AND c.symbol = ?2 AND v.price_kind = 'last' ORDER BY v.from_ms DESC LIMIT 1
