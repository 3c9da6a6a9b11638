-- The perpetual that stands for an asset on an exchange: the linear one with the largest volume (the smaller
-- symbol on a tie), an inverse one where there is no linear one. `price` is the middle of bid and ask where both are
-- quoted within 0.5 %, else the mark price. Only contracts priced in dollars. An asset's name carries its class, so
-- that a stock and a coin of one name are two assets. `capacity_usd`: the smaller of 1 % of open interest and 0.1 %
-- of a day's volume. `taker_fee`: fraction of notional; 0.0005 where the settings have none. The better contract is
-- looked for and not counted by a window, which lets any condition on `hour` reach the tickers. Markets that somebody
-- else runs on an exchange stand for nothing.
CREATE VIEW reference_perpetuals AS
SELECT
    h.hour, h.hour_utc, l.exchange_id, e.name AS exchange, l.symbol, l.asset, l.asset_class, l.quote, l.kind,
    CASE
        WHEN t.bid_price > 0 AND t.ask_price >= t.bid_price
            AND (t.ask_price - t.bid_price) / ((t.ask_price + t.bid_price) / 2.0) <= 0.005
        THEN (t.ask_price + t.bid_price) / 2.0
        ELSE t.mark_price
    END AS price,
    t.mark_price, t.volume_usd_24h, t.open_interest_usd, t.funding_rate, t.funding_interval_hours,
    t.funding_rate * 8.0 / t.funding_interval_hours AS funding_rate_8h,
    t.funding_rate * 8760.0 / t.funding_interval_hours AS funding_rate_annualized,
    100.0 * (t.funding_rate * 8760.0 / t.funding_interval_hours) AS funding_apr, t.next_funding_at_ms,
    t.price_change_24h,
    CASE
        WHEN 0.01 * t.open_interest_usd <= 0.001 * t.volume_usd_24h THEN 0.01 * t.open_interest_usd
        WHEN 0.01 * t.open_interest_usd > 0.001 * t.volume_usd_24h THEN 0.001 * t.volume_usd_24h
    END AS capacity_usd,
    coalesce(e.taker_fee, 0.0005) AS taker_fee, t.observed_at_ms
FROM hour AS h
JOIN ticker AS t ON t.hour = h.hour
JOIN listing AS l ON l.listing_id = t.listing_id
JOIN exchange AS e ON e.exchange_id = l.exchange_id
WHERE +h.sealed = 1 AND l.contract = 'perpetual' AND l.quote IN ('USDT', 'USDC', 'USD')
    AND NOT EXISTS (
        SELECT 1 FROM instrument AS i WHERE i.exchange_id = l.exchange_id AND i.symbol = l.symbol AND i.core = 0
    )
    AND NOT EXISTS (
        SELECT 1
        FROM listing AS o
        JOIN ticker AS b ON b.hour = t.hour AND b.listing_id = o.listing_id
        WHERE o.asset = l.asset AND o.exchange_id = l.exchange_id AND o.listing_id <> l.listing_id
            AND o.contract = 'perpetual' AND o.quote IN ('USDT', 'USDC', 'USD')
            AND NOT EXISTS (
                SELECT 1 FROM instrument AS i WHERE i.exchange_id = o.exchange_id AND i.symbol = o.symbol AND i.core = 0
            )
            AND (
                CASE o.kind WHEN 'linear' THEN 0 WHEN 'inverse' THEN 1 ELSE 2 END
                    < CASE l.kind WHEN 'linear' THEN 0 WHEN 'inverse' THEN 1 ELSE 2 END
                OR (
                    o.kind = l.kind
                    AND (
                        coalesce(b.volume_usd_24h, -1.0) > coalesce(t.volume_usd_24h, -1.0)
                        OR (
                            coalesce(b.volume_usd_24h, -1.0) = coalesce(t.volume_usd_24h, -1.0)
                            AND o.symbol < l.symbol
                        )
                    )
                )
            )
    );
