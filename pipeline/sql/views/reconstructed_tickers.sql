-- Contracts in hours that nobody recorded, put together from what their exchange told later: the prices at the hour's
-- beginning, the volume of the day before it (NULL unless all 24 hours of it were told), the newest open interest of the
-- hour before, and the rate that was settled last; no bid, no ask and no predicted rate, which nobody told. Units as in
-- `tickers`. `as_known_ms` is when the candle was learnt. Ask for a span of `hour`, an asset or an exchange.
CREATE VIEW reconstructed_tickers AS
SELECT
    r.hour, r.hour_utc, r.exchange_id, r.exchange, c.symbol, c.asset, f.feed, v.close AS last_price,
    m.close AS mark_price, i.close AS index_price,
    (
        SELECT CASE WHEN count(d.volume_base) = 24 THEN sum(d.volume_base) END FROM candle AS d
        WHERE d.contract_id = c.contract_id AND d.price_kind = 'last' AND d.version = 0
            AND d.from_ms > v.from_ms - 86400000 AND d.from_ms <= v.from_ms
    ) AS volume_base_24h,
    (
        SELECT CASE WHEN count(d.volume_usd) = 24 THEN sum(d.volume_usd) END FROM candle AS d
        WHERE d.contract_id = c.contract_id AND d.price_kind = 'last' AND d.version = 0
            AND d.from_ms > v.from_ms - 86400000 AND d.from_ms <= v.from_ms
    ) AS volume_usd_24h,
    o.contracts AS open_interest_contracts, o.base AS open_interest_base,
    coalesce(o.usd, CASE WHEN v.volume_usd IS NOT NULL THEN o.base * coalesce(m.close, v.close) END) AS open_interest_usd,
    s.funding_rate, s.settled_at_ms, f.learnt_ms AS as_known_ms
FROM reconstructed_hours AS r
CROSS JOIN history_contract AS c
JOIN candle AS v
    ON v.contract_id = c.contract_id AND v.price_kind = 'last' AND v.from_ms = (r.hour - 3600) * 1000 AND v.version = 0
JOIN history_file AS f ON f.file_id = v.file_id
LEFT JOIN candle AS m
    ON m.contract_id = c.contract_id AND m.price_kind = 'mark' AND m.from_ms = v.from_ms AND m.version = 0
LEFT JOIN candle AS i
    ON i.contract_id = c.contract_id AND i.price_kind = 'index' AND i.from_ms = v.from_ms AND i.version = 0
LEFT JOIN open_interest AS o
    ON o.contract_id = c.contract_id AND o.version = 0
    AND o.observed_at_ms = (
        SELECT max(n.observed_at_ms) FROM open_interest AS n
        WHERE n.contract_id = c.contract_id AND n.observed_at_ms > (r.hour - 3600) * 1000
            AND n.observed_at_ms <= r.hour * 1000
    )
LEFT JOIN history_settlement AS s
    ON s.contract_id = c.contract_id AND s.version = 0
    AND s.settled_at_ms = (
        SELECT max(n.settled_at_ms) FROM history_settlement AS n
        WHERE n.contract_id = c.contract_id AND n.settled_at_ms > (r.hour - 86400) * 1000
            AND n.settled_at_ms <= r.hour * 1000
    )
WHERE c.exchange_id = r.exchange_id;
