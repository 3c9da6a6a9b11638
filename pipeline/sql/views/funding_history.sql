-- Each settled funding rate once, live or of the past: `feed` is `live` where a sealed hour's file states it, else
-- `history`. `funding_rate` is a fraction of notional per interval (longs pay where it is positive), `funding_apr` percent
-- per year. `funding_interval_hours` is the stated interval (`interval_stated` is 1), else that of `funding_intervals` at
-- the settlement, else NULL. `as_known_ms` is when it was learnt: the last answer of the file that states it first.
CREATE VIEW funding_history AS
SELECT
    exchange_id, exchange, symbol, asset, settled_at_ms, funding_rate, funding_interval_hours, interval_stated,
    100.0 * (funding_rate * 8760.0 / funding_interval_hours) AS funding_apr, feed, as_known_ms
FROM (
    SELECT
        s.exchange_id, e.name AS exchange, s.symbol, s.asset, s.settled_at_ms, s.funding_rate,
        coalesce(
            s.stated_hours,
            (
                SELECT i.hours FROM funding_interval AS i
                WHERE i.exchange_id = s.exchange_id AND i.symbol = s.symbol AND i.from_ms < s.settled_at_ms
                    AND (i.until_ms IS NULL OR i.until_ms >= s.settled_at_ms)
                ORDER BY i.from_ms DESC LIMIT 1
            )
        ) AS funding_interval_hours,
        CASE WHEN s.stated_hours IS NULL THEN 0 ELSE 1 END AS interval_stated, s.feed, s.as_known_ms
    FROM (
        SELECT
            f.exchange_id, f.symbol, f.asset, f.settled_at_ms, f.funding_rate, f.funding_interval_hours AS stated_hours,
            'live' AS feed, coalesce(x.observed_to_ms, f.hour * 1000) AS as_known_ms
        FROM funding_settlement AS f
        JOIN hour AS h ON h.hour = f.hour
        LEFT JOIN exchange_hour AS x ON x.hour = f.hour AND x.exchange_id = f.exchange_id
        WHERE +h.sealed = 1
            AND NOT EXISTS (
                SELECT 1
                FROM funding_settlement AS o
                JOIN hour AS s ON s.hour = o.hour
                WHERE o.settled_at_ms = f.settled_at_ms AND o.exchange_id = f.exchange_id AND o.symbol = f.symbol
                    AND o.hour < f.hour AND +s.sealed = 1
            )
        UNION ALL
        SELECT
            c.exchange_id, c.symbol, c.asset, v.settled_at_ms, v.funding_rate, v.funding_interval_hours, a.feed,
            a.learnt_ms
        FROM history_contract AS c
        CROSS JOIN history_settlement AS v
        JOIN history_file AS a ON a.file_id = v.file_id
        WHERE v.contract_id = c.contract_id AND v.version = 0
            AND NOT EXISTS (
                SELECT 1
                FROM funding_settlement AS o
                JOIN hour AS s ON s.hour = o.hour
                WHERE o.settled_at_ms = v.settled_at_ms AND o.exchange_id = c.exchange_id AND o.symbol = c.symbol
                    AND +s.sealed = 1
            )
    ) AS s
    JOIN exchange AS e ON e.exchange_id = s.exchange_id
) AS settled;
