-- How far a coin's perpetuals lie apart over the venues. Venues under a million dollars of volume are left
-- out. Ask with `hour`: windows in place of groups let the condition reach the tickers.
CREATE VIEW price_spreads AS
SELECT hour, asset, venues, lowest, highest, 100 * (highest - lowest) / lowest AS spread_percent
FROM (
    SELECT
        hour, asset, count(*) OVER coin AS venues, min(price) OVER coin AS lowest, max(price) OVER coin AS highest,
        row_number() OVER (PARTITION BY hour, asset ORDER BY exchange_id) AS place
    FROM reference_perpetuals
    WHERE price > 0 AND volume_usd_24h >= 1e6
    WINDOW coin AS (PARTITION BY hour, asset)
)
WHERE place = 1 AND venues >= 2;
