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

-- name: changed
-- Trading perpetuals of which a list of the live hours ?1 to ?2 is the first with other hours than the lists before it, at
-- most a day old. A list that leaves the hours out changes nothing. The rates are those of the hour's ticker, and of the
-- last one before it with the hours before.
SELECT exchange_id, symbol, asset, valid_from, previous_hours, hours, 'instrument',
    (SELECT t.funding_rate FROM listing AS l
     CROSS JOIN hour AS h ON h.hour BETWEEN valid_from - 86400 AND valid_from - 3600 AND +h.sealed = 1
     CROSS JOIN ticker AS t ON t.hour = h.hour AND t.listing_id = l.listing_id
     WHERE l.exchange_id = c.exchange_id AND l.symbol = c.symbol AND t.funding_rate IS NOT NULL
         AND t.funding_interval_hours = previous_hours
     ORDER BY t.hour DESC LIMIT 1),
    (SELECT t.funding_rate FROM listing AS l JOIN ticker AS t ON t.hour = valid_from AND t.listing_id = l.listing_id
     WHERE l.exchange_id = c.exchange_id AND l.symbol = c.symbol AND t.funding_interval_hours = c.hours LIMIT 1),
    (SELECT t.volume_usd_24h FROM listing AS l JOIN ticker AS t ON t.hour = valid_from AND t.listing_id = l.listing_id
     WHERE l.exchange_id = c.exchange_id AND l.symbol = c.symbol LIMIT 1)
FROM (
    SELECT n.exchange_id, n.symbol, n.asset, n.valid_from, n.funding_interval_hours AS hours,
        (SELECT o.funding_interval_hours FROM instrument AS o
         WHERE o.exchange_id = n.exchange_id AND o.symbol = n.symbol AND o.valid_from < n.valid_from
             AND o.valid_to >= n.valid_from - 86400 AND o.contract = 'perpetual' AND o.funding_interval_hours > 0
         ORDER BY o.valid_from DESC LIMIT 1) AS previous_hours
    FROM exchange AS e
    CROSS JOIN instrument AS p ON p.exchange_id = e.exchange_id AND p.valid_to BETWEEN ?1 AND ?2
    CROSS JOIN instrument AS n
        ON n.exchange_id = p.exchange_id AND n.symbol = p.symbol AND n.valid_from = p.valid_to
    WHERE n.contract = 'perpetual' AND n.status = 'trading' AND n.core = 1 AND n.funding_interval_hours > 0
) AS c
WHERE previous_hours <> hours
ORDER BY valid_from, exchange_id, symbol

-- name: proved
-- Changes that settlements prove, whose first period began in the hours ?1 to ?2, right behind the last one of the hours
-- before.
SELECT exchange_id, symbol,
    coalesce((SELECT l.asset FROM listing AS l WHERE l.exchange_id = c.exchange_id AND l.symbol = c.symbol LIMIT 1), ''),
    from_hour, previous_hours, hours, 'settlements',
    (SELECT t.funding_rate FROM listing AS l
     CROSS JOIN hour AS h ON h.hour BETWEEN from_hour - 86400 AND from_hour - 3600 AND +h.sealed = 1
     CROSS JOIN ticker AS t ON t.hour = h.hour AND t.listing_id = l.listing_id
     WHERE l.exchange_id = c.exchange_id AND l.symbol = c.symbol AND t.funding_rate IS NOT NULL
         AND coalesce(t.funding_interval_hours, previous_hours) = previous_hours
     ORDER BY t.hour DESC LIMIT 1),
    (SELECT t.funding_rate FROM listing AS l JOIN ticker AS t ON t.hour = from_hour AND t.listing_id = l.listing_id
     WHERE l.exchange_id = c.exchange_id AND l.symbol = c.symbol
         AND coalesce(t.funding_interval_hours, c.hours) = c.hours LIMIT 1),
    (SELECT t.volume_usd_24h FROM listing AS l JOIN ticker AS t ON t.hour = from_hour AND t.listing_id = l.listing_id
     WHERE l.exchange_id = c.exchange_id AND l.symbol = c.symbol LIMIT 1)
FROM (
    SELECT i.exchange_id, i.symbol, i.from_ms / 3600000 * 3600 AS from_hour, i.hours,
        (SELECT p.hours FROM funding_interval AS p
         WHERE p.exchange_id = i.exchange_id AND p.symbol = i.symbol AND p.from_ms < i.from_ms
             AND p.until_ms >= i.from_ms - 3600000
         ORDER BY p.from_ms DESC LIMIT 1) AS previous_hours
    FROM funding_interval AS i
    WHERE i.evidence = 'settlements' AND i.from_ms >= ?1 * 1000 AND i.from_ms < (?2 + 3600) * 1000
) AS c
WHERE previous_hours <> hours
ORDER BY from_hour, exchange_id, symbol
