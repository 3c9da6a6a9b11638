-- Each settled funding rate once, as the earliest sealed hour whose file states it has it. `funding_rate` is a
-- fraction of notional per interval (longs pay where it is positive), `funding_rate_annualized` a fraction and
-- `funding_apr` percent per year. `funding_interval_hours` is the stated interval (`interval_stated` is 1), else the
-- distance to the symbol's previous stored settlement where that is 1, 2, 4, 8, 12 or 24 hours within a minute, or that of
-- `funding_intervals` at the settlement where it is shorter, since the distance is then a hole, or where no distance says
-- it; else NULL. Most exchanges are asked for the coins of `FOCUS_ASSETS` only; Binance and Aster send all coins.
CREATE VIEW funding_settlements AS
SELECT
    hour, hour_utc, exchange_id, exchange, symbol, asset, settled_at_ms, funding_rate, funding_interval_hours,
    interval_stated, funding_rate * 8760.0 / funding_interval_hours AS funding_rate_annualized,
    100.0 * (funding_rate * 8760.0 / funding_interval_hours) AS funding_apr
FROM (
    SELECT
        hour, hour_utc, exchange_id, exchange, symbol, asset, settled_at_ms, funding_rate, interval_stated,
        CASE
            WHEN interval_stated = 1 THEN stated_hours
            WHEN distance_hours IS NULL OR known_hours < distance_hours THEN known_hours
            ELSE distance_hours
        END AS funding_interval_hours
    FROM (
        SELECT
            hour, hour_utc, exchange_id, exchange, symbol, asset, settled_at_ms, funding_rate, stated_hours,
            interval_stated,
            CASE
                WHEN settled_at_ms - previous_ms BETWEEN 3540000 AND 3660000 THEN 1.0
                WHEN settled_at_ms - previous_ms BETWEEN 7140000 AND 7260000 THEN 2.0
                WHEN settled_at_ms - previous_ms BETWEEN 14340000 AND 14460000 THEN 4.0
                WHEN settled_at_ms - previous_ms BETWEEN 28740000 AND 28860000 THEN 8.0
                WHEN settled_at_ms - previous_ms BETWEEN 43140000 AND 43260000 THEN 12.0
                WHEN settled_at_ms - previous_ms BETWEEN 86340000 AND 86460000 THEN 24.0
            END AS distance_hours,
            (
                SELECT i.hours FROM funding_interval AS i
                WHERE interval_stated = 0 AND i.exchange_id = stated.exchange_id AND i.symbol = stated.symbol
                    AND i.from_ms < settled_at_ms AND (i.until_ms IS NULL OR i.until_ms >= settled_at_ms)
                ORDER BY i.from_ms DESC LIMIT 1
            ) AS known_hours
        FROM (
            SELECT
                f.hour, h.hour_utc, f.exchange_id, e.name AS exchange, f.symbol, f.asset, f.settled_at_ms,
                f.funding_rate, f.funding_interval_hours AS stated_hours,
                CASE WHEN f.funding_interval_hours IS NULL THEN 0 ELSE 1 END AS interval_stated,
                (
                    SELECT max(p.settled_at_ms)
                    FROM funding_settlement AS p
                    JOIN hour AS s ON s.hour = p.hour
                    WHERE f.funding_interval_hours IS NULL AND p.settled_at_ms < f.settled_at_ms
                        AND p.settled_at_ms >= f.settled_at_ms - 86460000 AND p.exchange_id = f.exchange_id
                        AND p.symbol = f.symbol AND +s.sealed = 1
                ) AS previous_ms
            FROM funding_settlement AS f
            JOIN hour AS h ON h.hour = f.hour
            JOIN exchange AS e ON e.exchange_id = f.exchange_id
            WHERE +h.sealed = 1
                AND NOT EXISTS (
                    SELECT 1
                    FROM funding_settlement AS o
                    JOIN hour AS s ON s.hour = o.hour
                    WHERE o.settled_at_ms = f.settled_at_ms AND o.exchange_id = f.exchange_id AND o.symbol = f.symbol
                        AND o.hour < f.hour AND +s.sealed = 1
                )
        ) AS stated
    ) AS told
) AS settled;
