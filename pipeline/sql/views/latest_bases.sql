-- The perpetual above or below spot in the latest sealed hour: `bases`.
CREATE VIEW latest_bases AS
SELECT * FROM bases WHERE hour = (SELECT max(hour) FROM hour WHERE sealed = 1);
