-- How concentrated the reported volume is: the sum of squared shares in percent (HHI, 10000 is one exchange), its
-- level, and the number of equal exchanges that would give the same. Compare hours with equal `venues` only;
-- `exchanges_expected` is how many there should be. Newest first.
CREATE VIEW market_concentration AS
SELECT
    hour, max(hour_utc) AS hour_utc, count(*) AS venues, max(exchanges_count) AS exchanges_count,
    max(exchanges_expected) AS exchanges_expected, sum(volume_percent * volume_percent) AS hhi,
    CASE
        WHEN sum(volume_percent * volume_percent) > 2500 THEN 'High'
        WHEN sum(volume_percent * volume_percent) > 1500 THEN 'Moderate'
        ELSE 'Low'
    END AS level,
    10000.0 / sum(volume_percent * volume_percent) AS effective_venues,
    sum(volume_percent) FILTER (WHERE exchange_type = 'CEX') AS cex_volume_percent,
    sum(volume_percent) FILTER (WHERE exchange_type = 'DEX') AS dex_volume_percent,
    sum(open_interest_percent) FILTER (WHERE exchange_type = 'CEX') AS cex_open_interest_percent,
    sum(open_interest_percent) FILTER (WHERE exchange_type = 'DEX') AS dex_open_interest_percent,
    min(coverage) AS coverage
FROM market_shares
GROUP BY hour
ORDER BY hour DESC;
