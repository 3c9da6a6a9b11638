-- What being short on one exchange and long on another pays, for each asset of any class and pair of exchanges, each
-- leg on its own funding interval. `_apr` is percent per year: `gross_apr` is before fees, `net_apr` after opening
-- and closing both legs as a taker when they are held for `hold_days`; fees are fractions of notional. Left out are
-- legs under five million dollars of volume, and legs observed more than ten minutes apart. `entry_gap_bps`: how much
-- dearer the short leg is. `capacity_usd`: the smaller of the legs'.
CREATE VIEW all_funding_spreads AS
SELECT
    s.hour, s.hour_utc, s.asset, s.asset_class, s.exchange_id AS short_exchange_id, s.exchange AS short_exchange,
    s.symbol AS short_symbol, l.exchange_id AS long_exchange_id, l.exchange AS long_exchange,
    l.symbol AS long_symbol, 100.0 * s.funding_rate_annualized AS short_apr,
    100.0 * l.funding_rate_annualized AS long_apr,
    100.0 * (s.funding_rate_annualized - l.funding_rate_annualized) AS gross_apr,
    100.0 * (s.funding_rate_annualized - l.funding_rate_annualized)
        - 100.0 * 2.0 * (s.taker_fee + l.taker_fee) * 365.0 / 7.0 AS net_apr,
    7 AS hold_days, s.taker_fee AS short_taker_fee, l.taker_fee AS long_taker_fee,
    s.funding_interval_hours AS short_interval_hours, l.funding_interval_hours AS long_interval_hours,
    10000.0 * (s.price - l.price) / l.price AS entry_gap_bps,
    CASE
        WHEN s.capacity_usd <= l.capacity_usd THEN s.capacity_usd
        WHEN s.capacity_usd > l.capacity_usd THEN l.capacity_usd
    END AS capacity_usd
FROM reference_perpetuals AS s
JOIN reference_perpetuals AS l ON l.hour = s.hour AND l.asset = s.asset
WHERE s.exchange_id <> l.exchange_id AND s.funding_rate_annualized - l.funding_rate_annualized >= 1e-6
    AND s.volume_usd_24h >= 5e6 AND l.volume_usd_24h >= 5e6
    AND abs(s.observed_at_ms - l.observed_at_ms) <= 600000;
