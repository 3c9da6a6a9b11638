-- name: total_stated_before
SELECT 1 FROM liquidation_total
WHERE from_ms = ? AND to_ms = ? AND exchange_id = ? AND symbol = ? AND hour < ?
LIMIT 1

-- name: totals_of_hour
SELECT from_ms, to_ms, symbol, long_usd, short_usd, long_count, short_count FROM liquidation_total
WHERE hour = ? AND exchange_id = ?
