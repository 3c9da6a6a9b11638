-- name: store_result
INSERT OR REPLACE INTO check_result (checked_at_ms, name, severity, rows, sample)
VALUES (?, ?, ?, ?, ?)

-- name: contract_counts
-- Open interest and the volume of a day in contracts, as tickers keep them, of exchanges that count contracts. NULL: not
-- known. Tickers are of contracts that trade.
SELECT l.listing_id, l.exchange_id, l.kind, t.open_interest_contracts,
    CASE l.kind
        WHEN 'linear' THEN t.volume_base_24h / (i.contract_multiplier * l.unit_multiplier)
        WHEN 'inverse' THEN t.volume_usd_24h / i.contract_multiplier
    END
FROM ticker AS t
JOIN listing AS l USING (listing_id)
JOIN instrument AS i ON i.exchange_id = l.exchange_id AND i.symbol = l.symbol
    AND i.valid_from <= t.hour AND coalesce(i.valid_to > t.hour, 1)
WHERE t.hour BETWEEN ? AND ? AND i.status <> 'delisted' AND l.exchange_id IN (SELECT value FROM json_each(?))
