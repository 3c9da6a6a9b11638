-- Severity: info
-- A contract that trades and whose class is not known: the exchange says that it is not a coin, or uses a word that we do
-- not know, and it is in no total of coins; or the exchange no longer states a class (class_stated 0), and the last one
-- counts.
SELECT i.exchange_id, i.symbol, i.asset, i.base, i.quote, max(i.valid_from) AS since_hour, i.class_stated
FROM instrument AS i
WHERE i.status = 'trading' AND i.valid_from <= :last AND (i.valid_to IS NULL OR i.valid_to > :first)
    AND (
        i.asset_class = 'other'
        OR i.class_stated = 0 AND EXISTS (
            SELECT 1 FROM instrument AS b
            WHERE b.exchange_id = i.exchange_id AND b.symbol = i.symbol AND b.valid_from < i.valid_from
                AND b.class_stated = 1 AND b.asset_class IS NOT NULL))
GROUP BY i.exchange_id, i.symbol, i.asset, i.base, i.quote
ORDER BY i.exchange_id, i.symbol;
