-- name: best_funding_spreads
-- Which pairs of exchanges pay most for collecting funding, after fees when they are held for a week?
SELECT asset, short_exchange, short_symbol, long_exchange, long_symbol, round(gross_apr, 2) AS gross_apr,
    round(net_apr, 2) AS net_apr, round(capacity_usd) AS capacity_usd
FROM latest_funding_spreads
WHERE capacity_usd > 100000
ORDER BY net_apr DESC, asset, short_symbol, long_symbol
LIMIT 10

-- name: largest_funding_rates
-- Which contracts with some trade have the largest funding rates, in percent per year?
SELECT exchange, symbol, asset, round(funding_apr, 2) AS funding_apr, funding_interval_hours, volume_usd_24h
FROM latest_tickers
WHERE volume_usd_24h > 5e6 AND funding_apr IS NOT NULL
ORDER BY abs(funding_apr) DESC, exchange, symbol
LIMIT 10

-- name: widest_price_spreads
-- Which coins have prices that are far apart, and where are they cheapest and dearest?
SELECT asset, venues, round(spread_percent, 4) AS spread_percent, lowest_exchange, lowest, highest_exchange, highest
FROM latest_price_spreads
ORDER BY latest_price_spreads.spread_percent DESC, asset
LIMIT 10

-- name: basis
-- Are perpetuals above or below spot, in percent?
SELECT exchange, asset, perpetual_symbol, spot_symbol, round(basis_percent, 4) AS basis_percent
FROM latest_bases
ORDER BY asset, exchange, perpetual_symbol

-- name: market_by_hour
-- How did the market's score, open interest and funding go in the last day, and how many exchanges are behind them?
SELECT hour_utc, sentiment, round(composite_score, 3) AS score, round(total_oi) AS open_interest_usd,
    round(funding_percent, 5) AS funding_8h_percent, exchanges_count, exchanges_expected, round(quality, 3) AS quality
FROM market_hours
ORDER BY hour DESC
LIMIT 24

-- name: market_shares
-- Which share of volume and open interest has each exchange?
SELECT exchange, exchange_type, round(volume_percent, 2) AS volume_percent,
    round(open_interest_percent, 2) AS open_interest_percent
FROM market_shares
WHERE hour = (SELECT max(hour) FROM hour WHERE sealed = 1)
ORDER BY exchange

-- name: open_interest_changes
-- Where did open interest go in the last hour and day, in percent?
SELECT exchange, round(open_interest_usd) AS open_interest_usd, round(change_1h_percent, 3) AS change_1h_percent,
    round(change_24h_percent, 3) AS change_24h_percent
FROM open_interest_changes
WHERE hour = (SELECT max(hour) FROM hour WHERE sealed = 1)
ORDER BY exchange

-- name: liquidations_by_coin
-- Who was liquidated in the last day, by coin and side, as far as REST told?
SELECT asset, side, count(*) AS events, round(sum(value_usd)) AS value_usd
FROM liquidations
WHERE occurred_at_ms >= (SELECT max(hour) FROM hour WHERE sealed = 1) * 1000 - 86400000
    AND occurred_at_ms < (SELECT max(hour) FROM hour WHERE sealed = 1) * 1000
GROUP BY asset, side
ORDER BY asset, side

-- name: funding_paid
-- What was paid on bitcoin in the last week, as recorded, in percent per year?
SELECT exchange, symbol, count(funding_apr) AS settlements, round(avg(funding_apr), 3) AS funding_apr
FROM funding_settlements
WHERE asset = 'BTC' AND settled_at_ms > (SELECT max(hour) FROM hour WHERE sealed = 1) * 1000 - 604800000
GROUP BY exchange, symbol
ORDER BY exchange, symbol

-- name: exchanges_now
-- Which exchanges are in the latest hour, which are not and why, and how much of the usual volume is there?
SELECT exchange, status, cause, reason, markets, round(volume_usd) AS volume_usd,
    round(volume_usd / usual_volume_usd, 3) AS of_usual
FROM exchange_hours
WHERE hour = (SELECT max(hour) FROM hour WHERE sealed = 1)
ORDER BY exchange
