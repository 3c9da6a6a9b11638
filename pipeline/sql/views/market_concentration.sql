-- How concentrated the volume is: the sum of squared shares (HHI), its level, and the number of equal venues
-- that would give the same. Compare hours with equal `venues` only.
CREATE VIEW market_concentration AS
SELECT
    hour, count(*) AS venues, sum(volume_percent * volume_percent) AS hhi,
    CASE
        WHEN sum(volume_percent * volume_percent) > 2500 THEN 'High'
        WHEN sum(volume_percent * volume_percent) > 1500 THEN 'Moderate'
        ELSE 'Low'
    END AS level,
    10000 / sum(volume_percent * volume_percent) AS effective_venues,
    sum(volume_percent) FILTER (WHERE exchange_type = 'CEX') AS cex_volume_percent,
    sum(volume_percent) FILTER (WHERE exchange_type = 'DEX') AS dex_volume_percent,
    sum(open_interest_percent) FILTER (WHERE exchange_type = 'CEX') AS cex_open_interest_percent,
    sum(open_interest_percent) FILTER (WHERE exchange_type = 'DEX') AS dex_open_interest_percent,
    min(coverage) AS coverage
FROM market_shares
GROUP BY hour;
