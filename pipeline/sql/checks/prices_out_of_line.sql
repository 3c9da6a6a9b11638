-- Severity: error
-- A contract whose price is less than half or more than twice the median of the exchanges, of coins that at least
-- three exchanges price in dollars: a wrong multiplier, or another coin of the same name.
WITH prices AS MATERIALIZED (
    SELECT t.hour, l.exchange_id, l.symbol, l.asset, coalesce(t.mark_price, t.last_price) AS price,
        row_number() OVER (
            PARTITION BY t.hour, l.asset, l.exchange_id ORDER BY t.volume_usd_24h DESC, l.symbol) AS place
    FROM ticker AS t JOIN listing AS l USING (listing_id)
    WHERE t.hour BETWEEN :first AND :last AND l.contract = 'perpetual' AND l.quote IN ('USD', 'USDT', 'USDC')
        AND coalesce(t.mark_price, t.last_price) > 0
), ranked AS (
    SELECT hour, asset, price, row_number() OVER (PARTITION BY hour, asset ORDER BY price) AS place,
        count(*) OVER (PARTITION BY hour, asset) AS venues
    FROM prices WHERE place = 1  -- an exchange's busiest contract speaks for the exchange
), medians AS MATERIALIZED (
    SELECT hour, asset, avg(price) AS median, max(venues) AS venues FROM ranked
    WHERE venues >= 3 AND place IN ((venues + 1) / 2, (venues + 2) / 2)
    GROUP BY hour, asset
)
SELECT p.hour, p.exchange_id, p.symbol, p.asset, p.price, m.median, m.venues
FROM prices AS p JOIN medians AS m ON m.hour = p.hour AND m.asset = p.asset
WHERE p.price < 0.5 * m.median OR p.price > 2 * m.median
ORDER BY p.hour, p.exchange_id, p.symbol;
