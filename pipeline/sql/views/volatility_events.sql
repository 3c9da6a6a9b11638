-- Changes of volatility: of the regime, or a rise or fall against the usual hour of the last 30 days, which began at
-- `onset_utc`. Newest first.
CREATE VIEW volatility_events AS
SELECT
    v.hour, h.hour_utc, v.scope, v.kind, v.old, v.new,
    strftime('%Y-%m-%d %H:%M:%S', v.onset, 'unixepoch') AS onset_utc, v.sigma, v.rank, v.version
FROM volatility_event AS v
JOIN hour AS h ON h.hour = v.hour AND h.sealed = 1
ORDER BY v.hour DESC, v.scope, v.kind;
