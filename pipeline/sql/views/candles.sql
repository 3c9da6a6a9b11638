-- How prices moved within hours of the past, each hour once, as it was learnt first: prices are in quote units for one
-- coin, `volume_base` in coins, `volume_usd` in dollars (NULL: not stated, or the price is not of trades). `price_kind` is
-- `last`, `mark` or `index`. `feed` is `history` or
-- `archive`: nobody told it in its hour; `as_known_ms` is when it was learnt.
CREATE VIEW candles AS
SELECT
    CAST(v.from_ms / 1000 AS BIGINT) AS hour, strftime('%Y-%m-%d %H:%M:%S', v.from_ms / 1000, 'unixepoch') AS hour_utc,
    c.exchange_id, e.name AS exchange, c.symbol, c.asset, v.price_kind, v.open, v.high, v.low, v.close, v.volume_base, v.volume_usd,
    f.feed, f.learnt_ms AS as_known_ms
FROM history_contract AS c
CROSS JOIN candle AS v
JOIN history_file AS f ON f.file_id = v.file_id
JOIN exchange AS e ON e.exchange_id = c.exchange_id
WHERE v.contract_id = c.contract_id AND v.version = 0;
