-- The market at each hour, from exchanges that were recorded in it and from those that told of it later: `live_exchanges`
-- and `history_exchanges` say how many of each, so that hours are compared only where the same ones are there (the figures
-- of each stand in `exchange_hours` and `reconstructed_hours`). `funding_8h_percent` is weighted by the weights of the
-- exchanges' means. `as_known_ms` is when the last of it was learnt; NULL where all of it is live.
CREATE VIEW market_history AS
SELECT
    hour, strftime('%Y-%m-%d %H:%M:%S', hour, 'unixepoch') AS hour_utc,
    count(CASE WHEN feed = 'live' THEN hour END) AS live_exchanges,
    count(CASE WHEN feed <> 'live' THEN hour END) AS history_exchanges,
    sum(volume_usd) AS volume_usd, sum(open_interest_usd) AS open_interest_usd,
    sum(funding_8h_percent * funding_weight_usd) / sum(
        CASE WHEN funding_8h_percent IS NOT NULL THEN funding_weight_usd END
    ) AS funding_8h_percent,
    max(as_known_ms) AS as_known_ms
FROM (
    SELECT
        s.hour, 'live' AS feed, s.volume AS volume_usd, s.open_interest AS open_interest_usd,
        s.funding_rate AS funding_8h_percent, s.funding_weight AS funding_weight_usd, NULL AS as_known_ms
    FROM exchange_summary AS s
    JOIN hour AS h ON h.hour = s.hour
    WHERE +h.sealed = 1 AND s.status <> 'failed'
    UNION ALL
    SELECT hour, feed, volume_usd, open_interest_usd, funding_8h_percent, funding_weight_usd, as_known_ms
    FROM reconstructed_hours
)
GROUP BY hour;
