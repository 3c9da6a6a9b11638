-- How far apart the prices of a coin's perpetuals are over the exchanges: coins only. The columns and what is left
-- out are those of `all_price_spreads`. Ask with `hour` as a number, or ask `latest_price_spreads`.
CREATE VIEW price_spreads AS
SELECT * FROM all_price_spreads WHERE asset_class IN ('crypto', 'unknown');
