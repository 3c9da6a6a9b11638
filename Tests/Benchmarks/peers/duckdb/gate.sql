WITH line AS MATERIALIZED (
    SELECT
        hour, received_at_ms,
        CASE endpoint WHEN 'contracts' THEN from_json(body, '[{
            "name": "VARCHAR", "status": "VARCHAR", "in_delisting": "BOOLEAN", "quanto_multiplier": "DOUBLE",
            "funding_interval": "DOUBLE", "last_price": "DOUBLE", "mark_price": "DOUBLE", "index_price": "DOUBLE",
            "funding_rate": "DOUBLE", "funding_next_apply": "DOUBLE", "position_size": "DOUBLE",
            "contract_type": "VARCHAR"}]') END AS contracts,
        CASE endpoint WHEN 'tickers' THEN from_json(body, '[{
            "contract": "VARCHAR", "last": "DOUBLE", "mark_price": "DOUBLE", "index_price": "DOUBLE",
            "change_percentage": "DOUBLE", "total_size": "DOUBLE", "volume_24h": "DOUBLE",
            "volume_24h_settle": "DOUBLE", "volume_24h_quote": "DOUBLE", "funding_rate": "DOUBLE",
            "highest_bid": "DOUBLE", "lowest_ask": "DOUBLE"}]') END AS days
    FROM lines(getvariable('files'))
), listed AS (
    SELECT hour, received_at_ms, unnest(contracts, recursive := true) FROM line
), day AS (
    SELECT hour, received_at_ms, unnest(days, recursive := true) FROM line
)
SELECT
    l.hour, name AS symbol, split_part(name, '_', 1) AS base, gate_class(contract_type) AS stated_class,
    split_part(name, '_', 2) AS quote, 'linear' AS kind, 'perpetual' AS contract,
    positive(quanto_multiplier) AS multiplier, coalesce(positive(last), positive(last_price)) AS last,
    coalesce(positive(d.mark_price), positive(l.mark_price)) AS mark,
    coalesce(positive(d.index_price), positive(l.index_price)) AS index,
    positive(highest_bid) AS bid, positive(lowest_ask) AS ask, volume_24h AS volume_contracts,
    coalesce(volume_24h_settle, volume_24h_quote) AS volume_quote,
    -- The contracts state one side, the tickers the sum of both.
    coalesce(position_size, total_size / 2) AS oi_contracts, coalesce(l.funding_rate, d.funding_rate) AS rate,
    positive(funding_interval) / 3600 AS interval, nullif(funding_next_apply * 1000, 0)::BIGINT AS next,
    change_percentage / 100 AS change, coalesce(d.received_at_ms, l.received_at_ms) AS observed
FROM listed AS l
LEFT JOIN day AS d ON d.hour = l.hour AND d.contract = l.name
WHERE coalesce(nullif(status, ''), 'trading') = 'trading' AND in_delisting IS NOT TRUE
