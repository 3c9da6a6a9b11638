-- name: view
SELECT * FROM tickers WHERE hour = ?1 AND exchange_id = ?2 AND symbol = ?3

-- name: ticker
SELECT l.asset, l.asset_class, l.quote, l.kind, l.contract, l.unit_multiplier, t.*
FROM listing AS l
JOIN ticker AS t ON t.hour = ?1 AND t.listing_id = l.listing_id
WHERE l.exchange_id = ?2 AND l.symbol = ?3

-- name: contracts
SELECT symbol FROM listing WHERE exchange_id = ?1
UNION
SELECT symbol FROM history_contract WHERE exchange_id = ?1
ORDER BY symbol

-- name: reference
SELECT symbol FROM reference_perpetuals WHERE hour = ?1 AND exchange_id = ?2 AND asset = ?3

-- name: findings
SELECT field, reason FROM field_finding WHERE hour = ?1 AND exchange_id = ?2 AND symbol = ?3

-- name: ledger
SELECT
    x.expected, x.outcome, x.cause, x.reason, x.staged_sha256, x.raw_sha256, x.transform_version, x.tickers,
    (SELECT h.sealed FROM hour AS h WHERE h.hour = x.hour) AS sealed
FROM exchange_hour AS x
WHERE x.hour = ?1 AND x.exchange_id = ?2

-- name: stream_ledger
SELECT s.staged_sha256, s.raw_sha256, s.transform_version, s.truth, s.covered_ms
FROM stream_hour AS s
WHERE s.hour = ?1 AND s.exchange_id = ?2

-- name: loading
SELECT load_id, loaded_at_ms, path
FROM load_log
WHERE hour = ?1 AND exchange_id = ?2 AND staged_sha256 = ?3
ORDER BY load_id DESC LIMIT 1

-- name: missing
SELECT cause, reason FROM missing_hours WHERE hour = ?1 AND exchange_id = ?2

-- name: rolled_up
SELECT 1 FROM exchange_day WHERE day = ?1 - ?1 % 86400 LIMIT 1

-- name: endpoints
SELECT endpoint, ok, failed, rejected
FROM exchange_hour_endpoint
WHERE hour = ?1 AND exchange_id = ?2 AND (failed > 0 OR rejected > 0)
ORDER BY position

-- name: long_short
SELECT population, period, observed_at_ms, ratio, long_fraction, short_fraction
FROM long_short
WHERE hour = ?1 AND exchange_id = ?2 AND symbol = ?3
ORDER BY population, period

-- name: settlements
-- The file that stated a settlement first is the one that `funding_settlements` shows.
SELECT hour, settled_at_ms, funding_rate, funding_interval_hours
FROM funding_settlement
WHERE settled_at_ms BETWEEN ?1 AND ?2 AND exchange_id = ?3 AND symbol = ?4
ORDER BY settled_at_ms, hour

-- name: past_settlements
-- What the exchange told later: the version that was learnt first counts.
SELECT
    v.settled_at_ms, v.version, v.funding_rate, v.funding_interval_hours, f.dataset, f.stamp, f.feed, f.learnt_ms,
    f.staged_sha256, f.raw_sha256, f.transform_version
FROM history_contract AS c
CROSS JOIN history_settlement AS v
JOIN history_file AS f ON f.file_id = v.file_id
WHERE c.exchange_id = ?3 AND c.symbol = ?4 AND v.contract_id = c.contract_id AND v.settled_at_ms BETWEEN ?1 AND ?2
ORDER BY v.settled_at_ms, v.version

-- name: settled
SELECT settled_at_ms
FROM funding_settlement
WHERE settled_at_ms BETWEEN ?1 AND ?2 AND exchange_id = ?3 AND symbol = ?4
UNION
SELECT v.settled_at_ms
FROM history_contract AS c
CROSS JOIN history_settlement AS v
WHERE c.exchange_id = ?3 AND c.symbol = ?4 AND v.contract_id = c.contract_id AND v.settled_at_ms BETWEEN ?1 AND ?2
ORDER BY settled_at_ms

-- name: funding_spreads
-- The best after fees first, as in pages.funding_spreads.
SELECT * FROM all_funding_spreads WHERE hour = ?1 AND asset = ?2
ORDER BY net_apr DESC, short_exchange_id, long_exchange_id, short_symbol, long_symbol

