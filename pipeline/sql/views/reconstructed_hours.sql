-- Hours of an exchange that nobody recorded, put together from what it told later: sums over perpetuals on coins, of
-- which `volume_markets` have a whole day's volume and `open_interest_markets` open interest; NULL where nothing was told.
-- `funding_8h_percent` is the mean of the rates that were settled, in percent for eight hours (longs paid where it is
-- positive), weighted as `funding_basis` says. `as_known_ms` is when the newest of the candles was learnt: not in its hour.
CREATE VIEW reconstructed_hours AS
SELECT
    r.hour, strftime('%Y-%m-%d %H:%M:%S', r.hour, 'unixepoch') AS hour_utc, r.exchange_id, e.name AS exchange,
    r.feed, r.markets, r.volume_markets, r.volume_usd, r.open_interest_markets, r.open_interest_usd,
    r.funding_8h_percent, r.funding_basis, r.funding_weight_usd, r.price_change_percent, r.as_known_ms
FROM reconstructed_hour AS r
JOIN exchange AS e ON e.exchange_id = r.exchange_id
WHERE NOT EXISTS (
    SELECT 1 FROM exchange_hour AS x WHERE x.hour = r.hour AND x.exchange_id = r.exchange_id AND x.tickers > 0
);
