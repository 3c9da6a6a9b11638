-- What each exchange trades of each class of asset, hour by hour, over its trading perpetuals; `_usd` is dollars, of
-- a rolling day and of one side. NULL: no contract of the class has the figure. 'unknown' is the class of hours of
-- older rules. `core` 0: markets that somebody else runs on the exchange, which are in no other total. Newest first.
CREATE VIEW exchange_class_totals AS
SELECT
    c.hour, h.hour_utc, c.exchange_id, e.name AS exchange, c.asset_class, c.markets, c.volume AS volume_usd,
    c.open_interest AS open_interest_usd, c.core
FROM exchange_class_summary AS c
JOIN hour AS h ON h.hour = c.hour AND h.sealed = 1
JOIN exchange AS e ON e.exchange_id = c.exchange_id
ORDER BY c.hour DESC, e.position, c.asset_class, c.core DESC;
