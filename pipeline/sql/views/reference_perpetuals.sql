-- The perpetual that stands for a coin on a venue: the linear one with the largest volume (the smaller
-- symbol on a tie), an inverse one where there is no linear one. `price` is the middle of bid and ask where
-- both are quoted within 0.5 %, else the mark price. Only contracts priced in dollars. Ask with `hour`.
CREATE VIEW reference_perpetuals AS
SELECT
    hour, exchange_id, exchange, symbol, asset, quote, kind, price, mark_price, volume_usd_24h, open_interest_usd,
    funding_rate, funding_interval_hours, funding_rate_8h,
    funding_rate * 8760 / funding_interval_hours AS funding_rate_annualized, next_funding_at_ms, price_change_24h,
    observed_at_ms
FROM (
    SELECT
        *,
        CASE
            WHEN bid_price > 0 AND ask_price >= bid_price
                AND (ask_price - bid_price) / ((ask_price + bid_price) / 2) <= 0.005
            THEN (ask_price + bid_price) / 2
            ELSE mark_price
        END AS price,
        row_number() OVER (
            PARTITION BY hour, exchange_id, asset
            ORDER BY CASE kind WHEN 'linear' THEN 0 WHEN 'inverse' THEN 1 ELSE 2 END, volume_usd_24h DESC, symbol
        ) AS place
    FROM tickers
    WHERE contract = 'perpetual' AND quote IN ('USDT', 'USDC', 'USD')
)
WHERE place = 1;
