-- Each exchange hour by hour, over its trading perpetuals of coins, every sealed hour: one that failed is in it with
-- its status and reason, and so are insufficient hours. `_usd` is dollars, `funding_8h_percent` percent for eight
-- hours, `price_change_percent` against a day ago; usual figures are medians of the last 168 stored hours, times of
-- absence are hours. `volume_whole` and `open_interest_whole` are 0 where the figure is missing or covers fewer
-- contracts than before; the columns `…_markets` count the contracts. Newest first.
CREATE VIEW exchange_hours AS
SELECT
    s.hour, h.hour_utc, s.exchange_id, e.name AS exchange, e.type AS exchange_type, s.status, s.reason, s.cause,
    s.absent_since, s.volume AS volume_usd, s.usual_volume AS usual_volume_usd, s.open_interest AS open_interest_usd,
    s.usual_open_interest AS usual_open_interest_usd, s.open_interest_whole, s.volume_whole, s.volume_markets,
    s.open_interest_markets, s.oi_vol_ratio,
    s.funding_rate AS funding_8h_percent, s.price_change AS price_change_percent,
    s.long_share_btc AS long_fraction_btc, s.long_share_eth AS long_fraction_eth, s.oi_coverage,
    s.funding_coverage, s.price_coverage, s.markets, s.other_markets, s.num_trades AS trades_24h
FROM exchange_summary AS s
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
JOIN exchange AS e ON e.exchange_id = s.exchange_id
ORDER BY s.hour DESC, e.position;
