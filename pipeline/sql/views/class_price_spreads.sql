-- How far apart the prices of perpetuals on assets other than coins are over the exchanges: stocks, commodities, indices,
-- currencies and assets of another class. The columns and what is left out are those of `all_price_spreads`.
CREATE VIEW class_price_spreads AS
SELECT * FROM all_price_spreads WHERE asset_class NOT IN ('crypto', 'unknown');
