-- Rolls the hours of the day that begins at :day up into one row per exchange. A row that was made from more hours, before
-- some of them were removed, is left as it is. Volume and open interest use only the hours that had them whole, so that a
-- hole does not count as a low.
INSERT OR REPLACE INTO exchange_day (
    day, exchange_id, hours, expected_hours, coverage, volume_open, volume_high, volume_low, volume_close,
    volume_mean, open_interest_open, open_interest_high, open_interest_low, open_interest_close,
    open_interest_mean, funding_rate_open, funding_rate_high, funding_rate_low, funding_rate_close,
    funding_rate_mean, price_change_close, markets_close, liquidation_long_usd, liquidation_short_usd,
    liquidation_count)
WITH good AS MATERIALIZED (
    SELECT s.*, CASE WHEN s.volume_whole = 1 THEN s.volume END AS whole_volume,
        CASE WHEN s.open_interest_whole = 1 THEN s.open_interest END AS whole_oi
    FROM exchange_summary AS s JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
    WHERE s.hour >= :day AND s.hour < :day + 86400 AND s.status <> 'failed'
), expected AS (
    SELECT exchange_id, count(*) AS hours FROM exchange_hour
    WHERE hour >= :day AND hour < :day + 86400 AND expected = 1 GROUP BY exchange_id
), figures AS (
    SELECT exchange_id, count(*) AS hours, max(whole_volume) AS volume_high, min(whole_volume) AS volume_low,
        avg(whole_volume) AS volume_mean, max(whole_oi) AS open_interest_high,
        min(whole_oi) AS open_interest_low, avg(whole_oi) AS open_interest_mean,
        max(funding_rate) AS funding_rate_high, min(funding_rate) AS funding_rate_low,
        avg(funding_rate) AS funding_rate_mean
    FROM good GROUP BY exchange_id
), liquidations AS (
    SELECT exchange_id, sum(long_usd) AS long_usd, sum(short_usd) AS short_usd,
        CASE WHEN count(count) = count(*) THEN sum(count) END AS count
    FROM liquidation_summary
    WHERE hour >= :day AND hour < :day + 86400 AND truth <> 'none' GROUP BY exchange_id
)
SELECT :day, e.exchange_id, coalesce(f.hours, 0), e.hours, coalesce(f.hours, 0) / 24.0,
    (SELECT whole_volume FROM good AS o WHERE o.exchange_id = e.exchange_id AND whole_volume IS NOT NULL
        ORDER BY hour LIMIT 1),
    f.volume_high, f.volume_low,
    (SELECT whole_volume FROM good AS o WHERE o.exchange_id = e.exchange_id AND whole_volume IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    f.volume_mean,
    (SELECT whole_oi FROM good AS o WHERE o.exchange_id = e.exchange_id AND whole_oi IS NOT NULL
        ORDER BY hour LIMIT 1),
    f.open_interest_high, f.open_interest_low,
    (SELECT whole_oi FROM good AS o WHERE o.exchange_id = e.exchange_id AND whole_oi IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    f.open_interest_mean,
    (SELECT funding_rate FROM good AS o WHERE o.exchange_id = e.exchange_id AND funding_rate IS NOT NULL
        ORDER BY hour LIMIT 1),
    f.funding_rate_high, f.funding_rate_low,
    (SELECT funding_rate FROM good AS o WHERE o.exchange_id = e.exchange_id AND funding_rate IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    f.funding_rate_mean,
    (SELECT price_change FROM good AS o WHERE o.exchange_id = e.exchange_id AND price_change IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    (SELECT markets FROM good AS o WHERE o.exchange_id = e.exchange_id AND markets IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    l.long_usd, l.short_usd, l.count
FROM expected AS e LEFT JOIN figures AS f USING (exchange_id) LEFT JOIN liquidations AS l USING (exchange_id)
WHERE NOT EXISTS (
    SELECT 1 FROM exchange_day AS k
    WHERE k.day = :day AND k.exchange_id = e.exchange_id AND k.hours > coalesce(f.hours, 0));
