-- name: loaded_raw
SELECT hour, exchange_id, raw_sha256, transform_version, staged_sha256, 'live' FROM exchange_hour
WHERE staged_sha256 IS NOT NULL AND hour BETWEEN ?1 AND ?2
UNION ALL
SELECT hour, exchange_id, raw_sha256, transform_version, staged_sha256, 'stream' FROM stream_hour
WHERE hour BETWEEN ?1 AND ?2

-- name: copy_taker_fees
UPDATE main.exchange
SET taker_fee = (SELECT l.taker_fee FROM live.exchange AS l WHERE l.exchange_id = exchange.exchange_id)

-- name: lost_rows
SELECT x.hour, x.wanted, coalesce(t.rows, 0)
FROM (SELECT hour, sum({count}) AS wanted FROM exchange_hour
      WHERE staged_sha256 IS NOT NULL GROUP BY hour) AS x
LEFT JOIN (SELECT hour, count(*) AS rows FROM {table} GROUP BY hour) AS t ON t.hour = x.hour
WHERE x.wanted <> coalesce(t.rows, 0) LIMIT 5

-- name: take_over
SELECT name, sql FROM other.sqlite_schema AS o
WHERE type = ?1 AND sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_'
    AND NOT EXISTS (SELECT 1 FROM main.sqlite_schema AS m WHERE m.name = o.name)
ORDER BY rowid
