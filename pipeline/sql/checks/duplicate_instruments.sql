-- Severity: warning
-- A perpetual that an exchange lists twice: two symbols that trade at once with the same asset, class, quote,
-- settlement and kind. Their figures are summed, which counts them twice if they are one contract.
SELECT a.exchange_id, a.asset, a.asset_class, a.quote, a.settle, a.kind, a.symbol AS one, b.symbol AS other,
    max(a.valid_from, b.valid_from) AS since_hour
FROM instrument AS a
JOIN instrument AS b ON b.exchange_id = a.exchange_id AND b.asset = a.asset AND b.asset_class IS a.asset_class
    AND b.quote = a.quote AND b.settle = a.settle AND b.kind = a.kind AND b.symbol > a.symbol
WHERE a.contract = 'perpetual' AND b.contract = 'perpetual' AND a.status = 'trading' AND b.status = 'trading'
    AND a.valid_from <= :last AND (a.valid_to IS NULL OR a.valid_to > :first)
    AND b.valid_from <= :last AND (b.valid_to IS NULL OR b.valid_to > :first)
    AND a.valid_from < coalesce(b.valid_to, :last + 1) AND b.valid_from < coalesce(a.valid_to, :last + 1)
ORDER BY a.exchange_id, a.asset, a.symbol, b.symbol;
