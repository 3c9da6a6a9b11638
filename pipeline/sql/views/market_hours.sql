-- The market hour by hour, as the model in `setting` sees it, every sealed hour: an insufficient one has its status
-- and no score. Volume and open interest are dollars of coins; `total_` holds what was carried of exchanges that are
-- absent for a few hours, `_reported` does not. Changes, `_percent` and divergence are in percent, coverage, quality,
-- confidence and `long_fraction` from 0 to 1, growth is a logarithm. `funding_percent` is for eight hours; under
-- seed-v1 for each exchange's own interval. `sentiment` is the plain word. Newest first.
CREATE VIEW market_hours AS
SELECT
    m.hour, h.hour_utc, m.model, m.status, m.composite_score, m.sentiment, m.strength, m.total_volume,
    m.total_volume_reported, m.volume_carried_usd, m.volume_change_24h, m.volume_coverage, m.volume_missing,
    m.total_oi, m.total_oi_reported, m.oi_carried_usd, m.oi_change_24h, m.oi_coverage, m.oi_missing,
    m.compared_exchanges, m.carried_age_h, m.exchanges_count, m.exchanges_expected, m.exchanges_unknown,
    m.cex_volume, m.dex_volume, m.oi_vol_ratio, m.funding_rate AS funding_percent,
    m.price_change AS price_change_percent, m.funding_divergence AS funding_divergence_percent,
    m.long_pct AS long_fraction, m.oi_growth_1h, m.oi_growth_24h, m.mark_change_1h, m.funding_coverage,
    m.price_coverage, m.coverage, m.quality, m.confidence, m.flags
FROM market_summary AS m
JOIN hour AS h ON h.hour = m.hour AND h.sealed = 1
WHERE m.model = (SELECT value FROM setting WHERE name = 'sentiment_model')
ORDER BY m.hour DESC;
