-- Each published sum of liquidations once, as the earliest hour whose file states it has it.
CREATE VIEW liquidation_totals AS
SELECT
    min(l.hour) AS hour, l.exchange_id, l.symbol, l.asset, l.from_ms, l.to_ms, l.long_usd, l.short_usd,
    l.long_count, l.short_count
FROM liquidation_total AS l
JOIN hour AS h ON h.hour = l.hour AND h.sealed = 1
GROUP BY l.from_ms, l.to_ms, l.exchange_id, l.symbol;
