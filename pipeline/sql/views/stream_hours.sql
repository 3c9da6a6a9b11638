-- What the exchanges' streams covered, per hour in which messages were received: `covered_percent` of the hour, 0 to
-- 100; `truth` is the coverage class of the liquidations, `price_kind` what their price is: the mean of the `fill`, the
-- price of `bankruptcy`, which lies beyond the market, or the limit of the `order`. `gaps` counts the parts that were
-- not heard; `first_gap` says why the first one was not.
CREATE VIEW stream_hours AS
SELECT
    s.hour, strftime('%Y-%m-%d %H:%M:%S', s.hour, 'unixepoch') AS hour_utc, s.exchange_id, e.name AS exchange, s.truth,
    s.price_kind, s.covered_ms / 36000.0 AS covered_percent, s.messages, s.duplicates, s.rejected,
    (SELECT count(g.from_ms) FROM stream_gap AS g WHERE g.hour = s.hour AND g.exchange_id = s.exchange_id) AS gaps,
    (SELECT g.reason FROM stream_gap AS g WHERE g.hour = s.hour AND g.exchange_id = s.exchange_id
     ORDER BY g.from_ms LIMIT 1) AS first_gap
FROM stream_hour AS s
JOIN exchange AS e ON e.exchange_id = s.exchange_id;
