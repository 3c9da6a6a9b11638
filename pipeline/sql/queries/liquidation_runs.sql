-- name: runs_between
SELECT {columns} FROM liquidation
WHERE occurred_at_ms BETWEEN ? AND ? AND exchange_id = ? AND hour <= ? AND (until IS NULL OR until > ?)
ORDER BY hour

-- name: stated
SELECT 1 FROM liquidation
WHERE occurred_at_ms = ? AND exchange_id = ? AND symbol = ? AND side = ? AND price = ?
    AND quantity = ? AND id = ? AND value_usd IS ?
LIMIT 1

-- name: insert
INSERT INTO liquidation (occurred_at_ms, exchange_id, symbol, side, price, quantity, id, hour,
    until, in_contracts, asset, quantity_base, value_usd)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
