-- name: record_loaded
INSERT INTO exchange_hour (hour, exchange_id, expected, outcome, staged_sha256, raw_sha256,
    transform_version, responses, responses_ok, instruments, tickers, long_shorts,
    liquidation_events, liquidation_totals, spot_tickers, settlements, rejections, liquidations,
    observed_from_ms, observed_to_ms, events_from_ms, events_to_ms, unclassed)
VALUES (?, ?, 1, 'loaded', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET expected = 1, outcome = 'loaded', cause = NULL,
    reason = NULL,
    staged_sha256 = excluded.staged_sha256, raw_sha256 = excluded.raw_sha256,
    transform_version = excluded.transform_version, responses = excluded.responses,
    responses_ok = excluded.responses_ok, instruments = excluded.instruments,
    tickers = excluded.tickers, long_shorts = excluded.long_shorts,
    liquidation_events = excluded.liquidation_events,
    liquidation_totals = excluded.liquidation_totals, spot_tickers = excluded.spot_tickers,
    settlements = excluded.settlements, rejections = excluded.rejections,
    liquidations = excluded.liquidations, observed_from_ms = excluded.observed_from_ms,
    observed_to_ms = excluded.observed_to_ms, events_from_ms = excluded.events_from_ms,
    events_to_ms = excluded.events_to_ms, unclassed = excluded.unclassed

-- name: insert_endpoint
INSERT INTO exchange_hour_endpoint (hour, exchange_id, endpoint, position, ok, failed, rows, rejected,
    unlisted)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_log
INSERT INTO load_log (loaded_at_ms, hour, exchange_id, path, staged_sha256, raw_sha256,
    transform_version, rows, rejections)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
