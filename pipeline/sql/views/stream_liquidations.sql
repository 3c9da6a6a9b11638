-- Each forced closing once, as an exchange's stream stated it: `quantity_base` in coins, `value_usd` in dollars (NULL: the
-- quote is not a dollar), `price` in quote units for one coin, of the kind that `stream_hours` names. REST's are in
-- `liquidations`: the same event may stand in both, and an hour's sums count one of the two.
CREATE VIEW stream_liquidations AS
SELECT
    l.hour, strftime('%Y-%m-%d %H:%M:%S', l.hour, 'unixepoch') AS hour_utc, l.exchange_id, e.name AS exchange, l.symbol,
    l.asset, l.side, l.price, l.quantity_base, l.value_usd, l.occurred_at_ms,
    CASE WHEN l.id <> '' AND substr(l.id, 1, 1) <> '#' THEN l.id END AS id
FROM stream_liquidation AS l
JOIN exchange AS e ON e.exchange_id = l.exchange_id
WHERE NOT EXISTS (
    SELECT 1
    FROM stream_liquidation AS o
    WHERE o.occurred_at_ms = l.occurred_at_ms AND o.exchange_id = l.exchange_id AND o.symbol = l.symbol
        AND o.side = l.side AND o.price = l.price AND o.quantity = l.quantity AND o.id = l.id AND o.hour < l.hour
);
