-- The markets are an object with a member a market.
WITH line AS (
    SELECT hour, received_at_ms, body FROM lines(getvariable('files')) WHERE endpoint = 'perpetual_markets'
), market AS (
    SELECT
        hour, received_at_ms,
        unnest(map_values(from_json(
            body->'markets',
            '"MAP(VARCHAR, STRUCT(ticker VARCHAR, status VARCHAR, oraclePrice DOUBLE, priceChange24H DOUBLE, '
            'volume24H DOUBLE, trades24H BIGINT, nextFundingRate DOUBLE, openInterest DOUBLE))"')), recursive := true)
    FROM line
)
SELECT
    hour, ticker AS symbol, regexp_replace(ticker, '-[^-]*$', '') AS base, 'crypto' AS stated_class,
    split_part(ticker, '-', -1) AS quote, 'linear' AS kind, 'perpetual' AS contract, 1 AS multiplier,
    positive(oraclePrice) AS mark, volume24H AS volume_quote, openInterest AS oi_contracts,
    openInterest AS oi_base, nextFundingRate AS rate, 1 AS interval, next_hour_ms(received_at_ms) AS next,
    priceChange24H / positive(mark - priceChange24H) AS change, trades24H AS trades, received_at_ms AS observed
FROM market
WHERE status = 'ACTIVE'
