-- Planted into a copy: what a good warehouse has none of.

-- A contract whose size changed a day and a half ago, an inverse one, and events before and after, restated, of
-- unknown contracts, without dollars.
CREATE TEMP TABLE at AS SELECT max(hour) AS hour, max(hour) * 1000 - 36 * 3600000 AS ms FROM hour WHERE sealed = 1;
INSERT INTO instrument (exchange_id, symbol, valid_from, valid_to, asset, base, quote, settle, kind, contract, status,
    contract_multiplier, unit_multiplier)
SELECT 'okx', 'PLANTED-A', hour - 96 * 3600, hour - 36 * 3600, 'PA', 'PA', 'USDT', 'USDT', 'linear', 'perpetual',
    'trading', 0.1, 1000.0 FROM at
UNION ALL
SELECT 'okx', 'PLANTED-A', hour - 36 * 3600, NULL, 'PA', 'PA', 'USDT', 'USDT', 'linear', 'perpetual', 'trading',
    0.01, 1000.0 FROM at
UNION ALL
SELECT 'okx', 'PLANTED-B', hour - 96 * 3600, NULL, 'PB', 'PB', 'USD', 'PB', 'inverse', 'perpetual', 'trading', 100.0,
    1.0 FROM at;
INSERT INTO liquidation (occurred_at_ms, exchange_id, symbol, side, price, quantity, id, hour, until, in_contracts,
    asset, quantity_base, value_usd)
SELECT ms - 1, 'okx', 'PLANTED-A', 'long', 2.0, 5.0, '', hour - 35 * 3600, NULL, 1, 'PA', 50.0, 100.0 FROM at
UNION ALL
SELECT ms, 'okx', 'PLANTED-A', 'long', 2.0, 5.0, '#2', hour - 35 * 3600, NULL, 1, 'PA', 50.0, 100.0 FROM at
UNION ALL
SELECT ms + 1, 'okx', 'PLANTED-A', 'short', 2.0, 5.0, '77', hour - 35 * 3600, hour - 34 * 3600, 1, 'PA', 51.0,
    NULL FROM at
UNION ALL
SELECT ms + 1, 'okx', 'PLANTED-A', 'short', 2.0, 5.0, '77', hour - 33 * 3600, NULL, 1, 'PA', 52.0, NULL FROM at
UNION ALL
SELECT ms + 2, 'okx', 'PLANTED-B', 'short', 50.0, 3.0, '', hour - 35 * 3600, NULL, 1, 'PB', 7.0, 8.0 FROM at
UNION ALL
SELECT ms + 3, 'okx', 'PLANTED-C', 'short', 50.0, 3.0, '', hour - 35 * 3600, NULL, 1, 'PC', 7.0, 8.0 FROM at
UNION ALL
SELECT ms + 4, 'okx', 'PLANTED-A', 'short', 50.0, 3.0, '', hour - 35 * 3600, NULL, 0, 'PA', 3.0, 150.0 FROM at;
INSERT INTO liquidation_total
SELECT ms, ms + 3600000, 'bybit', 'PLANTED', hour - 30 * 3600, 'PA', 10.5, 0.0, NULL, NULL FROM at
UNION ALL
SELECT ms, ms + 3600000, 'bybit', 'PLANTED', hour - 29 * 3600, 'PA', 11.5, 0.0, 3, 4 FROM at;

-- Settlements without an interval, some of them missing.
UPDATE funding_settlement SET funding_interval_hours = NULL WHERE exchange_id IN ('okx', 'dydx');
DELETE FROM funding_settlement WHERE exchange_id = 'okx' AND asset = 'ETH' AND settled_at_ms % 86400000 <> 0;

-- Hours that are partial, rejected, missing, insufficient; a fee; a class that is no coin; figures that are unknown.
UPDATE exchange_summary
SET status = 'partial', reason = 'openInterest: HTTP 429', open_interest = NULL, open_interest_whole = 0
WHERE exchange_id = 'binance' AND hour = (SELECT hour - 5 * 3600 FROM at);
UPDATE exchange_summary SET open_interest = NULL
WHERE exchange_id = 'dydx' AND hour > (SELECT hour - 9 * 3600 FROM at);
UPDATE exchange_hour SET tickers = 0, rejections = 4
WHERE exchange_id = 'gate' AND hour = (SELECT hour - 7 * 3600 FROM at);
INSERT INTO exchange_hour (hour, exchange_id, expected, outcome, cause, reason)
SELECT hour - 9999 * 3600, 'okx', 1, 'failed', 'machine_off', 'no run in this hour' FROM at;
UPDATE market_summary SET status = 'insufficient', composite_score = NULL, sentiment = NULL, strength = NULL
WHERE hour = (SELECT hour - 3 * 3600 FROM at);
UPDATE exchange SET taker_fee = 0.00035 WHERE exchange_id = 'hyperliquid';
INSERT INTO exchange_class_summary
SELECT hour, exchange_id, 'commodity', 1, 3, volume / 7, open_interest / 11 FROM exchange_summary WHERE status <> 'failed'
ON CONFLICT DO NOTHING;
UPDATE listing SET asset_class = 'stock', asset = 'stock:' || asset
WHERE asset IN (
    SELECT asset FROM listing WHERE asset NOT IN ('BTC', 'ETH', 'SOL') AND asset NOT LIKE '%:%'
    GROUP BY asset ORDER BY count(*) DESC, asset LIMIT 4
);
UPDATE ticker SET funding_rate = 0.0009 WHERE listing_id % 7 = 0;
UPDATE ticker SET open_interest_usd = NULL WHERE hour = (SELECT hour FROM at) AND listing_id % 5 = 0;
UPDATE ticker SET volume_usd_24h = NULL WHERE hour = (SELECT hour - 3600 FROM at) AND listing_id % 5 = 0;
UPDATE long_short SET period = upper(period) WHERE exchange_id = 'bybit';

