-- Each exchange's share of the volume and of the open interest that were reported, in percent. An exchange that is
-- absent has no row, which raises the others' shares: compare hours with equal `exchanges_count` only.
-- `exchanges_expected` is how many there should be (NULL: hours of older rules), `volume_coverage` and `oi_coverage`
-- (0 to 1) how much of what is usual reported.
CREATE VIEW market_shares AS
SELECT
    s.hour, h.hour_utc, s.exchange_id, e.name AS exchange, e.type AS exchange_type,
    100.0 * s.volume / coalesce(m.total_volume_reported, m.total_volume) AS volume_percent,
    CASE
        WHEN coalesce(m.total_oi_reported, m.total_oi) > 0
        THEN 100.0 * s.open_interest / coalesce(m.total_oi_reported, m.total_oi)
    END AS open_interest_percent,
    m.coverage, m.exchanges_count, m.exchanges_expected, m.volume_coverage, m.oi_coverage
FROM exchange_summary AS s
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
JOIN exchange AS e ON e.exchange_id = s.exchange_id
JOIN market_summary AS m ON m.hour = s.hour AND m.model = 'v2'
WHERE s.status <> 'failed' AND coalesce(m.total_volume_reported, m.total_volume) > 0
ORDER BY s.hour DESC, e.position;
