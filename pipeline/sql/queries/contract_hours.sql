-- name: perpetuals
SELECT l.exchange_id, l.symbol, l.asset, min(l.quote), min(l.kind) FROM listing AS l
WHERE l.asset = ? AND l.contract = 'perpetual'
    AND NOT EXISTS (
        SELECT 1 FROM instrument AS i WHERE i.exchange_id = l.exchange_id AND i.symbol = l.symbol AND i.core = 0
    )
GROUP BY l.exchange_id, l.symbol
ORDER BY l.exchange_id, l.symbol

-- name: listed
SELECT l.exchange_id, l.symbol, l.asset, min(l.quote), min(l.kind) FROM listing AS l
WHERE l.exchange_id = ? AND l.symbol = ? AND l.asset = ? AND l.contract = 'perpetual'
GROUP BY l.exchange_id, l.symbol

-- name: tickers
SELECT h.hour, t.mark_price, t.bid_price, t.ask_price, t.last_price, t.volume_usd_24h, t.funding_rate, t.next_funding_at_ms,
    t.funding_interval_hours, t.observed_at_ms
FROM listing AS l
CROSS JOIN hour AS h
JOIN ticker AS t ON t.hour = h.hour AND t.listing_id = l.listing_id
WHERE l.exchange_id = ?1 AND l.symbol = ?2 AND l.asset = ?3 AND l.contract = 'perpetual'
    AND h.hour BETWEEN ?4 AND ?5 AND +h.sealed = 1

-- name: spot_tickers
SELECT h.hour, NULL, s.bid_price, s.ask_price, s.last_price, s.volume_usd_24h, NULL, NULL, NULL, s.observed_at_ms
FROM hour AS h
CROSS JOIN spot_ticker AS s ON s.hour = h.hour AND s.exchange_id = ?1 AND s.symbol = ?2
WHERE s.asset = ?3 AND h.hour BETWEEN ?4 AND ?5 AND +h.sealed = 1

-- name: settlements
SELECT settled_at_ms, funding_rate, as_known_ms FROM funding_history
WHERE exchange_id = ?1 AND symbol = ?2 AND settled_at_ms BETWEEN ?3 AND ?4
