-- Every contract of every exchange in the latest sealed hour: `tickers`.
CREATE VIEW latest_tickers AS
SELECT * FROM tickers WHERE hour = (SELECT max(hour) FROM hour WHERE sealed = 1);
