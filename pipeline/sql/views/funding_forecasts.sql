-- What funding is forecast to be, as the facts up to the hour show it, beside what the exchange showed itself and what came.
-- `target` is `next`, the settlement at `settles_at_ms` after `lead_h` hours, whose rates are for `interval_h` hours, or
-- `next8`, the sum of the settlements of the next eight hours, whose rates are for eight: comparable between exchanges.
-- Rates are fractions of notional, positive where longs pay; `_bps_8h` is basis points for eight hours. `low` to `high` holds
-- at least 80 % of outcomes by past errors (NULL: fewer than 100 of them). `method` is `model` only where that has beaten the
-- exchange's own estimate. `realised` is what settled, as known today (NULL: not known yet, or never). Coins of FOCUS_ASSETS
-- of which settlements are stored; ask by `hour`.
CREATE VIEW funding_forecasts AS
SELECT
    f.hour, h.hour_utc, f.exchange_id, e.name AS exchange, f.symbol, f.asset, f.target, f.settles_at_ms,
    strftime('%Y-%m-%d %H:%M:%S', f.settles_at_ms / 1000, 'unixepoch') AS settles_at_utc, f.lead_h, f.interval_h,
    f.method, f.rate, f.low, f.high, f.displayed, f.displayed_low, f.displayed_high, f.model, f.last_settled, f.habit,
    f.default_rate, f.realised, f.rate * f.scale AS rate_8h, f.realised * f.scale AS realised_8h,
    10000.0 * f.rate * f.scale AS rate_bps_8h, 10000.0 * f.displayed * f.scale AS displayed_bps_8h,
    10000.0 * f.realised * f.scale AS realised_bps_8h, f.family, f.interest_8h, f.n_train, f.n_resid, f.flags,
    f.realised_hour
FROM hour AS h
CROSS JOIN (
    SELECT *, CASE target WHEN 'next' THEN 8.0 / interval_h ELSE 1.0 END AS scale FROM funding_forecast
) AS f
JOIN exchange AS e ON e.exchange_id = f.exchange_id
WHERE f.hour = h.hour AND h.sealed = 1;
