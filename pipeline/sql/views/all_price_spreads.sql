-- How far apart the prices of an asset's perpetuals are over the exchanges, and where it is cheapest and dearest;
-- assets of any class. `lowest` and `highest` are in dollars for one coin, `venues` is how many exchanges are
-- compared. Exchanges under a million dollars of volume are left out. Ask with `hour` as a number: windows in place
-- of groups let it reach the tickers; `latest_price_spreads` has the latest hour.
CREATE VIEW all_price_spreads AS
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
    FROM reference_perpetuals
    WHERE price > 0 AND volume_usd_24h >= 1e6
    WINDOW
        upwards AS (
            PARTITION BY hour, asset ORDER BY price, exchange_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
        )
) AS placed
WHERE place = 1 AND venues >= 2;
