-- How the holders of a contract are split, each fact once, as the earliest sealed hour whose file states it has it.
-- `period` is in lower case for all exchanges ('1h'; OKX writes '1H'). `ratio` is longs over shorts as sent; the
-- fractions are from 0 to 1 and hold accounts, positions or taker volume, as `population` says. Only coins of
-- `FOCUS_ASSETS` are asked for.
CREATE VIEW long_short_ratios AS
SELECT
    h.hour, h.hour_utc, l.exchange_id, e.name AS exchange, l.symbol, l.asset, l.population,
    lower(l.period) AS period, l.observed_at_ms, l.ratio, l.long_fraction, l.short_fraction
FROM hour AS h
JOIN long_short AS l ON l.hour = h.hour
JOIN exchange AS e ON e.exchange_id = l.exchange_id
WHERE +h.sealed = 1
    -- From the hour before the one observed on: the first file that states a fact is found at once.
    AND NOT EXISTS (
        SELECT 1
        FROM hour AS s
        JOIN long_short AS o ON o.hour = s.hour
        WHERE s.hour >= l.observed_at_ms / 1000 - 7200 AND s.hour < l.hour AND +s.sealed = 1
            AND o.exchange_id = l.exchange_id AND o.symbol = l.symbol AND o.population = l.population
            AND o.period = l.period AND o.observed_at_ms = l.observed_at_ms
    );
