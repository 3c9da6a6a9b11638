-- Severity: error
-- Rows that nothing accounts for: facts of an exchange's hour that the ledger does not know as loaded, counts that
-- differ from the ledger's, totals of classes without the exchange's own, and sealed hours without a summary.
WITH loaded AS MATERIALIZED (
    SELECT hour, exchange_id, tickers, long_shorts, spot_tickers, rejections FROM exchange_hour
    WHERE staged_sha256 IS NOT NULL AND hour BETWEEN :first AND :last
), found AS (
    SELECT 'ticker' AS place, t.hour, l.exchange_id, count(*) AS rows
    FROM ticker AS t JOIN listing AS l USING (listing_id)
    WHERE t.hour BETWEEN :first AND :last GROUP BY t.hour, l.exchange_id
    UNION ALL
    SELECT 'long_short', hour, exchange_id, count(*) FROM long_short
    WHERE hour BETWEEN :first AND :last GROUP BY hour, exchange_id
    UNION ALL
    SELECT 'spot_ticker', hour, exchange_id, count(*) FROM spot_ticker
    WHERE hour BETWEEN :first AND :last GROUP BY hour, exchange_id
    UNION ALL
    SELECT 'rejection', hour, exchange_id, count(*) FROM rejection
    WHERE hour BETWEEN :first AND :last GROUP BY hour, exchange_id
    UNION ALL
    SELECT 'liquidation', hour, exchange_id, count(*) FROM liquidation
    WHERE hour BETWEEN :first AND :last GROUP BY hour, exchange_id
    UNION ALL
    SELECT 'liquidation_total', hour, exchange_id, count(*) FROM liquidation_total
    WHERE hour BETWEEN :first AND :last GROUP BY hour, exchange_id
    UNION ALL
    SELECT 'funding_settlement', hour, exchange_id, count(*) FROM funding_settlement
    WHERE hour BETWEEN :first AND :last GROUP BY hour, exchange_id
)
SELECT f.place, f.hour, f.exchange_id, f.rows, NULL AS in_ledger FROM found AS f
WHERE NOT EXISTS (SELECT 1 FROM loaded AS x WHERE x.hour = f.hour AND x.exchange_id = f.exchange_id)
UNION ALL
SELECT 'ticker', x.hour, x.exchange_id, coalesce(f.rows, 0), x.tickers
FROM loaded AS x
LEFT JOIN found AS f ON f.place = 'ticker' AND f.hour = x.hour AND f.exchange_id = x.exchange_id
WHERE coalesce(f.rows, 0) <> x.tickers
UNION ALL
SELECT 'exchange_class_summary', c.hour, c.exchange_id, count(*), 0
FROM exchange_class_summary AS c
WHERE c.hour BETWEEN :first AND :last
    AND NOT EXISTS (SELECT 1 FROM exchange_summary AS s WHERE s.hour = c.hour AND s.exchange_id = c.exchange_id)
GROUP BY c.hour, c.exchange_id
UNION ALL
SELECT 'market_summary', h.hour, NULL, (SELECT count(*) FROM market_summary AS m WHERE m.hour = h.hour), 2
FROM hour AS h
WHERE h.sealed = 1 AND h.hour BETWEEN :first AND :last
    AND (SELECT count(*) FROM market_summary AS m WHERE m.hour = h.hour) <> 2
ORDER BY 1, 2, 3;
