-- Each venue's share of volume and of open interest. A venue that failed has no row, which raises the
-- others' shares: `coverage` says how much of the usual volume reported.
CREATE VIEW market_shares AS
SELECT
    s.hour, e.name AS exchange, e.type AS exchange_type, 100 * s.volume / m.total_volume AS volume_percent,
    100 * s.open_interest / m.total_oi AS open_interest_percent, m.coverage
FROM exchange_summary AS s
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
JOIN exchange AS e ON e.exchange_id = s.exchange_id
JOIN market_summary AS m ON m.hour = s.hour AND m.model = 'v2'
WHERE s.status <> 'failed' AND m.total_volume > 0;
