-- How volatile the last day was, of the market and of BTC, ETH and SOL: `sigma` is a fraction a year, `rank` the share of the
-- hours of the last 90 days with a smaller one, which needs 336 of them. `regime` is CALM, NORMAL, ELEVATED or STRESSED;
-- NULL is not known. Newest first.
CREATE VIEW volatility AS
SELECT
    v.hour, h.hour_utc, v.scope, v.sigma, v.covered_h AS covered_hours, v.rank, v.n_history AS hours_ranked,
    336 AS hours_needed, v.regime, strftime('%Y-%m-%d %H:%M:%S', v.since, 'unixepoch') AS since_utc, v.flags, v.version
FROM volatility_hour AS v
JOIN hour AS h ON h.hour = v.hour AND h.sealed = 1
ORDER BY v.hour DESC, v.scope;
