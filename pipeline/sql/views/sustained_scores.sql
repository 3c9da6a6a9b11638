-- Whether the composite score of a model has stayed on one side: LONG or SHORT since the hour of entry, NULL where it has not.
-- `status` is JUDGED, INSUFFICIENT_HISTORY with fewer than five of the last six hours, or GAP. Newest first.
CREATE VIEW sustained_scores AS
SELECT
    s.hour, h.hour_utc, s.model, s.side, strftime('%Y-%m-%d %H:%M:%S', s.since, 'unixepoch') AS since_utc, s.hours,
    s.n AS rows_stored, s.status, s.version
FROM sustained_hour AS s
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
ORDER BY s.hour DESC, s.model;
