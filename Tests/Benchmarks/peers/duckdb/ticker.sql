-- Goes on from `WITH venue AS (a venue's query),`: its drafts in canonical units, which are prices and base quantities
-- a coin and values in dollars.
draft AS (
    SELECT *, class_of(base, stated_class) AS asset_class
    FROM (FROM draft_columns UNION ALL BY NAME (FROM venue))
    -- An index or an interval alone makes no ticker.
    WHERE coalesce(last, mark, bid, ask, volume_contracts, volume_base, volume_quote, oi_contracts, rate) IS NOT NULL
), sized AS (
    SELECT
        * REPLACE (
            CASE kind WHEN 'linear' THEN coalesce(volume_base, volume_contracts * multiplier) ELSE volume_base END
                AS volume_base,
            CASE kind WHEN 'linear' THEN coalesce(oi_base, oi_contracts * multiplier) ELSE oi_base END AS oi_base),
        coalesce(mark, last) AS price, quote IN ('USDT', 'USDC', 'USD') AS in_dollars,
        unit_of(base, getvariable('exchange'), asset_class) AS unit,
        contract = 'perpetual' AND rate IS NOT NULL AS has_funding
    FROM draft
), valued AS (
    SELECT
        * REPLACE (
            CASE kind
                WHEN 'linear' THEN coalesce(volume_quote, volume_base * last)
                WHEN 'inverse' THEN coalesce(volume_quote, volume_contracts * multiplier)
                ELSE volume_quote
            END AS volume_quote,
            CASE kind
                WHEN 'linear' THEN coalesce(oi_quote, oi_base * price)
                WHEN 'inverse' THEN coalesce(oi_quote, oi_contracts * multiplier)
                ELSE oi_quote
            END AS oi_quote)
    FROM sized
)
SELECT
    hour, getvariable('exchange') AS exchange, symbol, asset_of(base, getvariable('exchange'), asset_class) AS asset,
    asset_class, quote, kind, contract, last / unit AS last_price, mark / unit AS mark_price,
    index / unit AS index_price, bid / unit AS bid_price, ask / unit AS ask_price,
    volume_base * unit AS volume_base_24h, CASE WHEN in_dollars THEN volume_quote END AS volume_usd_24h,
    oi_contracts AS open_interest_contracts,
    CASE kind WHEN 'inverse' THEN coalesce(oi_base, oi_quote / price) ELSE oi_base END * unit AS open_interest_base,
    CASE WHEN in_dollars THEN oi_quote END AS open_interest_usd,
    CASE WHEN has_funding THEN rate END AS funding_rate,
    CASE WHEN has_funding THEN interval END AS funding_interval_hours,
    CASE WHEN has_funding THEN rate * 8 / interval END AS funding_rate_8h,
    CASE WHEN has_funding THEN next END AS next_funding_at_ms, change AS price_change_24h, trades AS trades_24h,
    observed AS observed_at_ms
FROM valued
