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
SELECT hour, exchange_id, 'commodity', 3, volume / 7, open_interest / 11 FROM exchange_summary WHERE status <> 'failed'
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
