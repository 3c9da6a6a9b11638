-- name: tickers
SELECT t.listing_id FROM ticker AS t JOIN listing AS l ON l.listing_id = t.listing_id
WHERE t.hour = ? AND l.exchange_id = ? AND l.class_stated = 0

-- name: rename
UPDATE {table} SET asset = {asset}
WHERE hour = ?1 AND exchange_id = ?2
