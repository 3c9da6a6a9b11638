-- What being short on one exchange and long on another pays per year in the latest sealed hour: `funding_spreads`,
-- coins only.
CREATE VIEW latest_funding_spreads AS
SELECT * FROM funding_spreads WHERE hour = (SELECT max(hour) FROM hour WHERE sealed = 1);
