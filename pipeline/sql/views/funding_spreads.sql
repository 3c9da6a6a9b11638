-- What being short on one venue and long on another pays a year, for each coin and pair of venues, each leg
-- on its own funding interval; before fees. Legs under five million dollars of volume are left out, and so
-- are legs observed more than ten minutes apart. Ask with `hour`.
CREATE VIEW funding_spreads AS
SELECT
    s.hour, s.asset, s.exchange AS short_exchange, l.exchange AS long_exchange,
    100 * s.funding_rate_annualized AS short_apr, 100 * l.funding_rate_annualized AS long_apr,
    100 * (s.funding_rate_annualized - l.funding_rate_annualized) AS gross_apr,
    s.funding_interval_hours AS short_interval_hours, l.funding_interval_hours AS long_interval_hours,
    10000 * (s.price - l.price) / l.price AS entry_gap_bps,
    min(
        0.01 * s.open_interest_usd, 0.01 * l.open_interest_usd, 0.001 * s.volume_usd_24h, 0.001 * l.volume_usd_24h
    ) AS capacity_usd
FROM reference_perpetuals AS s
JOIN reference_perpetuals AS l ON l.hour = s.hour AND l.asset = s.asset
WHERE s.exchange_id <> l.exchange_id AND s.funding_rate_annualized > l.funding_rate_annualized
    AND s.volume_usd_24h >= 5e6 AND l.volume_usd_24h >= 5e6
    AND abs(s.observed_at_ms - l.observed_at_ms) <= 600000;
