WITH line AS MATERIALIZED (
    SELECT
        hour, received_at_ms,
        CASE endpoint WHEN 'contracts' THEN from_json(body, '{"data": [{
            "symbol": "VARCHAR", "baseCoin": "VARCHAR", "quoteCoin": "VARCHAR", "supportMarginCoins": ["VARCHAR"],
            "symbolType": "VARCHAR", "symbolStatus": "VARCHAR", "fundInterval": "DOUBLE",
            "isRwa": "VARCHAR"}]}').data END AS contracts,
        CASE endpoint WHEN 'tickers' THEN from_json(body, '{"data": [{
            "symbol": "VARCHAR", "lastPr": "DOUBLE", "markPrice": "DOUBLE", "indexPrice": "DOUBLE",
            "askPr": "DOUBLE", "bidPr": "DOUBLE", "ts": "BIGINT", "change24h": "DOUBLE", "baseVolume": "DOUBLE",
            "usdtVolume": "DOUBLE", "quoteVolume": "DOUBLE", "fundingRate": "DOUBLE",
            "holdingAmount": "DOUBLE"}]}').data END AS days,
        CASE endpoint WHEN 'current_fund_rate' THEN from_json(body, '{"data": [{
            "symbol": "VARCHAR", "fundingRate": "DOUBLE", "nextUpdate": "BIGINT",
            "fundingRateInterval": "DOUBLE"}]}').data END AS fundings
    FROM lines(getvariable('files'))
), listed AS (
    SELECT hour, unnest(contracts, recursive := true) FROM line
), day AS (
    SELECT hour, unnest(days, recursive := true) FROM line
), funding AS (
    SELECT hour, received_at_ms, unnest(fundings, recursive := true) FROM line
)
SELECT
    hour, symbol, baseCoin AS base,
    CASE WHEN upper(isRwa) = 'YES' THEN coalesce(named.asset_class, 'other') ELSE 'crypto' END AS stated_class,
    quoteCoin AS quote,
    CASE WHEN supportMarginCoins[1] = baseCoin THEN 'inverse' ELSE 'linear' END AS kind,
    CASE WHEN symbolType = 'delivery' THEN 'dated' ELSE 'perpetual' END AS contract, 1 AS multiplier,
    positive(lastPr) AS last, positive(markPrice) AS mark, positive(indexPrice) AS index, positive(bidPr) AS bid,
    positive(askPr) AS ask, baseVolume AS volume_base, coalesce(usdtVolume, quoteVolume) AS volume_quote,
    holdingAmount AS oi_contracts, holdingAmount AS oi_base,
    coalesce(day.fundingRate, funding.fundingRate) AS rate,
    coalesce(positive(fundInterval), positive(fundingRateInterval)) AS interval, nullif(nextUpdate, 0) AS next,
    change24h AS change, coalesce(nullif(ts, 0), received_at_ms) AS observed
FROM listed
LEFT JOIN day USING (hour, symbol)
LEFT JOIN funding USING (hour, symbol)
LEFT JOIN named ON named.name = baseCoin
WHERE symbolStatus = 'normal'
