-- How good the forecasts of a contract were, over those whose outcome is known, by target and lead; `lead_h` is NULL for all
-- leads together. Errors are means of absolute errors, and widths means, in basis points of notional for eight hours. A
-- skill is the share of a baseline's error that the forecasts saved, over the forecasts at which the baseline was known:
-- 0 or less is no better. `coverage` is the share of outcomes inside the interval, of which it asks 0.8. A skill may be luck:
-- `make forecasts` says by how many standard errors it is apart from chance, which no view can.
CREATE VIEW forecast_skill AS
SELECT
    s.exchange_id, e.name AS exchange, s.symbol, s.asset, s.target, s.lead_h, s.n, s.error_bps, s.displayed_error_bps,
    s.last_error_bps, s.habit_error_bps, s.default_error_bps,
    1.0 - s.against_displayed_bps / nullif(s.displayed_error_bps, 0.0) AS skill_against_displayed,
    1.0 - s.against_last_bps / nullif(s.last_error_bps, 0.0) AS skill_against_last,
    1.0 - s.against_habit_bps / nullif(s.habit_error_bps, 0.0) AS skill_against_habit,
    1.0 - s.error_bps / nullif(s.default_error_bps, 0.0) AS skill_against_default, s.n_intervals, s.coverage,
    s.width_bps
FROM (
    SELECT
        exchange_id, symbol, max(asset) AS asset, target, lead_h, count(*) AS n, avg(error) AS error_bps,
        avg(displayed_error) AS displayed_error_bps, avg(last_error) AS last_error_bps,
        avg(habit_error) AS habit_error_bps, avg(default_error) AS default_error_bps,
        avg(CASE WHEN displayed_error IS NOT NULL THEN error END) AS against_displayed_bps,
        avg(CASE WHEN last_error IS NOT NULL THEN error END) AS against_last_bps,
        avg(CASE WHEN habit_error IS NOT NULL THEN error END) AS against_habit_bps,
        count(width) AS n_intervals, avg(held) AS coverage, avg(width) AS width_bps
    FROM (
        SELECT
            f.exchange_id, f.symbol, f.asset, f.target,
            CASE leads.is_all WHEN 0 THEN f.lead_h END AS lead_h, abs(f.rate - f.realised) * f.bps AS error,
            abs(f.displayed - f.realised) * f.bps AS displayed_error,
            abs(f.last_settled - f.realised) * f.bps AS last_error, abs(f.habit - f.realised) * f.bps AS habit_error,
            abs(f.default_rate - f.realised) * f.bps AS default_error, (f.high - f.low) * f.bps AS width,
            CASE
                WHEN f.low IS NULL THEN NULL
                WHEN f.realised BETWEEN f.low AND f.high THEN 1.0
                WHEN f.realised NOT BETWEEN f.low AND f.high THEN 0.0
            END AS held
        FROM (
            SELECT *, CASE target WHEN 'next' THEN 80000.0 / interval_h ELSE 10000.0 END AS bps
            FROM funding_forecast
            WHERE realised IS NOT NULL
        ) AS f
        JOIN hour AS h ON h.hour = f.hour AND +h.sealed = 1
        CROSS JOIN (SELECT 0 AS is_all UNION ALL SELECT 1) AS leads
    ) AS measured
    GROUP BY exchange_id, symbol, target, lead_h
) AS s
JOIN exchange AS e ON e.exchange_id = s.exchange_id;
