-- Every contract of every venue, hour by hour. Ask with `hour` or a span of hours; for one symbol or
-- coin over a long time the planner goes from the listing to its hours by itself. The plus sign keeps it from
-- taking `sealed` for a way to find hours, which all are: a span would be looked up contract by contract.
CREATE VIEW tickers AS
SELECT
    t.hour, l.exchange_id, e.name AS exchange, l.symbol, l.asset, l.quote, l.kind, l.contract, t.last_price,
    t.mark_price, t.index_price, t.bid_price, t.ask_price, t.volume_base_24h, t.volume_usd_24h,
    t.open_interest_contracts, t.open_interest_base, t.open_interest_usd, t.funding_rate,
    t.funding_interval_hours, t.funding_rate_8h, t.next_funding_at_ms, t.price_change_24h, t.trades_24h,
    t.observed_at_ms
FROM hour AS h
JOIN ticker AS t ON t.hour = h.hour
JOIN listing AS l ON l.listing_id = t.listing_id
JOIN exchange AS e ON e.exchange_id = l.exchange_id
WHERE +h.sealed = 1;
