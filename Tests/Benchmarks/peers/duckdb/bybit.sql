WITH line AS MATERIALIZED (
    SELECT
        hour,
        CASE WHEN endpoint IN ('instruments', 'instruments_prelaunch') THEN from_json(body, '{"result": {"list": [{
            "symbol": "VARCHAR", "baseCoin": "VARCHAR", "quoteCoin": "VARCHAR", "contractType": "VARCHAR",
            "status": "VARCHAR", "fundingInterval": "DOUBLE",
            "symbolType": "VARCHAR"}]}}').result.list END AS instruments,
        CASE endpoint WHEN 'tickers' THEN from_json(body, '{"time": "BIGINT", "result": {"list": [{
            "symbol": "VARCHAR", "lastPrice": "DOUBLE", "indexPrice": "DOUBLE", "markPrice": "DOUBLE",
            "price24hPcnt": "DOUBLE", "ask1Price": "DOUBLE", "bid1Price": "DOUBLE", "volume24h": "DOUBLE",
            "turnover24h": "DOUBLE", "fundingRate": "DOUBLE", "nextFundingTime": "BIGINT",
            "fundingIntervalHour": "DOUBLE", "singleOpenInterest": "DOUBLE", "singleOpenInterestValue": "DOUBLE",
            "openInterest": "DOUBLE", "openInterestValue": "DOUBLE"}]}}') END AS day
    FROM lines(getvariable('files'))
), instrument AS (
    SELECT hour, unnest(instruments, recursive := true) FROM line
), day AS (
    SELECT
        -- Sums of open interest are of both sides since 2023-11-14.
        hour, day.time, CASE WHEN day.time < 1699920000000 THEN 1 ELSE 0.5 END AS side,
        unnest(day.result.list, recursive := true)
    FROM line
)
SELECT
    hour, symbol, baseCoin AS base, bybit_class(symbolType) AS stated_class, quoteCoin AS quote,
    CASE WHEN starts_with(contractType, 'Inverse') THEN 'inverse' ELSE 'linear' END AS kind,
    CASE WHEN ends_with(contractType, 'Futures') THEN 'dated' ELSE 'perpetual' END AS contract, 1 AS multiplier,
    positive(lastPrice) AS last, positive(markPrice) AS mark, positive(indexPrice) AS index,
    positive(bid1Price) AS bid, positive(ask1Price) AS ask, volume24h AS volume_base, turnover24h AS volume_quote,
    coalesce(singleOpenInterest, openInterest * side) AS oi_contracts, oi_contracts AS oi_base,
    coalesce(singleOpenInterestValue, openInterestValue * side) AS oi_quote, fundingRate AS rate,
    coalesce(positive(fundingIntervalHour), CASE WHEN fundingInterval >= 60 THEN fundingInterval / 60 END)
        AS interval,
    nullif(nextFundingTime, 0) AS next, price24hPcnt AS change, time AS observed
FROM instrument
JOIN day USING (hour, symbol)
WHERE status = 'Trading'
