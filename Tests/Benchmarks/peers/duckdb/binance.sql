-- Binance, and AsterDEX in its shapes.
WITH line AS MATERIALIZED (
    SELECT
        hour,
        CASE endpoint WHEN 'exchange_info' THEN from_json(body, '{"symbols": [{
            "symbol": "VARCHAR", "contractType": "VARCHAR", "status": "VARCHAR", "baseAsset": "VARCHAR",
            "quoteAsset": "VARCHAR", "underlyingType": "VARCHAR", "underlyingSubType": ["VARCHAR"],
            "symbolType": "DOUBLE"}]}').symbols END AS instruments,
        CASE endpoint WHEN 'ticker_24hr' THEN from_json(body, '[{
            "symbol": "VARCHAR", "priceChangePercent": "DOUBLE", "lastPrice": "DOUBLE", "volume": "DOUBLE",
            "quoteVolume": "DOUBLE", "count": "BIGINT", "closeTime": "BIGINT"}]') END AS days,
        CASE endpoint WHEN 'premium_index' THEN from_json(body, '[{
            "symbol": "VARCHAR", "markPrice": "DOUBLE", "indexPrice": "DOUBLE", "lastFundingRate": "DOUBLE",
            "nextFundingTime": "BIGINT", "time": "BIGINT"}]') END AS premiums,
        CASE endpoint WHEN 'book_ticker' THEN from_json(body, '[{
            "symbol": "VARCHAR", "bidPrice": "DOUBLE", "askPrice": "DOUBLE"}]') END AS books,
        CASE endpoint WHEN 'funding_info' THEN from_json(body, '[{
            "symbol": "VARCHAR", "fundingIntervalHours": "DOUBLE"}]') END AS fundings,
        CASE endpoint WHEN 'open_interest' THEN from_json(body, '{
            "symbol": "VARCHAR", "openInterest": "DOUBLE"}') END AS interest
    FROM lines(getvariable('files'))
), instrument AS (
    SELECT hour, unnest(instruments, recursive := true) FROM line
), day AS (
    SELECT hour, unnest(days, recursive := true) FROM line
), premium AS (
    SELECT hour, unnest(premiums, recursive := true) FROM line
), book AS (
    SELECT hour, unnest(books, recursive := true) FROM line
), funding AS (
    SELECT hour, unnest(fundings, recursive := true) FROM line
), interest AS (
    SELECT hour, unnest(interest) FROM line WHERE interest IS NOT NULL
)
SELECT
    hour, symbol, baseAsset AS base,
    CASE getvariable('exchange')
        WHEN 'aster' THEN aster_class(symbolType, underlyingSubType)
        ELSE binance_class(contractType, underlyingType)
    END AS stated_class,
    quoteAsset AS quote, 'linear' AS kind,
    CASE WHEN regexp_matches(contractType, '^(CURRENT|NEXT)_') THEN 'dated' ELSE 'perpetual' END AS contract,
    1 AS multiplier, positive(lastPrice) AS last, positive(markPrice) AS mark, positive(indexPrice) AS index,
    positive(bidPrice) AS bid, positive(askPrice) AS ask, volume AS volume_base, quoteVolume AS volume_quote,
    openInterest AS oi_contracts, openInterest AS oi_base,
    CASE WHEN nextFundingTime > 0 THEN lastFundingRate END AS rate,
    -- Binance lists the contracts whose interval is not 8 hours; AsterDEX lists all.
    coalesce(
        fundingIntervalHours,
        CASE WHEN getvariable('exchange') = 'binance' AND hour IN (SELECT hour FROM funding) THEN 8 END) AS interval,
    nullif(nextFundingTime, 0) AS next, priceChangePercent / 100 AS change, "count" AS trades,
    coalesce(time, closeTime) AS observed
FROM instrument
LEFT JOIN day USING (hour, symbol)
LEFT JOIN premium USING (hour, symbol)
LEFT JOIN book USING (hour, symbol)
LEFT JOIN funding USING (hour, symbol)
LEFT JOIN interest USING (hour, symbol)
WHERE status = 'TRADING'
