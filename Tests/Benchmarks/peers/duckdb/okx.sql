WITH line AS MATERIALIZED (
    SELECT
        hour,
        CASE endpoint WHEN 'instruments' THEN from_json(body, '{"data": [{
            "instId": "VARCHAR", "instFamily": "VARCHAR", "uly": "VARCHAR", "ctVal": "DOUBLE", "ctMult": "DOUBLE",
            "ctType": "VARCHAR", "state": "VARCHAR", "instCategory": "VARCHAR"}]}').data END AS instruments,
        CASE endpoint WHEN 'tickers' THEN from_json(body, '{"data": [{
            "instId": "VARCHAR", "last": "DOUBLE", "open24h": "DOUBLE", "askPx": "DOUBLE", "bidPx": "DOUBLE",
            "volCcy24h": "DOUBLE", "vol24h": "DOUBLE", "ts": "BIGINT"}]}').data END AS days,
        CASE endpoint WHEN 'open_interest' THEN from_json(body, '{"data": [{
            "instId": "VARCHAR", "oi": "DOUBLE", "oiCcy": "DOUBLE", "oiUsd": "DOUBLE"}]}').data END AS interests,
        CASE endpoint WHEN 'funding_rate' THEN from_json(body, '{"data": [{
            "instId": "VARCHAR", "fundingRate": "DOUBLE", "fundingTime": "BIGINT", "prevFundingTime": "BIGINT",
            "nextFundingTime": "BIGINT"}]}').data END AS fundings,
        CASE endpoint WHEN 'mark_price' THEN from_json(body, '{"data": [{
            "instId": "VARCHAR", "markPx": "DOUBLE"}]}').data END AS marks,
        CASE endpoint WHEN 'index_tickers' THEN from_json(body, '{"data": [{
            "instId": "VARCHAR", "idxPx": "DOUBLE"}]}').data END AS indices
    FROM lines(getvariable('files'))
), instrument AS (
    SELECT
        *, coalesce(nullif(uly, ''), regexp_replace(instFamily, '_UM$', '')) AS pair, split_part(pair, '-', 1) AS base,
        split_part(pair, '-', 2) AS quote
    FROM (SELECT hour, unnest(instruments, recursive := true) FROM line)
    WHERE state = 'live'
), day AS (
    SELECT hour, unnest(days, recursive := true) FROM line
), interest AS (
    SELECT hour, unnest(interests, recursive := true) FROM line
), funding AS (
    SELECT hour, unnest(fundings, recursive := true) FROM line
), mark AS (
    SELECT hour, unnest(marks, recursive := true) FROM line
), indices AS (
    -- An index is named BTC-USD: the pair of the contracts BTC-USD-SWAP and BTC-USD_UM-SWAP.
    SELECT hour, instId AS pair, idxPx FROM (SELECT hour, unnest(indices, recursive := true) FROM line)
)
SELECT
    hour, instId AS symbol, base, okx_class(instCategory) AS stated_class, quote, ctType AS kind,
    'perpetual' AS contract, positive(ctVal) * coalesce(positive(ctMult), 1) AS multiplier,
    positive(last) AS last, positive(markPx) AS mark, positive(idxPx) AS index, positive(bidPx) AS bid,
    positive(askPx) AS ask, vol24h AS volume_contracts, volCcy24h AS volume_base, oi AS oi_contracts,
    oiCcy AS oi_base, oiUsd AS oi_quote, fundingRate AS rate,
    CASE
        WHEN prevFundingTime > 0 AND prevFundingTime < fundingTime THEN (fundingTime - prevFundingTime) / 3600000
        WHEN nextFundingTime > fundingTime AND fundingTime > 0 THEN (nextFundingTime - fundingTime) / 3600000
    END AS interval,
    nullif(fundingTime, 0) AS next, positive(last) / positive(open24h) - 1 AS change, nullif(ts, 0) AS observed
FROM instrument
LEFT JOIN day USING (hour, instId)
LEFT JOIN interest USING (hour, instId)
LEFT JOIN funding USING (hour, instId)
LEFT JOIN mark USING (hour, instId)
LEFT JOIN indices USING (hour, pair)
