-- name: market
SELECT * FROM market_hours WHERE hour = ?1

-- name: scores
SELECT h.hour, m.status, m.composite_score, m.exchanges_count, m.exchanges_expected
FROM hour AS h
JOIN market_summary AS m ON m.hour = h.hour
WHERE h.hour BETWEEN ?1 AND ?2 AND +h.sealed = 1
    AND m.model = (SELECT value FROM setting WHERE name = 'sentiment_model')
ORDER BY h.hour

-- name: factors
SELECT model, factor, score, quality, weight
FROM model_score
WHERE hour = ?1 AND model = (SELECT value FROM setting WHERE name = 'sentiment_model')
ORDER BY weight DESC, factor

-- name: exchanges
SELECT
    s.exchange_id, e.name AS exchange, e.type AS exchange_type, s.status, s.cause, s.reason, s.absent_since, s.volume,
    s.usual_volume, s.open_interest, s.open_interest_whole, s.volume_whole, s.funding_rate, s.markets
FROM exchange_summary AS s
JOIN exchange AS e ON e.exchange_id = s.exchange_id
WHERE s.hour = ?1
ORDER BY e.position

-- name: exchange_series
SELECT
    s.hour, s.exchange_id, e.name AS exchange, s.volume,
    CASE WHEN s.open_interest_whole = 1 THEN s.open_interest END AS open_interest
FROM hour AS h
JOIN exchange_summary AS s ON s.hour = h.hour
JOIN exchange AS e ON e.exchange_id = s.exchange_id
WHERE h.hour BETWEEN ?1 AND ?2 AND +h.sealed = 1 AND s.status <> 'failed'
ORDER BY s.hour, e.position

-- name: open_interest_changes
SELECT exchange, open_interest_usd, change_1h_percent, change_24h_percent
FROM open_interest_changes
WHERE hour = ?1

-- name: shares
SELECT hour, exchange, exchange_type, volume_percent, open_interest_percent, exchanges_count, exchanges_expected
FROM market_shares
WHERE hour = ?1 OR hour = ?1 - 86400
ORDER BY hour DESC, volume_percent DESC, exchange

-- name: trends
SELECT scope, series, window_h, rows_stored, rows_needed, slope_per_hour, z, state, since_utc
FROM trends
WHERE hour = ?1
ORDER BY scope, series, window_h

-- name: volatility
SELECT scope, sigma, covered_hours, rank, hours_ranked, hours_needed, regime, since_utc
FROM volatility
WHERE hour = ?1
ORDER BY scope

-- name: volatility_events
SELECT hour, scope, kind, old, new, sigma, rank FROM volatility_events WHERE hour BETWEEN ?1 AND ?2

-- name: references
SELECT
    r.asset, r.asset_class, r.exchange_id, r.exchange, r.symbol, r.price, t.mark_price, t.index_price,
    r.volume_usd_24h, r.open_interest_usd, r.funding_rate_8h, r.funding_interval_hours, r.next_funding_at_ms,
    r.price_change_24h, r.observed_at_ms
FROM reference_perpetuals AS r
JOIN listing AS l
    ON l.exchange_id = r.exchange_id AND l.symbol = r.symbol AND l.asset = r.asset AND l.quote = r.quote
    AND l.kind = r.kind AND l.contract = 'perpetual'
JOIN ticker AS t ON t.hour = r.hour AND t.listing_id = l.listing_id
WHERE r.hour = ?1
ORDER BY r.asset, r.exchange_id

-- name: forecasts
SELECT
    asset, exchange_id, exchange, symbol, settles_at_ms, interval_h, method, rate_8h, low * 8.0 / interval_h AS low_8h,
    high * 8.0 / interval_h AS high_8h, displayed * 8.0 / interval_h AS displayed_8h,
    last_settled * 8.0 / interval_h AS last_settled_8h, n_resid
FROM funding_forecasts
WHERE hour = ?1 AND target = 'next'
ORDER BY asset, exchange_id

