-- What is traded of each class of asset over all exchanges that reported, hour by hour; the columns are those of
-- `exchange_class_totals`, `exchanges` how many have the class. Newest first.
CREATE VIEW class_totals AS
SELECT
    hour, max(hour_utc) AS hour_utc, asset_class, count(*) AS exchanges, CAST(sum(markets) AS BIGINT) AS markets,
    sum(volume_usd) AS volume_usd, sum(open_interest_usd) AS open_interest_usd
FROM exchange_class_totals
GROUP BY hour, asset_class
ORDER BY hour DESC, asset_class;
