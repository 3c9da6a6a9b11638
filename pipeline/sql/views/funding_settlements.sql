-- Each settled funding rate once, as the earliest hour whose file states it has it.
CREATE VIEW funding_settlements AS
SELECT
    min(f.hour) AS hour, f.exchange_id, f.symbol, f.asset, f.settled_at_ms, f.funding_rate,
    f.funding_interval_hours, f.funding_rate * 8760 / f.funding_interval_hours AS funding_rate_annualized
FROM funding_settlement AS f
JOIN hour AS h ON h.hour = f.hour AND h.sealed = 1
GROUP BY f.settled_at_ms, f.exchange_id, f.symbol;