-- name: liquidations
SELECT l.hour, l.exchange_id, e.name AS exchange, l.truth, l.heard_share, l.long_usd, l.short_usd, l.count
FROM hour AS h
JOIN liquidation_summary AS l ON l.hour = h.hour
JOIN exchange AS e ON e.exchange_id = l.exchange_id
WHERE h.hour BETWEEN ?1 AND ?2 AND +h.sealed = 1
ORDER BY l.hour, e.position

-- name: funding_spreads
-- The best pair of each asset; the best 15 of coins, and of all other classes.
SELECT
    asset, asset_class, short_exchange_id, short_exchange, short_symbol, long_exchange_id, long_exchange, long_symbol,
    gross_apr, net_apr, hold_days, short_interval_hours, long_interval_hours, entry_gap_bps, capacity_usd
FROM (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY asset_class IN ('crypto', 'unknown') ORDER BY net_apr DESC, asset
        ) AS place
    FROM (
        SELECT
            *,
            row_number() OVER (
                PARTITION BY asset ORDER BY net_apr DESC, short_exchange_id, long_exchange_id
            ) AS place_of_asset
        FROM all_funding_spreads
        WHERE hour = ?1
    ) AS pairs
    WHERE place_of_asset = 1
) AS best
WHERE place <= 15
ORDER BY net_apr DESC, asset

-- name: price_spreads
SELECT asset, asset_class, venues, lowest, lowest_exchange, highest, highest_exchange, spread_percent
FROM (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY asset_class IN ('crypto', 'unknown') ORDER BY spread_percent DESC, asset
        ) AS place_of_class
    FROM all_price_spreads
    WHERE hour = ?1
) AS spreads
WHERE place_of_class <= 15
ORDER BY spread_percent DESC, asset

-- name: bases
SELECT asset, exchange, perpetual_symbol, spot_symbol, perpetual_price, spot_price, basis_percent
FROM bases
WHERE hour = ?1
ORDER BY asset, exchange

-- name: alerts
SELECT
    a.hour, a.key, a.strategy, a.direction, a.decision, coalesce(a.adjusted, a.confidence) AS confidence, a.message,
    o.status AS outcome, o.claim, o.horizon_h, o.value_bp, o.success, o.base_rate
FROM alert AS a
LEFT JOIN alert_outcome AS o ON o.decided = a.hour AND o.key = a.key
WHERE a.hour BETWEEN ?1 AND ?2 AND a.decision IN ('new', 'flip')
ORDER BY a.hour DESC, a.key
LIMIT 200

-- name: decisions
SELECT key, strategy, direction, decision, coalesce(adjusted, confidence) AS confidence, boost, estimate, message
FROM alert
WHERE hour = ?1
ORDER BY key

-- name: classes
SELECT asset_class, core, exchanges, markets, volume_usd, open_interest_usd FROM class_totals WHERE hour = ?1

-- name: absences
SELECT exchange_id, exchange, cause, reason FROM missing_hours WHERE hour = ?1 ORDER BY exchange_id, cause

-- name: silences
SELECT s.exchange_id, e.name AS exchange, s.covered_ms, s.truth,
    (SELECT g.reason FROM stream_gap AS g WHERE g.hour = s.hour AND g.exchange_id = s.exchange_id
     ORDER BY g.from_ms LIMIT 1) AS reason
FROM stream_hour AS s
JOIN exchange AS e ON e.exchange_id = s.exchange_id
WHERE s.hour = ?1 AND s.covered_ms < 3600000
ORDER BY s.exchange_id

-- name: missing
SELECT hour, exchange_id, exchange, cause, reason
FROM missing_hours
WHERE hour BETWEEN ?1 AND ?2
ORDER BY exchange_id, hour, cause

-- name: stream_gaps
SELECT g.exchange_id, e.name AS exchange, g.from_ms, g.to_ms, g.reason
FROM stream_gap AS g
JOIN exchange AS e ON e.exchange_id = g.exchange_id
WHERE g.hour BETWEEN ?1 AND ?2
ORDER BY g.from_ms DESC, g.exchange_id
LIMIT 200

-- name: heard
SELECT
    s.exchange_id, e.name AS exchange, max(s.truth) AS truth, count(*) AS hours,
    sum(s.covered_ms) / 3600000.0 AS heard_hours
