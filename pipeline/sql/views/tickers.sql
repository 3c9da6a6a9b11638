-- Every contract of every exchange, hour by hour, of sealed hours. Ask with `hour` or a span of hours; for one
-- symbol or asset over a long time the planner goes from the listing to its hours by itself. The plus sign keeps it
-- from using `sealed` to find hours, since nearly all hours are sealed: a span would be looked up contract by contract.
-- `hour` is that of the table `hour`, whose key gives `max(hour)` and the newest rows at once: that of `ticker` would be
-- looked for in all rows.
-- Prices are in `quote` for one coin (ETHBTC is priced in BTC, and its asset is ETH); a price times
-- `unit_multiplier` is the exchange's own price. `funding_rate` is a fraction per interval, `funding_rate_8h` for
-- eight hours, `funding_apr` percent per year. `core` is 0 where somebody else runs the market on the exchange: such
-- markets are in no total and stand for no asset.
CREATE VIEW tickers AS
SELECT
    h.hour, h.hour_utc, l.exchange_id, e.name AS exchange, l.symbol, l.asset, l.asset_class, l.quote, l.kind,
    l.contract, l.unit_multiplier, t.last_price, t.mark_price, t.index_price, t.bid_price, t.ask_price,
    t.volume_base_24h, t.volume_usd_24h, t.open_interest_contracts, t.open_interest_base, t.open_interest_usd,
    t.funding_rate, t.funding_interval_hours, t.funding_rate * 8.0 / t.funding_interval_hours AS funding_rate_8h,
    100.0 * (t.funding_rate * 8760.0 / t.funding_interval_hours) AS funding_apr, t.next_funding_at_ms,
    t.price_change_24h, t.trades_24h, t.observed_at_ms,
    NOT EXISTS (
        SELECT 1 FROM instrument AS i WHERE i.exchange_id = l.exchange_id AND i.symbol = l.symbol AND i.core = 0
    ) AS core
FROM hour AS h
JOIN ticker AS t ON t.hour = h.hour
JOIN listing AS l ON l.listing_id = t.listing_id
JOIN exchange AS e ON e.exchange_id = l.exchange_id
WHERE +h.sealed = 1;
