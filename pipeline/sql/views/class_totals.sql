-- What is traded of each class of asset over all exchanges that reported, hour by hour; the columns are those of
-- `exchange_class_totals`, `exchanges` how many have the class. The rows with `core` 0 are markets that somebody else runs
-- on an exchange, apart from the others of their class. Newest first.
CREATE VIEW class_totals AS
SELECT
    hour, max(hour_utc) AS hour_utc, asset_class, count(*) AS exchanges, CAST(sum(markets) AS BIGINT) AS markets,
    sum(volume_usd) AS volume_usd, sum(open_interest_usd) AS open_interest_usd, core
FROM exchange_class_totals
GROUP BY hour, asset_class, core
ORDER BY hour DESC, asset_class, core DESC;
