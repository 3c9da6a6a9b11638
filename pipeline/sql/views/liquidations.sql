-- Each forced closing once, with the earliest hour whose file states it.
CREATE VIEW liquidations AS
SELECT
    min(l.hour) AS hour, l.exchange_id, l.symbol, l.asset, l.side, l.price, l.quantity_base, l.value_usd,
    l.occurred_at_ms, CASE WHEN l.id <> '' AND l.id NOT GLOB '#*' THEN l.id END AS id
FROM liquidation AS l
JOIN hour AS h ON h.hour = l.hour AND h.sealed = 1
GROUP BY l.occurred_at_ms, l.exchange_id, l.symbol, l.side, l.price, l.quantity, l.id;
