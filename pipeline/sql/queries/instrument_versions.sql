-- name: previous_list
SELECT max(hour) FROM exchange_hour WHERE exchange_id = ? AND hour < ? AND instruments > 0

-- name: next_list
SELECT min(hour) FROM exchange_hour WHERE exchange_id = ? AND hour > ? AND instruments > 0

-- name: open
-- By the index, without a look at versions that have ended.
SELECT {columns} FROM instrument INDEXED BY instrument_valid_to WHERE exchange_id = ? AND valid_to IS NULL ORDER BY symbol

-- name: runs_around
SELECT {columns} FROM instrument INDEXED BY instrument_valid_to
WHERE exchange_id = ?1 AND valid_to IS NULL AND valid_from <= ?3
UNION ALL
SELECT {columns} FROM instrument INDEXED BY instrument_valid_to WHERE exchange_id = ?1 AND valid_to > ?2 AND valid_from <= ?3
