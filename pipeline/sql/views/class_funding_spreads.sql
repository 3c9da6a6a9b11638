-- What being short on one exchange and long on another pays per year, for assets that are not coins: stocks, commodities,
-- indices, currencies and assets of another class. The columns and what is left out are those of
-- `all_funding_spreads`.
CREATE VIEW class_funding_spreads AS
SELECT * FROM all_funding_spreads WHERE asset_class NOT IN ('crypto', 'unknown');
