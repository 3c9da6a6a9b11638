-- name: delete_tickers
DELETE FROM ticker WHERE hour = ?1
    AND listing_id IN (SELECT listing_id FROM listing WHERE exchange_id = ?2)
