-- Each published sum of liquidations once, as the earliest sealed hour whose file states it has it. `from_ms` is in
-- the span, `to_ms` is not; the sums are dollars of longs and of shorts that were closed.
CREATE VIEW liquidation_totals AS
SELECT
    l.hour, h.hour_utc, l.exchange_id, e.name AS exchange, l.symbol, l.asset, l.from_ms, l.to_ms, l.long_usd,
    l.short_usd, l.long_count, l.short_count
FROM liquidation_total AS l
JOIN hour AS h ON h.hour = l.hour
JOIN exchange AS e ON e.exchange_id = l.exchange_id
WHERE +h.sealed = 1
    AND NOT EXISTS (
        SELECT 1
        FROM liquidation_total AS o
        JOIN hour AS s ON s.hour = o.hour
        WHERE o.from_ms = l.from_ms AND o.to_ms = l.to_ms AND o.exchange_id = l.exchange_id AND o.symbol = l.symbol
            AND o.hour < l.hour AND +s.sealed = 1
    );
