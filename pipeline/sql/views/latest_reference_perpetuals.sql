-- The perpetual that stands for an asset on an exchange in the latest sealed hour: `reference_perpetuals`.
CREATE VIEW latest_reference_perpetuals AS
SELECT * FROM reference_perpetuals WHERE hour = (SELECT max(hour) FROM hour WHERE sealed = 1);