-- name: compared_for_funding
-- The pairs that all_funding_spreads compares, whatever their rates.
SELECT one.exchange_id, other.exchange_id AS other_exchange_id
FROM reference_perpetuals AS one
JOIN reference_perpetuals AS other ON other.hour = one.hour AND other.asset = one.asset
WHERE one.hour = ?1 AND one.asset = ?2 AND one.exchange_id < other.exchange_id
    AND one.funding_rate_annualized IS NOT NULL AND other.funding_rate_annualized IS NOT NULL
    AND one.volume_usd_24h >= 5e6 AND other.volume_usd_24h >= 5e6
    AND abs(one.observed_at_ms - other.observed_at_ms) <= 600000

-- name: price_spread
SELECT * FROM all_price_spreads WHERE hour = ?1 AND asset = ?2

-- name: liquidated
SELECT * FROM liquidation_summary WHERE hour = ?1 AND exchange_id = ?2

-- name: events
SELECT symbol, side, price, quantity_base, value_usd, occurred_at_ms, id, hour AS stating_hour
FROM liquidations
WHERE occurred_at_ms >= ?1 AND occurred_at_ms < ?2 AND exchange_id = ?3
ORDER BY value_usd DESC, occurred_at_ms

-- name: streamed_events
SELECT symbol, side, price, quantity_base, value_usd, occurred_at_ms, id, hour AS stating_hour
FROM stream_liquidations
WHERE occurred_at_ms >= ?1 AND occurred_at_ms < ?2 AND exchange_id = ?3
ORDER BY value_usd DESC, occurred_at_ms

-- name: sums
SELECT l.symbol, l.from_ms, l.to_ms, l.long_usd, l.short_usd, l.long_count, l.short_count, l.hour AS stating_hour
FROM liquidation_total AS l
WHERE l.from_ms >= ?1 AND l.from_ms < ?2 AND l.to_ms <= ?2 AND l.exchange_id = ?3
    AND NOT EXISTS (
        SELECT 1 FROM liquidation_total AS o
        WHERE o.from_ms = l.from_ms AND o.to_ms = l.to_ms AND o.exchange_id = l.exchange_id AND o.symbol = l.symbol
            AND o.hour < l.hour
    )
ORDER BY l.symbol, l.from_ms

-- name: market
SELECT * FROM market_hours WHERE hour = ?1

-- name: factors
SELECT factor, score, weight, quality FROM model_score WHERE hour = ?1 AND model = ?2 ORDER BY weight DESC, factor

-- name: exchanges
-- Each exchange of an hour. Where it is absent: its last hour of the six before, whose figures may stand in.
SELECT
    s.exchange_id, s.status, s.cause, s.reason, s.absent_since, s.volume, s.open_interest, s.funding_rate,
    s.funding_weight, s.funding_basis, s.funding_coverage, s.price_change, s.price_coverage, s.usual_volume,
    s.usual_open_interest,
    (
        SELECT max(b.hour) FROM exchange_summary AS b
        WHERE b.hour BETWEEN s.hour - 21600 AND s.hour - 3600 AND b.exchange_id = s.exchange_id
            AND b.volume IS NOT NULL
    ) AS last_volume_hour,
    (
        SELECT max(b.hour) FROM exchange_summary AS b
        WHERE b.hour BETWEEN s.hour - 21600 AND s.hour - 3600 AND b.exchange_id = s.exchange_id
            AND b.open_interest IS NOT NULL AND b.open_interest_whole = 1
    ) AS last_open_interest_hour
FROM exchange_summary AS s
JOIN exchange AS e ON e.exchange_id = s.exchange_id
WHERE s.hour = ?1
ORDER BY e.position

-- name: figures
SELECT volume, open_interest FROM exchange_summary WHERE hour = ?1 AND exchange_id = ?2

-- name: windows
SELECT * FROM market_liquidation WHERE hour = ?1 ORDER BY window_hours

-- name: liquidated_exchanges
SELECT exchange_id, truth, heard_share, long_usd, short_usd, total_usd, count, oi_share, cascade_score, seed_cascade_score,
    flags
FROM liquidation_summary
WHERE hour = ?1
ORDER BY total_usd DESC, exchange_id
