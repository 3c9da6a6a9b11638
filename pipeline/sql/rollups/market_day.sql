-- Rolls the hours of the day that begins at :day up into one row per model. A row that was made from more hours,
-- before some of them were removed, is left as it is. Volume and open interest use only reported figures of the hours in
-- which no exchange lacked them: a hole does not count as a low, and carried figures are not counted.
INSERT OR REPLACE INTO market_day (
    day, model, hours, insufficient_hours, coverage, composite_score_open, composite_score_high,
    composite_score_low, composite_score_close, composite_score_mean, total_volume_open, total_volume_high,
    total_volume_low, total_volume_close, total_volume_mean, total_oi_open, total_oi_high, total_oi_low,
    total_oi_close, total_oi_mean, funding_rate_open, funding_rate_high, funding_rate_low, funding_rate_close,
    funding_rate_mean, price_change_close, long_pct_mean, volume_coverage_mean, quality_mean, bullish_hours,
    neutral_hours, bearish_hours, liquidation_long_usd, liquidation_short_usd, cascade_score_high)
WITH good AS MATERIALIZED (
    SELECT s.*,
        CASE WHEN s.volume_missing = 0 THEN coalesce(s.total_volume_reported, s.total_volume) END AS whole_volume,
        CASE WHEN s.oi_missing = 0 THEN coalesce(s.total_oi_reported, s.total_oi) END AS whole_oi
    FROM market_summary AS s JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
    WHERE s.hour >= :day AND s.hour < :day + 86400 AND s.status = 'ok'
), counted AS (
    SELECT s.model, count(*) FILTER (WHERE s.status = 'ok') AS hours,
        count(*) FILTER (WHERE s.status = 'insufficient') AS insufficient
    FROM market_summary AS s JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
    WHERE s.hour >= :day AND s.hour < :day + 86400 GROUP BY s.model
), figures AS (
    SELECT model, max(composite_score) AS score_high, min(composite_score) AS score_low,
        avg(composite_score) AS score_mean, max(whole_volume) AS volume_high, min(whole_volume) AS volume_low,
        avg(whole_volume) AS volume_mean, max(whole_oi) AS oi_high, min(whole_oi) AS oi_low,
        avg(whole_oi) AS oi_mean, max(funding_rate) AS funding_high, min(funding_rate) AS funding_low,
        avg(funding_rate) AS funding_mean, avg(long_pct) AS long_pct_mean,
        avg(coalesce(volume_coverage, coverage)) AS coverage_mean,
        avg(quality) AS quality_mean, count(*) FILTER (WHERE sentiment = 'BULLISH') AS bullish,
        count(*) FILTER (WHERE sentiment = 'NEUTRAL') AS neutral,
        count(*) FILTER (WHERE sentiment = 'BEARISH') AS bearish
    FROM good GROUP BY model
), liquidations AS (
    SELECT sum(long_usd) AS long_usd, sum(short_usd) AS short_usd, max(seed_score) AS seed_score,
        max(score) AS score
    FROM market_liquidation
    WHERE hour >= :day AND hour < :day + 86400 AND window_hours = 1 AND reporting_venues > 0
)
SELECT :day, m.model, m.hours, m.insufficient, m.hours / 24.0,
    (SELECT composite_score FROM good AS o WHERE o.model = m.model AND composite_score IS NOT NULL
        ORDER BY hour LIMIT 1),
    f.score_high, f.score_low,
    (SELECT composite_score FROM good AS o WHERE o.model = m.model AND composite_score IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    f.score_mean,
    (SELECT whole_volume FROM good AS o WHERE o.model = m.model AND whole_volume IS NOT NULL
        ORDER BY hour LIMIT 1),
    f.volume_high, f.volume_low,
    (SELECT whole_volume FROM good AS o WHERE o.model = m.model AND whole_volume IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    f.volume_mean,
    (SELECT whole_oi FROM good AS o WHERE o.model = m.model AND whole_oi IS NOT NULL
        ORDER BY hour LIMIT 1),
    f.oi_high, f.oi_low,
    (SELECT whole_oi FROM good AS o WHERE o.model = m.model AND whole_oi IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    f.oi_mean,
    (SELECT funding_rate FROM good AS o WHERE o.model = m.model AND funding_rate IS NOT NULL
        ORDER BY hour LIMIT 1),
    f.funding_high, f.funding_low,
    (SELECT funding_rate FROM good AS o WHERE o.model = m.model AND funding_rate IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    f.funding_mean,
    (SELECT price_change FROM good AS o WHERE o.model = m.model AND price_change IS NOT NULL
        ORDER BY hour DESC LIMIT 1),
    f.long_pct_mean,
    f.coverage_mean, f.quality_mean, coalesce(f.bullish, 0), coalesce(f.neutral, 0), coalesce(f.bearish, 0),
    l.long_usd, l.short_usd, CASE m.model WHEN 'v2' THEN l.score ELSE l.seed_score END
FROM counted AS m LEFT JOIN figures AS f USING (model) CROSS JOIN liquidations AS l
WHERE NOT EXISTS (
    SELECT 1 FROM market_day AS k WHERE k.day = :day AND k.model = m.model AND k.hours > m.hours);