FROM stream_hour AS s
JOIN exchange AS e ON e.exchange_id = s.exchange_id
WHERE s.hour BETWEEN ?1 AND ?2
GROUP BY s.exchange_id
ORDER BY e.position

-- name: checks
SELECT c.name, c.severity, c.rows, c.sample, c.checked_at_ms
FROM check_result AS c
WHERE c.checked_at_ms = (SELECT max(o.checked_at_ms) FROM check_result AS o WHERE o.name = c.name)
ORDER BY CASE c.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, c.rows DESC, c.name

-- name: restatements
SELECT exchange, dataset, field, count(*) AS restated, max(later_learnt_ms) AS last_learnt_ms
FROM restatements
GROUP BY exchange, dataset, field
ORDER BY restated DESC, exchange, dataset, field

-- name: findings
SELECT e.name AS exchange, f.exchange_id, f.field, f.reason, count(*) AS contracts, min(f.symbol) AS example
FROM field_finding AS f
JOIN exchange AS e ON e.exchange_id = f.exchange_id
WHERE f.hour = ?1
GROUP BY f.exchange_id, f.field, f.reason
ORDER BY contracts DESC, e.position, f.field

-- name: drift
SELECT d.exchange_id, e.name AS exchange, d.endpoint, d.field, d.type, d.change, d.first_hour, d.last_hour
FROM schema_drift AS d
JOIN exchange AS e ON e.exchange_id = d.exchange_id
WHERE d.last_hour BETWEEN ?1 AND ?2
ORDER BY d.last_hour DESC, d.exchange_id, d.endpoint, d.field
LIMIT 200

-- name: recorded
SELECT
    x.hour, x.exchange_id, x.tickers, x.long_shorts, x.liquidation_events, x.liquidation_totals, x.spot_tickers,
    x.settlements, x.rejections, x.liquidations, x.observed_from_ms, x.observed_to_ms
FROM exchange_hour AS x
WHERE x.hour BETWEEN ?1 AND ?2 AND x.expected = 1
ORDER BY x.hour, x.exchange_id

-- name: endpoints
SELECT
    exchange_id, endpoint, sum(ok) AS answered, sum(failed) AS failed, sum(rows) AS rows, sum(rejected) AS rejected,
    count(*) FILTER (WHERE failed > 0) AS failing_hours, max(hour) FILTER (WHERE failed > 0) AS last_failed
FROM exchange_hour_endpoint
WHERE hour BETWEEN ?1 AND ?2
GROUP BY exchange_id, endpoint
ORDER BY exchange_id, min(position), endpoint

-- name: refusals
SELECT hour, exchange_id, endpoint, cause, reason, failed, calls
FROM extract_run_endpoint
WHERE hour BETWEEN ?1 AND ?2 AND ok = 0
ORDER BY hour DESC, exchange_id, endpoint
LIMIT 400

-- name: outcomes
SELECT
    strategy, direction, count(*) AS alerts, count(*) FILTER (WHERE status = 'resolved') AS resolved,
    sum(success) AS came_true, avg(success) AS hit, avg(base_rate) FILTER (WHERE status = 'resolved') AS base_rate,
    avg(value_bp) AS value_bp, count(*) FILTER (WHERE status = 'open') AS open
FROM alert_outcome
WHERE decided <= ?1
GROUP BY strategy, direction
ORDER BY strategy, direction

-- name: run
SELECT * FROM backtest_run ORDER BY to_hour DESC, created_at_ms DESC, run_id LIMIT 1

-- name: metrics
SELECT * FROM backtest_metric WHERE run_id = ?1 ORDER BY strategy, direction

-- name: equity
SELECT key, day, equity, capital
FROM (
    SELECT
        key, hour / 86400 * 86400 AS day, equity,
        first_value(equity - pnl) OVER (PARTITION BY key ORDER BY hour) AS capital,
        row_number() OVER (PARTITION BY key, hour / 86400 ORDER BY hour DESC) AS place
    FROM backtest_hour
    WHERE run_id = ?1
) AS hours
WHERE place = 1
ORDER BY key, day

