-- `price_spreads` of the latest sealed hour: coins only.
CREATE VIEW latest_price_spreads AS
SELECT
    hour, hour_utc, asset, asset_class, venues, lowest, highest, 100.0 * (highest - lowest) / lowest AS spread_percent,
    lowest_exchange_id, lowest_exchange, highest_exchange_id, highest_exchange
FROM (
    SELECT
        hour, hour_utc, asset, asset_class, count(*) OVER upwards AS venues, first_value(price) OVER upwards AS lowest,
        last_value(price) OVER upwards AS highest, first_value(exchange_id) OVER upwards AS lowest_exchange_id,
        first_value(exchange) OVER upwards AS lowest_exchange,
        last_value(exchange_id) OVER upwards AS highest_exchange_id,
        last_value(exchange) OVER upwards AS highest_exchange, row_number() OVER upwards AS place
    FROM latest_reference_perpetuals
    WHERE asset_class IN ('crypto', 'unknown') AND price > 0 AND volume_usd_24h >= 1e6
    WINDOW
        upwards AS (
            PARTITION BY hour, asset ORDER BY price, exchange_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
) AS placed
WHERE place = 1 AND venues >= 2;
