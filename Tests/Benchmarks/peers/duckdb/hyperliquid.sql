-- The answer is a pair of lists: what the markets are, and in the same order how they stand.
WITH line AS (
    SELECT hour, received_at_ms, body FROM lines(getvariable('files')) WHERE endpoint = 'meta_and_asset_ctxs'
), market AS (
    SELECT
        hour, received_at_ms,
        unnest(from_json(body->'$[0].universe', '[{"name": "VARCHAR", "isDelisted": "BOOLEAN"}]'), recursive := true),
        unnest(from_json(body->'$[1]', '[{
            "markPx": "DOUBLE", "oraclePx": "DOUBLE", "funding": "DOUBLE", "openInterest": "DOUBLE",
            "dayNtlVlm": "DOUBLE", "dayBaseVlm": "DOUBLE", "prevDayPx": "DOUBLE"}]'), recursive := true)
    FROM line
)
SELECT
    hour, name AS symbol, name AS base, 'crypto' AS stated_class, 'USDC' AS quote, 'linear' AS kind,
    'perpetual' AS contract, 1 AS multiplier, positive(markPx) AS mark, positive(oraclePx) AS index,
    dayBaseVlm AS volume_base, dayNtlVlm AS volume_quote, openInterest AS oi_contracts, openInterest AS oi_base,
    funding AS rate, 1 AS interval, next_hour_ms(received_at_ms) AS next,
    positive(markPx) / positive(prevDayPx) - 1 AS change, received_at_ms AS observed
FROM market
WHERE isDelisted IS NOT TRUE
