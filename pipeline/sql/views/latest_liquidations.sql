-- Who was liquidated in the window of the latest sealed hour, which is the hour before it began: `liquidations`.
CREATE VIEW latest_liquidations AS
SELECT *
FROM liquidations
WHERE occurred_at_ms >= (SELECT max(hour) FROM hour WHERE sealed = 1) * 1000 - 3600000
    AND occurred_at_ms < (SELECT max(hour) FROM hour WHERE sealed = 1) * 1000;