-- name: error_days
-- Errors per eight hours in basis points, of the forecasts that have all three.
SELECT
    f.hour / 86400 * 86400 AS day, count(*) AS n, avg(abs(f.rate - f.realised) * 80000.0 / f.interval_h) AS error_bps,
    avg(abs(f.displayed - f.realised) * 80000.0 / f.interval_h) AS displayed_error_bps,
    avg(abs(f.last_settled - f.realised) * 80000.0 / f.interval_h) AS last_error_bps
FROM hour AS h
JOIN funding_forecast AS f ON f.hour = h.hour
WHERE h.hour BETWEEN ?1 AND ?2 AND +h.sealed = 1 AND f.target = 'next' AND f.realised IS NOT NULL
    AND f.displayed IS NOT NULL AND f.last_settled IS NOT NULL
GROUP BY f.hour / 86400
ORDER BY day

-- name: skill
-- As `forecast_skill` has it, of all leads together and of the forecasts of some hours only.
SELECT
    exchange, symbol, asset, count(*) AS n, avg(error) AS error_bps, avg(displayed_error) AS displayed_error_bps,
    avg(last_error) AS last_error_bps,
    1.0 - avg(CASE WHEN displayed_error IS NOT NULL THEN error END) / nullif(avg(displayed_error), 0.0)
        AS skill_against_displayed,
    1.0 - avg(CASE WHEN last_error IS NOT NULL THEN error END) / nullif(avg(last_error), 0.0) AS skill_against_last,
    count(held) AS n_intervals, avg(held) AS coverage
FROM (
    SELECT
        e.name AS exchange, f.symbol, f.asset, abs(f.rate - f.realised) * 80000.0 / f.interval_h AS error,
        abs(f.displayed - f.realised) * 80000.0 / f.interval_h AS displayed_error,
        abs(f.last_settled - f.realised) * 80000.0 / f.interval_h AS last_error,
        CASE WHEN f.low IS NOT NULL THEN f.realised BETWEEN f.low AND f.high END AS held
    FROM hour AS h
    JOIN funding_forecast AS f ON f.hour = h.hour
    JOIN exchange AS e ON e.exchange_id = f.exchange_id
    WHERE h.hour BETWEEN ?1 AND ?2 AND +h.sealed = 1 AND f.target = 'next' AND f.realised IS NOT NULL
) AS measured
GROUP BY exchange, symbol, asset
ORDER BY asset, exchange, symbol

-- name: proposals
SELECT * FROM weight_proposal ORDER BY created_at_ms DESC, id LIMIT 20

-- name: coin_listings
SELECT l.listing_id, l.asset, l.exchange_id
FROM listing AS l
WHERE l.contract = 'perpetual' AND l.quote IN ('USDT', 'USDC', 'USD')
    AND NOT EXISTS (
        SELECT 1 FROM instrument AS i WHERE i.exchange_id = l.exchange_id AND i.symbol = l.symbol AND i.core = 0
    )

-- name: listed_coins
-- What is traded in an hour as far as is known, of assets that an exchange lists which is missing or there in part: such an
-- exchange has removed nothing, and what all others list without a row is not traded.
SELECT asset
FROM instrument
WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1) AND status = 'trading'
    AND asset IN (
        SELECT i.asset
        FROM exchange_summary AS s
        JOIN instrument AS i ON i.exchange_id = s.exchange_id
        WHERE s.hour = ?1 AND s.status <> 'ok' AND i.valid_from <= ?1 AND (i.valid_to IS NULL OR i.valid_to > ?1)
            AND i.status = 'trading'
    )

-- name: coin_tickers
SELECT t.listing_id, t.mark_price, t.funding_rate_8h, t.open_interest_usd, t.volume_usd_24h
FROM hour AS h
JOIN ticker AS t ON t.hour = h.hour
WHERE h.hour = ?1 AND h.sealed = 1

-- name: coin_holders
SELECT exchange_id, asset, long_fraction
FROM long_short
WHERE hour = ?1 AND population = 'accounts'
ORDER BY observed_at_ms

-- name: contracts
SELECT
    exchange_id, exchange, symbol, asset, quote, kind, contract, unit_multiplier, mark_price, index_price,
    funding_rate_8h, funding_interval_hours, next_funding_at_ms, volume_usd_24h, open_interest_usd, open_interest_base,
    price_change_24h, core
