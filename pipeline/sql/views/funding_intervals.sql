-- From when to when a contract's funding was settled every `hours` hours; `until_ms` is NULL for what still holds, as far
-- as known. `evidence` is `settlements` where at least two settlements in a row show it (a hole shows nothing), else
-- `instrument`: the list of instruments states it. `previous_hours` is the interval before it (NULL: none is known), so
-- that a row where both are known is a change.
CREATE VIEW funding_intervals AS
SELECT
    i.exchange_id, e.name AS exchange, i.symbol, i.from_ms, i.until_ms, i.hours, i.evidence,
    (
        SELECT p.hours FROM funding_interval AS p
        WHERE p.exchange_id = i.exchange_id AND p.symbol = i.symbol AND p.from_ms < i.from_ms
        ORDER BY p.from_ms DESC LIMIT 1
    ) AS previous_hours
FROM funding_interval AS i
JOIN exchange AS e ON e.exchange_id = i.exchange_id;
