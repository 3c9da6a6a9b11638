-- Each forced closing once, as the earliest sealed hour whose file states it has it, sized with the contract of the
-- hour in which it happened: `quantity_base` is in coins, `value_usd` in dollars (NULL: the quote is not a dollar),
-- `quantity_contracts` as sent (NULL: the exchange counts coins), `price` in quote units for one coin. The stated
-- size stays where it agrees, and where no version of the contract is known. `asset` is of the class that the
-- exchange stated last. `hour` is that of the stating file.
CREATE VIEW liquidations AS
SELECT
    hour, hour_utc, exchange_id, exchange, symbol, asset, side, price,
    CASE WHEN abs(sized_base - stated_base) > 1e-9 * abs(stated_base) THEN sized_base ELSE stated_base END
        AS quantity_base,
    CASE WHEN abs(sized_usd - stated_usd) > 1e-9 * abs(stated_usd) THEN sized_usd ELSE stated_usd END AS value_usd,
    occurred_at_ms, id, quantity_contracts
FROM (
    SELECT
        l.hour, h.hour_utc, l.exchange_id, e.name AS exchange, l.symbol, l.side, l.price,
        CASE
            WHEN EXISTS (
                SELECT 1 FROM listing AS s
                WHERE s.exchange_id = l.exchange_id AND s.symbol = l.symbol AND s.class_stated = 0
            ) THEN coalesce(
                (
                    SELECT c.asset FROM instrument AS c
                    WHERE c.exchange_id = l.exchange_id AND c.symbol = l.symbol AND c.valid_from <= l.hour
                        AND c.asset_class IS NOT NULL AND c.class_stated = 1
                    ORDER BY c.valid_from DESC LIMIT 1
                ),
                (
                    SELECT c.asset FROM known_class AS c
                    WHERE c.exchange_id = l.exchange_id AND c.symbol = l.symbol AND c.hour <= l.hour
                ),
                (
                    SELECT c.asset FROM instrument AS c
                    WHERE c.exchange_id = l.exchange_id AND c.symbol = l.symbol AND c.valid_from <= l.hour
                        AND c.asset_class IS NOT NULL
                    ORDER BY c.valid_from DESC LIMIT 1
                ),
                l.asset)
            ELSE l.asset
        END AS asset,
        l.quantity_base AS stated_base, l.value_usd AS stated_usd, l.occurred_at_ms,
        CASE WHEN l.id <> '' AND substr(l.id, 1, 1) <> '#' THEN l.id END AS id,
        CASE WHEN l.in_contracts = 1 THEN l.quantity END AS quantity_contracts,
        CASE i.kind
            WHEN 'linear' THEN l.quantity * i.contract_multiplier * i.unit_multiplier
            WHEN 'inverse' THEN l.quantity * i.contract_multiplier / l.price
        END AS sized_base,
        CASE i.kind
            WHEN 'linear' THEN l.quantity * i.contract_multiplier * i.unit_multiplier * l.price
            WHEN 'inverse' THEN l.quantity * i.contract_multiplier
        END AS sized_usd
    FROM liquidation AS l
    JOIN hour AS h ON h.hour = l.hour
    JOIN exchange AS e ON e.exchange_id = l.exchange_id
    LEFT JOIN instrument AS i
        ON l.in_contracts = 1 AND i.exchange_id = l.exchange_id AND i.symbol = l.symbol
        AND i.valid_from * 1000 <= l.occurred_at_ms
        AND (i.valid_to IS NULL OR i.valid_to * 1000 > l.occurred_at_ms)
    WHERE +h.sealed = 1
        AND NOT EXISTS (
            SELECT 1
            FROM liquidation AS o
            JOIN hour AS s ON s.hour = o.hour
            WHERE o.occurred_at_ms = l.occurred_at_ms AND o.exchange_id = l.exchange_id AND o.symbol = l.symbol
                AND o.side = l.side AND o.price = l.price AND o.quantity = l.quantity AND o.id = l.id
                AND o.hour < l.hour AND +s.sealed = 1
        )
) AS sized;
