-- What being short on one exchange and long on another pays per year, for each coin and pair of exchanges: coins
-- only. The columns and what is left out are those of `all_funding_spreads`.
CREATE VIEW funding_spreads AS
SELECT * FROM all_funding_spreads WHERE asset_class IN ('crypto', 'unknown');
