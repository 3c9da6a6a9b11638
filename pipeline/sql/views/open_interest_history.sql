-- The open interest of contracts at instants of the past, one side counted, each once, as it was learnt first:
-- `open_interest_contracts`, `open_interest_base` in coins, `open_interest_usd` in dollars as stated; NULL: neither stated
-- nor known from the size of a contract. `hour` is that which holds the instant, `as_known_ms` when it was learnt.
CREATE VIEW open_interest_history AS
SELECT
    CAST((v.observed_at_ms - v.observed_at_ms % 3600000) / 1000 AS BIGINT) AS hour,
    strftime('%Y-%m-%d %H:%M:%S', (v.observed_at_ms - v.observed_at_ms % 3600000) / 1000, 'unixepoch') AS hour_utc,
    c.exchange_id, e.name AS exchange, c.symbol, c.asset, v.observed_at_ms, v.contracts AS open_interest_contracts,
    v.base AS open_interest_base, v.usd AS open_interest_usd, f.feed, f.learnt_ms AS as_known_ms
FROM history_contract AS c
CROSS JOIN open_interest AS v
JOIN history_file AS f ON f.file_id = v.file_id
JOIN exchange AS e ON e.exchange_id = c.exchange_id
WHERE v.contract_id = c.contract_id AND v.version = 0;