FROM tickers
WHERE hour = ?1
ORDER BY asset, volume_usd_24h DESC, exchange_id, symbol

-- name: coin_liquidations
-- Each event once; of an hour in which the exchange's stream was heard, what the stream said.
SELECT
    asset, exchange_id, occurred_at_ms / 3600000 * 3600 AS hour,
    sum(CASE side WHEN 'long' THEN value_usd ELSE 0.0 END) AS long_usd,
    sum(CASE side WHEN 'short' THEN value_usd ELSE 0.0 END) AS short_usd
FROM (
    SELECT l.occurred_at_ms, l.exchange_id, max(l.asset) AS asset, l.side, max(l.value_usd) AS value_usd
    FROM liquidation AS l
    WHERE l.occurred_at_ms >= ?1 * 1000 AND l.occurred_at_ms < (?2 + 3600) * 1000
        AND NOT EXISTS (
            SELECT 1 FROM stream_hour AS s
            WHERE s.hour = l.occurred_at_ms / 3600000 * 3600 AND s.exchange_id = l.exchange_id
        )
    GROUP BY l.occurred_at_ms, l.exchange_id, l.symbol, l.side, l.price, l.quantity, l.id
    UNION ALL
    SELECT l.occurred_at_ms, l.exchange_id, max(l.asset), l.side, max(l.value_usd)
    FROM stream_liquidation AS l
    WHERE l.occurred_at_ms >= ?1 * 1000 AND l.occurred_at_ms < (?2 + 3600) * 1000
        AND EXISTS (
            SELECT 1 FROM stream_hour AS s
            WHERE s.hour = l.occurred_at_ms / 3600000 * 3600 AND s.exchange_id = l.exchange_id
        )
    GROUP BY l.occurred_at_ms, l.exchange_id, l.symbol, l.side, l.price, l.quantity, l.id
) AS events
GROUP BY asset, exchange_id, hour
ORDER BY hour, exchange_id, asset

-- name: contract_events
SELECT l.asset, e.name AS exchange, i.symbol, i.from_ms AS time_ms, 'interval' AS what, i.hours,
    (SELECT p.hours FROM funding_interval AS p
     WHERE p.exchange_id = i.exchange_id AND p.symbol = i.symbol AND p.from_ms < i.from_ms
     ORDER BY p.from_ms DESC LIMIT 1) AS previous_hours
FROM funding_interval AS i
JOIN exchange AS e ON e.exchange_id = i.exchange_id
JOIN (SELECT exchange_id, symbol, max(asset) AS asset FROM listing GROUP BY exchange_id, symbol) AS l
    ON l.exchange_id = i.exchange_id AND l.symbol = i.symbol
WHERE i.from_ms >= ?1 * 1000 AND i.from_ms < (?2 + 3600) * 1000
    AND EXISTS (
        SELECT 1 FROM funding_interval AS p
        WHERE p.exchange_id = i.exchange_id AND p.symbol = i.symbol AND p.from_ms < i.from_ms AND p.hours <> i.hours
    )
UNION ALL
SELECT i.asset, e.name, i.symbol, max(i.listed_at_ms), 'listed', NULL, NULL
FROM instrument AS i
JOIN exchange AS e ON e.exchange_id = i.exchange_id
WHERE i.listed_at_ms >= ?1 * 1000 AND i.listed_at_ms < (?2 + 3600) * 1000 AND i.contract = 'perpetual'
GROUP BY i.exchange_id, i.symbol
UNION ALL
SELECT i.asset, e.name, i.symbol, i.valid_to * 1000, 'removed', NULL, NULL
FROM instrument AS i
JOIN exchange AS e ON e.exchange_id = i.exchange_id
WHERE i.valid_to BETWEEN ?1 AND ?2 AND i.contract = 'perpetual'
    AND NOT EXISTS (
        SELECT 1 FROM instrument AS o
        WHERE o.exchange_id = i.exchange_id AND o.symbol = i.symbol AND o.valid_from >= i.valid_to
    )
ORDER BY 1, 4, 2, 3
