-- name: perpetuals_at
SELECT l.exchange_id, l.symbol, l.kind, {columns}
FROM hour AS h
CROSS JOIN listing AS l
CROSS JOIN ticker AS t ON t.hour = h.hour AND t.listing_id = l.listing_id
WHERE h.hour = ?1 AND h.sealed = 1 AND l.asset = ?2 AND l.contract = 'perpetual' AND t.mark_price > 0
    AND NOT EXISTS (
        SELECT 1 FROM instrument AS i WHERE i.exchange_id = l.exchange_id AND i.symbol = l.symbol AND i.core = 0
    )
ORDER BY l.exchange_id, l.symbol, l.listing_id

-- name: listings
SELECT listing_id, asset, kind FROM listing
WHERE exchange_id = ? AND symbol = ? AND contract = 'perpetual' ORDER BY listing_id DESC

-- name: hours
SELECT {columns}
FROM hour AS h
CROSS JOIN ticker AS t ON t.hour = h.hour AND t.listing_id = ?1
WHERE h.hour BETWEEN ?2 AND ?3 AND +h.sealed = 1 AND t.mark_price > 0
    AND NOT EXISTS (
        SELECT 1 FROM field_finding AS f
        WHERE f.hour = t.hour AND f.exchange_id = ?4 AND f.symbol = ?5 AND f.reason = 'price_outlier'
    )
ORDER BY h.hour

-- name: spot_hours
SELECT s.hour, (s.bid_price + s.ask_price) / 2.0, s.bid_price, s.ask_price, s.observed_at_ms, s.asset
FROM hour AS h
CROSS JOIN spot_ticker AS s ON s.hour = h.hour AND s.exchange_id = ?1 AND s.symbol = ?2
WHERE h.hour BETWEEN ?3 AND ?4 AND +h.sealed = 1 AND s.bid_price > 0 AND s.ask_price > 0
ORDER BY h.hour

-- name: settlements
SELECT f.settled_at_ms, f.funding_rate, f.funding_interval_hours, min(f.hour)
FROM funding_settlement AS f
JOIN hour AS h ON h.hour = f.hour
WHERE f.exchange_id = ? AND f.symbol = ? AND f.settled_at_ms >= ? AND f.settled_at_ms <= ? AND +h.sealed = 1
GROUP BY f.settled_at_ms ORDER BY f.settled_at_ms
