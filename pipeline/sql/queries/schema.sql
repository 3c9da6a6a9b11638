-- name: write_exchanges
INSERT INTO exchange (exchange_id, name, type, position) VALUES (?, ?, ?, ?)
ON CONFLICT (exchange_id) DO UPDATE
SET name = excluded.name, type = excluded.type, position = excluded.position
WHERE (name, type, position) <> (excluded.name, excluded.type, excluded.position)
