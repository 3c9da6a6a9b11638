-- The perpetual above or below the spot price of the same coin, quote and exchange, in percent; both observed
-- within a minute. Positive: the perpetual is dearer. Coins only, and only those whose spot market is asked for
-- (`FOCUS_ASSETS`).
CREATE VIEW bases AS
SELECT
    p.hour, p.hour_utc, p.exchange_id, p.exchange, p.asset, p.quote, p.symbol AS perpetual_symbol,
    s.symbol AS spot_symbol, p.price AS perpetual_price, s.price AS spot_price,
    100.0 * (p.price - s.price) / s.price AS basis_percent, p.funding_rate_8h, p.funding_apr
FROM reference_perpetuals AS p
JOIN (
    SELECT
        hour, exchange_id, symbol, asset, quote, observed_at_ms,
        CASE
            WHEN bid_price > 0 AND ask_price >= bid_price
                AND (ask_price - bid_price) / ((ask_price + bid_price) / 2.0) <= 0.005
            THEN (ask_price + bid_price) / 2.0
            ELSE last_price
        END AS price
    FROM spot_ticker
) AS s ON s.hour = p.hour AND s.exchange_id = p.exchange_id AND s.asset = p.asset AND s.quote = p.quote
WHERE p.asset_class IN ('crypto', 'unknown') AND s.price > 0 AND abs(p.observed_at_ms - s.observed_at_ms) <= 60000;
