-- name: forget_gaps_before
DELETE FROM exchange_hour
WHERE cause = 'machine_off' AND hour < (SELECT coalesce(min(hour), 0) FROM hour)

-- name: keep_from
INSERT INTO setting (name, value) VALUES ('kept_from', ?1)
ON CONFLICT DO UPDATE SET value = max(value, excluded.value)

-- name: forget_coins
DELETE FROM known_class WHERE (exchange_id, symbol) IN (
    SELECT exchange_id, symbol {lastStated} AND asset_class = 'crypto')

-- name: keep_classes
INSERT OR REPLACE INTO known_class (exchange_id, symbol, hour, asset, asset_class, unit_multiplier)
SELECT exchange_id, symbol, valid_from, asset, asset_class, unit_multiplier
{lastStated} AND asset_class <> 'crypto'
