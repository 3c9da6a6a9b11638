-- Severity: error
-- A funding rate that the venue would have clamped: beyond its widest cap for one interval. A percentage was taken
-- for a fraction, or the rate of a day for that of an interval.
WITH cap (exchange_id, rate) AS ( -- `widestFundingRate` in PerpCore, for each exchange
    VALUES ('binance', 0.04), ('okx', 0.04), ('bybit', 0.04), ('gate', 0.05), ('bitget', 0.04),
        ('hyperliquid', 0.04), ('aster', 0.04), ('dydx', 0.15),
        ('binance-coinm', 0.04), ('deribit', 0.04), ('kraken-futures', 0.04),
        ('mexc', 0.04), ('kucoin', 0.04), ('bingx', 0.04), ('lighter', 0.04), ('htx', 0.04),
        ('edgex', 0.04), ('pacifica', 0.04), ('backpack', 0.04), ('extended', 0.04), ('grvt', 0.04), ('paradex', 0.04),
        ('coinbase', 0.04)
)
SELECT t.hour, l.exchange_id, l.symbol, t.funding_rate, t.funding_interval_hours, c.rate AS cap
FROM ticker AS t JOIN listing AS l USING (listing_id) LEFT JOIN cap AS c USING (exchange_id)
-- Any rate of an exchange without a cap is reported, so that no exchange is left unchecked.
WHERE t.hour BETWEEN :first AND :last AND abs(t.funding_rate) > coalesce(c.rate, 0)
ORDER BY t.hour, l.exchange_id, l.symbol;
