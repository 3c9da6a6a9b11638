-- name: mark
INSERT INTO forecast_due (id, from_hour) VALUES (1, ?1)
ON CONFLICT DO UPDATE SET from_hour = excluded.from_hour WHERE excluded.from_hour < from_hour

-- name: choose_assets
INSERT INTO setting (name, value) VALUES ('forecast_assets', ?)
ON CONFLICT DO UPDATE SET value = excluded.value

-- name: checkpoint_before
SELECT max(hour) FROM forecast_checkpoint WHERE hour < ? AND version = ? HAVING count(*) > 0

-- name: states
SELECT exchange_id, symbol, asset, since, numbers FROM forecast_state WHERE hour = ? ORDER BY exchange_id, symbol

-- name: forget_outcomes
UPDATE funding_forecast SET realised = NULL, realised_hour = NULL
WHERE hour > ?1 AND hour <= ?2 AND realised_hour > ?2

-- name: settlements
SELECT exchange_id, symbol, asset, settled_at_ms, funding_rate, funding_interval_hours FROM funding_settlement
WHERE hour = ?1 AND instr(?2, ',' || asset || ',') > 0

-- name: ticker
SELECT t.observed_at_ms, t.mark_price, t.index_price, t.funding_rate, t.funding_interval_hours, t.next_funding_at_ms
FROM listing AS l
CROSS JOIN ticker AS t ON t.hour = ?1 AND t.listing_id = l.listing_id
WHERE l.exchange_id = ?2 AND l.symbol = ?3 AND l.contract = 'perpetual'

-- name: realise
UPDATE funding_forecast SET realised = ?1, realised_hour = ?2
WHERE hour = ?3 AND exchange_id = ?4 AND symbol = ?5 AND target BETWEEN ?6 AND ?7

-- name: issue
INSERT OR IGNORE INTO forecast_issued
    (hour, exchange_id, symbol, target, settles_at_ms, lead_h, method, interval_h, rate, low, high, displayed, version)
SELECT hour, exchange_id, symbol, target, settles_at_ms, lead_h, method, interval_h, rate, low, high, displayed, ?2
FROM funding_forecast AS f
WHERE hour = ?1 AND EXISTS (
    SELECT 1 FROM load_log AS l
    WHERE l.hour = f.hour AND l.exchange_id = f.exchange_id AND l.loaded_at_ms < (f.hour + 3600) * 1000)

-- name: append_lessons
INSERT INTO forecast_lesson (exchange_id, symbol, since, lead_h, block, numbers) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET numbers = CAST(numbers || excluded.numbers AS BLOB)

-- name: read_lessons
SELECT numbers FROM forecast_lesson
WHERE exchange_id = ? AND symbol = ? AND since = ? AND lead_h = ? AND block BETWEEN ? AND ? ORDER BY block

-- name: cut_row
UPDATE forecast_lesson SET numbers = substr(numbers, 1, ?1)
WHERE exchange_id = ?2 AND symbol = ?3 AND since = ?4 AND lead_h = ?5 AND block = ?6 AND length(numbers) > ?1

-- name: cut_rows
DELETE FROM forecast_lesson WHERE exchange_id = ? AND symbol = ? AND since = ? AND lead_h = ? AND block >= ?

-- name: forget_lessons
DELETE FROM forecast_lesson WHERE (exchange_id, symbol, since) IN (
    SELECT exchange_id, symbol, since FROM forecast_state WHERE hour > ?1 AND since > ?1)

-- name: write_state
INSERT INTO forecast_state (hour, exchange_id, symbol, asset, since, numbers) VALUES (?, ?, ?, ?, ?, ?)

-- name: of_hour
SELECT asset, {columns} FROM hour AS h
CROSS JOIN funding_forecast AS f ON f.hour = h.hour
WHERE h.sealed = 1 AND h.hour = ? ORDER BY exchange_id, symbol, target

-- name: next_eight
SELECT f.exchange_id, f.symbol, f.rate FROM funding_forecast AS f
JOIN hour AS h ON h.hour = f.hour AND h.sealed = 1
WHERE f.hour = ? AND f.target = 'next8'

-- name: contracts
SELECT s.exchange_id, s.symbol, s.asset
FROM (SELECT exchange_id, symbol, max(hour) AS hour FROM forecast_state GROUP BY exchange_id, symbol) AS last
JOIN forecast_state AS s ON s.hour = last.hour AND s.exchange_id = last.exchange_id AND s.symbol = last.symbol
ORDER BY s.asset, s.exchange_id, s.symbol

-- name: of_contract
SELECT asset, {columns} FROM hour AS h
CROSS JOIN funding_forecast AS f ON f.hour = h.hour AND f.exchange_id = ?1 AND f.symbol = ?2 AND f.target = ?3
WHERE h.sealed = 1 AND h.hour BETWEEN ?4 AND ?5 ORDER BY h.hour