-- Streams: heard in part, with gaps, events twice, without dollars.
INSERT INTO stream_hour
SELECT hour - 35 * 3600, 'okx', 'a', 'b', 1, 'sampled', 'bankruptcy', 3540000, 12, 1, 2, 2, 0, NULL, NULL FROM at
UNION ALL
SELECT hour - 34 * 3600, 'okx', 'c', 'd', 1, 'complete', 'fill', 3600000, 7, 0, 2, 2, 0, NULL, NULL FROM at;
INSERT INTO stream_gap
SELECT hour - 35 * 3600, 'okx', (hour - 35 * 3600) * 1000 + 5, (hour - 35 * 3600) * 1000 + 20005, 'closed' FROM at
UNION ALL
SELECT hour - 35 * 3600, 'okx', (hour - 35 * 3600) * 1000 + 50000, (hour - 35 * 3600) * 1000 + 90000, 'silent' FROM at;
INSERT INTO stream_liquidation
SELECT ms + 5, 'okx', 'PLANTED-A', 'long', 2.5, 5.0, '9', hour - 34 * 3600, 1, 'PA', 50.0, 125.0 FROM at
UNION ALL
SELECT ms + 5, 'okx', 'PLANTED-A', 'long', 2.5, 5.0, '9', hour - 33 * 3600, 1, 'PA', 50.0, 125.0 FROM at
UNION ALL
SELECT ms + 6, 'okx', 'PLANTED-B', 'short', 2.5, 5.0, '#2', hour - 34 * 3600, 1, 'PB', 50.0, NULL FROM at;

-- The past, told twice: values that differ, that came later or went. Instants that are no full hours.
INSERT INTO history_file
SELECT 900001, 'okx', 'candles', '2025-01-01T000000Z', 'history', hour, 'a', 'b', 1, 1, 1, 1, 9, 0, ms, ms + 1, ms + 1, 0
FROM at
UNION ALL
SELECT 900002, 'okx', 'candles', '2025-01-02T000000Z', 'history', hour, 'c', 'd', 1, 1, 1, 1, 9, 0, ms, ms + 9, ms + 9, 0
FROM at;
INSERT INTO history_contract VALUES (900001, 'okx', 'PLANTED-H', 'PH');
INSERT INTO candle
SELECT 900001, 'last', ms, 0, 1.5, 2.5, 0.5, 1.25, NULL, 10.0, 900001 FROM at
UNION ALL
SELECT 900001, 'last', ms, 1, 1.5, 2.75, 0.5, 1.25, 8.0, NULL, 900002 FROM at;
INSERT INTO open_interest
SELECT 900001, ms + 3599999, 0, 7.0, 0.7, NULL, 900001 FROM at
UNION ALL
SELECT 900001, ms + 3599999, 1, 7.0, 0.7, 70.0, 900002 FROM at
UNION ALL
SELECT 900001, ms + 1999, 0, NULL, 0.9, 90.0, 900001 FROM at;
INSERT INTO history_settlement
SELECT 900001, ms + 17, 0, -0.0001, NULL, 900001 FROM at
UNION ALL
SELECT 900001, ms + 17, 1, -0.0002, 8.0, 900002 FROM at;
INSERT INTO history_long_short
SELECT 900001, 'accounts', '1H', ms, 0, 1.5, 0.6, 0.4, 900001 FROM at
UNION ALL
SELECT 900001, 'accounts', '1H', ms, 1, NULL, 0.6, 0.4, 900002 FROM at;
INSERT INTO reconstructed_hour
SELECT hour - 9998 * 3600, 'okx', 'history', 3, 2, NULL, 1, 5e6, 0.01, 'oi', 5e6, NULL, ms FROM at
UNION ALL
SELECT hour - 9998 * 3600, 'gate', 'archive', 3, 2, 1e6, 0, NULL, NULL, NULL, NULL, 0.5, ms + 1 FROM at;

-- Forecasts of which one interval is not known, a change of volatility, a score in the range, weights that were accepted.
UPDATE funding_forecast SET low = NULL, high = NULL WHERE exchange_id = 'okx';
INSERT INTO volatility_event
SELECT hour - 3600, 'MARKET', 'VOL_UP', NULL, NULL, hour - 9 * 3600, 0.5, NULL, 'v' FROM at
UNION ALL
SELECT hour - 3600, 'BTC', 'REGIME', 'CALM', 'STRESSED', NULL, 0.5, 0.9, 'v' FROM at;
UPDATE market_summary SET composite_score = 0.1, oi_vol_ratio = 0.4
WHERE status = 'ok' AND hour >= (SELECT hour - 30 * 3600 FROM at);
INSERT INTO weight_proposal
SELECT 'v2.w0000000a', ms, 'accepted', NULL, hour - 3600, hour, 3, 0.5, 0.2, 0.1, 0.1, 0.1, 0.4, 0.2, 0.2, 0.1, 0.1, 1.0, 1.0,
    1.0, 1.0, 1.0, 0.01, 2.0, 1.0, 2.0, 0.2, 'f', 'c', 'v'
FROM at;
