-- name: mark_stated_here
INSERT INTO funding_interval_due (exchange_id, symbol)
SELECT DISTINCT f.exchange_id, f.symbol FROM funding_settlement AS f
WHERE f.hour = ? AND f.exchange_id = ? AND NOT EXISTS (
    SELECT 1 FROM funding_settlement AS e
    WHERE e.settled_at_ms = f.settled_at_ms AND e.exchange_id = f.exchange_id AND e.symbol = f.symbol AND e.hour < f.hour)
ON CONFLICT DO NOTHING

-- name: stated_here
SELECT f.symbol, f.settled_at_ms, f.funding_interval_hours,
    (SELECT max(p.settled_at_ms) FROM funding_settlement AS p
     WHERE p.exchange_id = f.exchange_id AND p.symbol = f.symbol AND p.settled_at_ms < f.settled_at_ms),
    (SELECT max((SELECT max(p.settled_at_ms) FROM history_settlement AS p
                 WHERE p.contract_id = c.contract_id AND p.settled_at_ms < f.settled_at_ms))
     FROM history_contract AS c WHERE c.exchange_id = f.exchange_id AND c.symbol = f.symbol),
    NOT EXISTS (SELECT 1 FROM funding_settlement AS n
                WHERE n.exchange_id = f.exchange_id AND n.symbol = f.symbol AND n.settled_at_ms > f.settled_at_ms)
    AND NOT EXISTS (SELECT 1 FROM funding_settlement AS n
                    WHERE n.settled_at_ms = f.settled_at_ms AND n.exchange_id = f.exchange_id AND n.symbol = f.symbol
                        AND n.hour > f.hour)
    AND NOT EXISTS (SELECT 1 FROM history_contract AS c JOIN history_settlement AS n ON n.contract_id = c.contract_id
                    WHERE c.exchange_id = f.exchange_id AND c.symbol = f.symbol AND n.settled_at_ms >= f.settled_at_ms),
    (SELECT i.hours FROM funding_interval AS i
     WHERE i.exchange_id = f.exchange_id AND i.symbol = f.symbol AND i.until_ms IS NULL AND i.evidence = 'settlements')
FROM funding_settlement AS f
WHERE f.hour = ? AND f.exchange_id = ? AND NOT EXISTS (
    SELECT 1 FROM funding_settlement AS e
    WHERE e.settled_at_ms = f.settled_at_ms AND e.exchange_id = f.exchange_id AND e.symbol = f.symbol AND e.hour < f.hour)

-- name: settlements
SELECT settled_at_ms, funding_interval_hours FROM (
    SELECT settled_at_ms, funding_interval_hours, 0 AS feed, hour AS place FROM funding_settlement
    WHERE exchange_id = ?1 AND symbol = ?2
    UNION ALL
    SELECT s.settled_at_ms, s.funding_interval_hours, 1, c.asset
    FROM history_contract AS c JOIN history_settlement AS s ON s.contract_id = c.contract_id
    WHERE c.exchange_id = ?1 AND c.symbol = ?2 AND s.version = 0)
ORDER BY settled_at_ms, feed, place

-- name: instruments
SELECT valid_from, valid_to, funding_interval_hours FROM instrument
WHERE exchange_id = ? AND symbol = ? AND contract = 'perpetual' AND funding_interval_hours > 0 ORDER BY valid_from

-- name: stored
SELECT from_ms, until_ms, hours, evidence FROM funding_interval WHERE exchange_id = ? AND symbol = ? ORDER BY from_ms

-- name: insert
INSERT INTO funding_interval (exchange_id, symbol, from_ms, until_ms, hours, evidence) VALUES (?, ?, ?, ?, ?, ?)

-- name: of_exchange
SELECT symbol, from_ms, until_ms, hours, evidence FROM funding_interval WHERE exchange_id = ? ORDER BY symbol, from_ms

-- name: mark_all
INSERT OR IGNORE INTO funding_interval_due (exchange_id, symbol)
SELECT exchange_id, symbol FROM instrument UNION SELECT exchange_id, symbol FROM funding_settlement
UNION SELECT exchange_id, symbol FROM history_contract UNION SELECT exchange_id, symbol FROM funding_interval

-- name: mark_before
INSERT INTO funding_interval_due (exchange_id, symbol)
SELECT DISTINCT exchange_id, symbol FROM funding_interval WHERE from_ms < ? ON CONFLICT DO NOTHING
