-- Severity: info
-- A contract that trades and whose class is not known: the exchange says that it is no coin, or says nothing that we
-- understand. It is in no total of coins.
SELECT i.exchange_id, i.symbol, i.asset, i.base, i.quote, max(i.valid_from) AS since_hour
FROM instrument AS i
WHERE i.asset_class = 'other' AND i.status = 'trading' AND i.valid_from <= :last
    AND (i.valid_to IS NULL OR i.valid_to > :first)
GROUP BY i.exchange_id, i.symbol, i.asset, i.base, i.quote
ORDER BY i.exchange_id, i.symbol;
